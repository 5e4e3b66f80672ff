// Resolves the variables of a serverless configuration (spec-iac 2), each once, when something needs it; a
// value may refer to any other, cycles are refused with their line. Needs no network: sources that live in an
// AWS account (cf, ssm, s3) are refused unless a fallback is given. Used by serverless_yml.
#pragma once
#include <filesystem>
#include <map>

#include "emulator/source/node.hpp"

namespace emu::deploy {
struct VariableInputs {
  std::filesystem::path directory;                 // files are relative to it, and stay inside the machine
  std::map<std::string, std::string> options;      // opt:, e.g. stage, region
  std::map<std::string, std::string> params;       // param:, as given on the command line
  std::map<std::string, std::string> environment;  // env:
  std::string account;                             // aws:accountId
  std::string instance_id;                         // sls:instanceId, new for every run
};

// The whole document with every variable replaced.
Node resolve_variables(Node document, VariableInputs inputs);
}  // namespace emu::deploy
