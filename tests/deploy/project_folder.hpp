// Files for a test: a folder of its own, gone at the end; and the golden files beside the tests.
#pragma once
#include <filesystem>
#include <fstream>
#include <string>

#include "emulator/deploy/source.hpp"

namespace emu::test {
class ProjectFolder {
 public:
  ProjectFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "emu-deploy-XXXXXX").string();
    path = std::filesystem::canonical(::mkdtemp(name.data()));
  }
  ~ProjectFolder() { std::filesystem::remove_all(path); }
  ProjectFolder(const ProjectFolder&) = delete;
  void write(const std::string& name, std::string_view text) const { std::ofstream(path / name) << text; }
  std::filesystem::path path;
};

// tests/deploy/<name>, found from where the test program is built.
inline std::string golden(const std::string& name) {
  for (auto at = std::filesystem::read_symlink("/proc/self/exe"); at.has_relative_path();
       at = at.parent_path())
    if (auto text = deploy::read_file(at.parent_path() / "tests/deploy" / name)) return *text;
  throw std::runtime_error("no golden file " + name);
}

// The lines a Problems prints, or "" if nothing was thrown.
template <class F>
std::string refused(F f) {
  try {
    f();
  } catch (const deploy::Problems& p) {
    return p.what();
  }
  return "";
}
}  // namespace emu::test
