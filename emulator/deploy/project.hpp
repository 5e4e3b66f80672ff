// From a directory to a stack: finds the project file and compiles it. Used by the CLI.
#pragma once
#include <filesystem>
#include <map>

#include "emulator/deploy/node.hpp"

namespace emu::deploy {
struct ProjectOptions {
  std::optional<std::string> stage, region;
  std::map<std::string, std::string> params;       // ${param:…}
  std::map<std::string, std::string> environment;  // ${env:…}: the caller's
  std::string account;                             // ${aws:accountId}
  std::string instance_id;                         // ${sls:instanceId}
};

struct Project {
  std::filesystem::path directory;  // absolute
  std::filesystem::path file;
  std::string service, stage, region, stack_name;
  Node stack_template;
  Notes notes;
};

// The project file of a directory, if it has one. Throws Problems for a kind of project that is known and not
// supported yet.
std::optional<std::filesystem::path> find_project(const std::filesystem::path& directory);
// Throws Problems for anything in it that is not understood.
Project load_project(const std::filesystem::path& directory, ProjectOptions options);
}  // namespace emu::deploy
