// The esbuild program: which one, and one run of it. Used by Bundler alone.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "emulator/base/error.hpp"

namespace emu::lambda {
// The project's own if it brings one, else ours; empty if there is neither. The native binary of a package is
// preferred to its JavaScript front, which costs a start of Node.
std::filesystem::path find_esbuild(const std::filesystem::path& project, const std::filesystem::path& ours);

struct EsbuildRun {
  bool succeeded = false;
  std::string messages;  // what it printed
};
// Runs to the end in that directory; blocks.
EsbuildRun run_esbuild(const std::filesystem::path& program, const std::filesystem::path& directory,
                       const std::vector<std::string>& arguments);

// Its printed errors as "file:line:column: text", one per line.
std::string readable_errors(const std::string& messages);
// Packages of the AWS SDK among those it could not resolve.
std::vector<std::string> unresolved_sdk_packages(const std::string& messages);
}  // namespace emu::lambda
