// Tells when the project file was saved, whether the editor writes it or moves a new one into its place. Used
// by `emu up`, which makes one before it reads the file: what is saved while it deploys is not missed. The
// directory may go and come back, as cdk.out does. Code is watched by Lambda itself
// (services/lambda/watch.hpp).
#pragma once
#include <filesystem>
#include <string>

#include "emulator/base/loops.hpp"

namespace emu::cli {
class ProjectWatch {
 public:
  explicit ProjectWatch(const std::filesystem::path& directory);
  ~ProjectWatch();
  ProjectWatch(const ProjectWatch&) = delete;
  // Returns once the file of that name was saved since the last call; never, if it cannot be watched.
  awaitable<void> saved(std::string name);

 private:
  bool watch();  // false: there is no such directory
  std::filesystem::path directory_;
  int events_;
};
}  // namespace emu::cli
