// What an extension asks of the Telemetry or the Logs API (spec-lambda B.2): read from the body of its PUT,
// with every rule AWS has for it. Pure; api.cpp answers with what is wrong.
#pragma once
#include <string>
#include <variant>

#include "runtime-api/mailbox.hpp"

namespace emu::runtime {
enum class TelemetryApi { telemetry, logs };

struct Destination {
  enum class Protocol { http, tcp } protocol = Protocol::http;
  std::string host;  // as written
  std::uint16_t port = 0;
  std::string path = "/";
};

struct Subscription {
  std::string extension;
  TelemetryApi api = TelemetryApi::telemetry;
  std::string schema;
  bool platform = false, function = false, extensions = false;  // the types
  std::size_t max_items = 10'000, max_bytes = 262'144;
  Duration timeout = std::chrono::seconds(1);
  Destination destination;
};

// several: invocations at a time, which only the newest schema tells apart (spec-lambda A.7).
std::variant<Subscription, Mailbox::Refusal> read_subscription(TelemetryApi api, std::string_view extension,
                                                               std::string_view body, bool several = false);
}  // namespace emu::runtime
