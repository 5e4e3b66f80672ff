// What an operation may know about its request; lives as long as the request.
#pragma once
#include <string>

#include "emulator/base/arn.hpp"
#include "emulator/http/message.hpp"

namespace emu {
inline constexpr std::string_view kDefaultRegion = "us-east-1";

// Resources of one account in one region are invisible to every other.
struct Scope {
  std::string account{kDefaultAccount};
  std::string region{kDefaultRegion};
  auto operator<=>(const Scope&) const = default;
};

enum class Protocol { json10, json11, rest_json, query };

struct Context {
  std::string request_id;
  Scope scope;
  std::string host;                      // as the client wrote it, for building URLs
  std::string access_key;                // as signed with; any is accepted
  std::string trace_id;                  // X-Amzn-Trace-Id
  std::shared_ptr<http::Peer> peer;      // for who lets a client wait; null in tests
  Protocol protocol = Protocol::json10;  // of the request: some services word errors by it
  // Set by an operation whose reply's body is written while it comes into being.
  std::shared_ptr<http::BodySource> stream;
};
}  // namespace emu
