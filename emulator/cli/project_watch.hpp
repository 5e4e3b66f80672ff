// Tells when the project file was saved, whether the editor writes it or moves a new one into its place. Used
// by `emu up`; code is watched by Lambda itself (services/lambda/watch.hpp).
#pragma once
#include <boost/asio/posix/stream_descriptor.hpp>
#include <filesystem>
#include <string>

#include "emulator/base/loops.hpp"

namespace emu::cli {
class ProjectWatch {
 public:
  ProjectWatch(const asio::any_io_executor& loop, const std::filesystem::path& file);
  awaitable<void> saved();  // returns once it was saved since the last call; never, if it cannot be watched

 private:
  asio::posix::stream_descriptor events_;
  std::string name_;
};
}  // namespace emu::cli
