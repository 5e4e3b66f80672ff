// Where an execution environment lives on this machine: what is its own from its first process to its last.
#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "runtime-api/process.hpp"

namespace emu::runtime {
struct Place {
  std::string id, runtime_api, log_stream;
  std::filesystem::path directory;
  std::string loopback;  // an address of its own, which sandbox.localdomain is where /etc/hosts can be
  std::string credentials_token;
  std::shared_ptr<Namespaces> spaces;  // of its first process
};
}  // namespace emu::runtime
