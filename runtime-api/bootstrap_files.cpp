#include "runtime-api/bootstrap_files.hpp"

#include <fstream>

namespace emu::runtime {
void write_bootstraps(const std::filesystem::path& directory) {
  for (const auto& file : bootstrap_files()) {
    const auto path = directory / file.path;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(file.text.data(), static_cast<std::streamsize>(file.text.size()));
    if (!out.flush())
      throw std::filesystem::filesystem_error("cannot write", path,
                                              std::make_error_code(std::errc::io_error));
  }
}
}  // namespace emu::runtime
