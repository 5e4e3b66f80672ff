#include "emulator/base/temporary_directory.hpp"

#include <cstdlib>

namespace emu {
namespace fs = std::filesystem;

TemporaryDirectory::TemporaryDirectory() {
  auto name = (fs::temp_directory_path() / "emu-XXXXXX").string();
  if (!::mkdtemp(name.data()))
    throw fs::filesystem_error("cannot make a temporary directory", name,
                               std::error_code(errno, std::system_category()));
  path_ = name;
}

void TemporaryDirectory::remove() noexcept {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}
}  // namespace emu
