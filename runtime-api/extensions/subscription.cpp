#include "runtime-api/extensions/subscription.hpp"

#include <fmt/format.h>

#include "emulator/base/bounded_json.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/text.hpp"

namespace emu::runtime {
namespace {
constexpr std::uint16_t kRuntimeApiPort = 9001;  // on AWS; a destination may not claim it

// What is wrong, as AWS joins it: "URI port is not provided; types should not be empty".
class Problems {
 public:
  void add(std::string text) { text_ += (text_.empty() ? "" : "; ") + std::move(text); }
  bool any() const { return !text_.empty(); }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

void read_types(const Json& body, Subscription& out, Problems& problems) {
  const auto types = body.find("types");
  if (types == body.end() || !types->is_array() || types->empty())
    return problems.add("types should not be empty");
  for (const auto& type : *types) {
    if (type == "platform")
      out.platform = true;
    else if (type == "function")
      out.function = true;
    else if (type == "extension")
      out.extensions = true;
    else
      problems.add(fmt::format("type {} is not supported", type.dump()));
  }
}

std::int64_t bounded(const Json& buffering, const char* name, std::int64_t standard, std::int64_t least,
                     std::int64_t most, Problems& problems) {
  const auto at = buffering.find(name);
  if (at == buffering.end() || at->is_null()) return standard;
  if (!at->is_number_integer() || at->get<std::int64_t>() < least || at->get<std::int64_t>() > most) {
    problems.add(fmt::format("{} should be between {} and {}", name, least, most));
    return standard;
  }
  return at->get<std::int64_t>();
}

void read_buffering(const Json& body, Subscription& out, Problems& problems) {
  const auto at = body.find("buffering");
  if (at == body.end() || at->is_null()) return;
  if (!at->is_object()) return problems.add("buffering should be an object");
  out.max_items = static_cast<std::size_t>(bounded(*at, "maxItems", 10'000, 1'000, 10'000, problems));
  out.max_bytes = static_cast<std::size_t>(bounded(*at, "maxBytes", 262'144, 262'144, 1'048'576, problems));
  out.timeout = std::chrono::milliseconds(bounded(*at, "timeoutMs", 1'000, 25, 30'000, problems));
}

void check_port(std::int64_t port, Destination& out, Problems& problems) {
  if (port < 1 || port > 65535) return problems.add("port should be between 1 and 65535");
  if (port == kRuntimeApiPort) return problems.add("port 9001 is reserved");
  out.port = static_cast<std::uint16_t>(port);
}

// "http://sandbox.localdomain:4243/path"
void read_uri(std::string_view uri, Destination& out, Problems& problems) {
  constexpr std::string_view kScheme = "http://";
  if (!uri.starts_with(kScheme)) return problems.add("URI scheme should be http");
  uri.remove_prefix(kScheme.size());
  const auto slash = std::min(uri.find('/'), uri.size());
  const auto authority = uri.substr(0, slash);
  if (slash < uri.size()) out.path = uri.substr(slash);
  const auto colon = authority.rfind(':');
  out.host = authority.substr(0, colon);
  if (out.host.empty()) problems.add("URI host is not provided");
  if (colon == authority.npos) return problems.add("URI port is not provided");
  check_port(number_in<std::int64_t>(authority.substr(colon + 1)).value_or(0), out, problems);
}

void read_destination(const Json& body, Destination& out, Problems& problems) {
  const auto at = body.find("destination");
  if (at == body.end() || !at->is_object()) return problems.add("destination is not provided");
  const auto protocol = at->value("protocol", Json());
  if (protocol == "TCP") {
    out.protocol = Destination::Protocol::tcp;
    out.host = "sandbox.localdomain";
    const auto port = at->find("port");
    if (port == at->end() || !port->is_number_integer()) return problems.add("port is not provided");
    return check_port(port->get<std::int64_t>(), out, problems);
  }
  if (protocol != "HTTP") return problems.add("destination protocol should be HTTP or TCP");
  const auto uri = at->find("URI");
  if (uri == at->end() || !uri->is_string()) return problems.add("URI is not provided");
  read_uri(uri->get_ref<const std::string&>(), out, problems);
}

bool known_schema(TelemetryApi api, std::string_view schema, bool several) {
  if (several) return api == TelemetryApi::telemetry && schema == "2025-01-29";
  if (api == TelemetryApi::logs) return schema.empty() || schema == "2020-08-15" || schema == "2021-03-18";
  return schema == "2022-07-01" || schema == "2022-12-13" || schema == "2025-01-29";
}
}  // namespace

std::variant<Subscription, Mailbox::Refusal> read_subscription(TelemetryApi api, std::string_view extension,
                                                               std::string_view text, bool several) {
  Subscription out{.extension = std::string(extension), .api = api};
  Problems problems;
  const auto body = bounded_parse(text);
  if (!body.is_object()) {
    problems.add("the body is no JSON object");
  } else {
    const auto schema = body.find("schemaVersion");
    if (schema != body.end() && schema->is_string()) out.schema = schema->get<std::string>();
    if (!known_schema(api, out.schema, several)) problems.add("schemaVersion is not supported");
    read_types(body, out, problems);
    read_buffering(body, out, problems);
    read_destination(body, out.destination, problems);
  }
  if (problems.any())
    return Mailbox::Refusal{400, api == TelemetryApi::logs ? "Logs.ValidationError" : "ValidationError",
                            problems.text()};
  return out;
}
}  // namespace emu::runtime
