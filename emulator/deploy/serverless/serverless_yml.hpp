// serverless.yml → the CloudFormation template `serverless package` would make of it (spec-iac 1-3, 15.1),
// with the place of every part. Deviations: no deployment bucket and no function versions, since functions
// run from the project directory. Anything not understood is thrown as Problems, all of it at once. Used by
// project.
#pragma once
#include "emulator/deploy/variables/variables.hpp"

namespace emu::deploy {
struct CompiledService {
  std::string service, stage, region, stack_name;
  Node stack_template;
  Notes notes;  // accepted, and without effect
};

// `inputs.options` may hold stage and region; `inputs.directory` is the absolute project directory.
CompiledService compile_serverless(Node document, VariableInputs inputs);
}  // namespace emu::deploy
