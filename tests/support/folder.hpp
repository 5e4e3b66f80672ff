// A directory of its own for one test, and the few things tests do with files.
#pragma once
#include <fstream>
#include <string_view>

#include "emulator/base/file.hpp"
#include "emulator/base/temporary_directory.hpp"

namespace emu::test {
class Folder {
 public:
  // Canonical, as what is under test will name it.
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
  void write(std::string_view name, std::string_view bytes) const {
    const auto file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
  }

 private:
  const TemporaryDirectory directory_;
  const std::filesystem::path path_ = std::filesystem::canonical(directory_.path());
};

// "" if there is no such file.
inline std::string contents(const std::filesystem::path& file) { return read_file(file).value_or(""); }
}  // namespace emu::test
