// From a directory to stacks: finds the project file and compiles it (serverless.yml), or reads what another
// tool compiled (a CDK assembly). Used by the CLI.
#pragma once
#include <filesystem>
#include <map>

#include "emulator/deploy/templates/template.hpp"

namespace emu::deploy {
struct ProjectOptions {
  std::optional<std::string> stage, region;
  std::map<std::string, std::string> params;       // ${param:…}
  std::map<std::string, std::string> environment;  // ${env:…}: the caller's
  std::string account;                             // ${aws:accountId}
  std::string instance_id;                         // ${sls:instanceId}
};

struct ProjectStack {
  std::string name, region;
  Parameters parameters;
  Node stack_template;
};

struct Project {
  std::filesystem::path directory;  // absolute
  std::filesystem::path file;
  std::string service, stage;  // of a serverless.yml
  std::string region;
  std::vector<ProjectStack> stacks;  // each after those it depends on; at least one
  Notes notes;
  std::string stack_names() const;  // "shop", "data, shop"
};

// The project file of a directory, if it has one: what changes when the project does. Throws Problems for a
// kind of project that is known and not supported yet.
std::optional<std::filesystem::path> find_project(const std::filesystem::path& directory);
// Throws Problems for anything in it that is not understood.
Project load_project(const std::filesystem::path& directory, ProjectOptions options);
}  // namespace emu::deploy
