// A cloud assembly, what `cdk synth` writes into cdk.out (spec-iac 11): its stacks, each after those it
// depends on, with their templates. Assets are used where they lie: a directory in place, under the bucket
// "hot-reload"; an archive goes along as its bytes. What guards a deployment to AWS (the version of CDK's
// bootstrap stack) is taken out. Anything not understood is thrown as Problems. Used by project.
#pragma once
#include <filesystem>

#include "emulator/deploy/templates/template.hpp"

namespace emu::deploy {
struct AssembledStack {
  std::string name;
  std::string account, region;  // empty: any, the stack names none
  Place place;                  // in the manifest
  Parameters parameters;
  Node stack_template;
};

struct Assembly {
  std::vector<AssembledStack> stacks;
  Notes notes;
};

// Whether this directory itself is one.
bool is_assembly(const std::filesystem::path& directory);
// `shown`: the directory as the user knows it, with a slash behind it, or nothing.
Assembly read_assembly(const std::filesystem::path& directory, const std::string& shown);
}  // namespace emu::deploy
