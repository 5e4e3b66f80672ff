// What an operation may know about its request; lives as long as the request.
#pragma once
#include <string>

#include "emulator/base/arn.hpp"

namespace emu {
inline constexpr std::string_view kDefaultRegion = "us-east-1";

// Resources of one account in one region are invisible to every other.
struct Scope {
  std::string account{kDefaultAccount};
  std::string region{kDefaultRegion};
  auto operator<=>(const Scope&) const = default;
};

struct Context {
  std::string request_id;
  Scope scope;
  std::string host;        // as the client wrote it, for building URLs
  std::string access_key;  // as signed with; any is accepted
};
}  // namespace emu
