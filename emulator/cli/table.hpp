// What `emu up` and `emu status` print: the overview (emulator/overview.hpp) as a short table for people.
#pragma once
#include <string>

#include "emulator/base/error.hpp"

namespace emu::cli {
std::string table(const Json& overview);
// " --port N" for hints at other commands; nothing if the port is the one they take anyway.
std::string port_option(const Json& overview);
// `export NAME=value` lines for AWS clients, and the pairs themselves for a child's environment.
std::vector<std::pair<std::string, std::string>> client_environment(const Json& overview);
// Names that would lead a client elsewhere than the settings above: they must not be set.
inline constexpr const char* kMisleading[] = {"AWS_PROFILE", "AWS_SESSION_TOKEN"};
}  // namespace emu::cli
