// What `emu up` and `emu status` print: the overview (emulator/overview.hpp) as a short table for people.
#pragma once
#include <string>

#include "emulator/base/error.hpp"

namespace emu::cli {
std::string table(const Json& overview);
// `export NAME=value` lines for AWS clients, and the pairs themselves for a child's environment.
std::vector<std::pair<std::string, std::string>> client_environment(const Json& overview);
}  // namespace emu::cli
