#include "emulator/base/file.hpp"

#include <fstream>
#include <iterator>

namespace emu {
std::optional<std::string> read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::error_code failed;
  if (!in || std::filesystem::is_directory(path, failed)) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>(in), {}};
}
}  // namespace emu
