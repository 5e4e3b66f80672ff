// A directory of one's own below the system's temporary one, gone with the object.
#pragma once
#include <filesystem>

namespace emu {
class TemporaryDirectory {
 public:
  TemporaryDirectory();  // throws std::filesystem::filesystem_error
  ~TemporaryDirectory() { remove(); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }
  void remove() noexcept;  // earlier than the object; repeating it is free

 private:
  std::filesystem::path path_;
};
}  // namespace emu
