// Whole files as text: manifests, project files, archives that fit in memory.
#pragma once
#include <filesystem>
#include <optional>
#include <string>

namespace emu {
std::optional<std::string> read_file(const std::filesystem::path& path);  // none: no readable file
}  // namespace emu
