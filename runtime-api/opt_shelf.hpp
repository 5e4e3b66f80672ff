// The folder that a function sees as /opt: its layers, one over the other (spec-lambda C.1). Made once for
// each list of layers, of hard links where the file system lets it. Used by process_host.cpp on the blocking
// pool.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "emulator/base/guarded.hpp"

namespace emu::runtime {
class OptShelf {
 public:
  explicit OptShelf(std::filesystem::path directory) : directory_(std::move(directory)) {}
  // Empty for none. A single layer is its own folder.
  std::filesystem::path prepare(const std::vector<std::filesystem::path>& layers);

 private:
  const std::filesystem::path directory_;
  Guarded<std::map<std::string, std::filesystem::path>> made_;
};
}  // namespace emu::runtime
