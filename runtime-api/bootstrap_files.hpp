// The runtime clients for Node and Python (runtime-api/bootstrap/), carried inside the binary and written out
// when the daemon starts, so that one file is the whole program.
#pragma once
#include <filesystem>
#include <span>
#include <string_view>

namespace emu::runtime {
struct EmbeddedFile {
  std::string_view path;  // "nodejs/index.cjs"
  std::string_view text;
};
std::span<const EmbeddedFile> bootstrap_files();

// Writes them below `directory`, over what is there. Throws std::filesystem::filesystem_error.
void write_bootstraps(const std::filesystem::path& directory);
}  // namespace emu::runtime
