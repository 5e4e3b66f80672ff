#include "emulator/services/gateway/events/event_parts.hpp"

#include <fmt/compile.h>

#include <algorithm>
#include <array>

#include "emulator/base/digest.hpp"
#include "emulator/base/text.hpp"

namespace emu::gateway {
// Also those that each_header writes itself.
bool between_hops(std::string_view name) {
  static constexpr std::array<std::string_view, 14> kDropped{
      "connection",       "keep-alive",        "te",
      "trailer",          "transfer-encoding", "upgrade",
      "expect",           "content-length",    "x-amzn-trace-id",
      "x-forwarded-for",  "x-forwarded-port",  "x-forwarded-proto",
      "proxy-connection", "proxy-authenticate"};
  return std::ranges::any_of(kDropped, [&](std::string_view dropped) { return same_text(name, dropped); });
}

bool removed_by_rest(std::string_view name) {
  static constexpr std::array<std::string_view, 4> kRemoved{"content-md5", "max-forwards", "server",
                                                            "www-authenticate"};
  return std::ranges::any_of(kRemoved, [&](std::string_view removed) { return same_text(name, removed); });
}

void write_many(ObjectText& event, std::string_view single, std::string_view multi, const Many& many) {
  if (many.empty()) {
    event.raw(single, "null");
    event.raw(multi, "null");
    return;
  }
  ObjectText last(event.key(single));
  for (const auto& [name, values] : many) last.text(name, values.back());
  last.end();
  ObjectText lists(event.key(multi));
  for (const auto& [name, values] : many) {
    auto& out = lists.key(name) += '[';
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) out += ',';
      wire::write_string(out, values[i]);
    }
    out += ']';
  }
  lists.end();
}

void write_identity(ObjectText& context, const http::Request& request, const Identity& known, bool with_amr) {
  ObjectText identity(context.key("identity"));
  const auto given = [&](std::string_view name, std::string_view value) {
    if (value.empty())
      identity.raw(name, "null");
    else
      identity.text(name, value);
  };
  given("accessKey", known.access_key);
  given("accountId", known.account);
  if (!known.api_key.empty()) identity.text("apiKey", known.api_key);
  if (!known.api_key_id.empty()) identity.text("apiKeyId", known.api_key_id);
  given("caller", known.caller);
  if (with_amr) identity.raw("cognitoAmr", "null");
  for (const auto* name : {"cognitoAuthenticationProvider", "cognitoAuthenticationType", "cognitoIdentityId",
                           "cognitoIdentityPoolId", "principalOrgId"})
    identity.raw(name, "null");
  identity.text("sourceIp", request.client_ip);
  given("user", known.user);
  identity.text("userAgent", request.headers.get("user-agent"));
  given("userArn", known.user_arn);
  identity.end();
}

std::string forwarded_for(const http::Request& request) {
  const auto given = request.headers.find("x-forwarded-for");
  return given ? fmt::format("{}, {}", *given, request.client_ip) : request.client_ip;
}

std::string log_time(Time t) {
  static constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(t - day)};
  return fmt::format(FMT_COMPILE("{:02}/{}/{}:{:02}:{:02}:{:02} +0000"), static_cast<unsigned>(date.day()),
                     kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

bool is_text(std::string_view content_type) {
  auto type = lower(content_type.substr(0, content_type.find(';')));
  while (type.ends_with(' ')) type.pop_back();
  return type.starts_with("text/") || type == "application/json" || type == "application/xml" ||
         type == "application/javascript";
}

void write_map(std::string& out, const StringMap& map) {
  ObjectText object(out);
  for (const auto& [name, value] : map) object.text(name, value);
  object.end();
}

void write_parameters(std::string& out, const RouteTable::PathParameters& parameters) {
  ObjectText object(out);
  for (const auto& [name, value] : parameters) object.text(name, value);
  object.end();
}

void write_body(ObjectText& event, const http::Request& request, bool forms_are_text) {
  const auto type = request.headers.get("content-type");
  const bool form = forms_are_text && lower(type).starts_with("application/x-www-form-urlencoded");
  const bool text = request.body.empty() || is_text(type) || form;
  if (!request.body.empty()) event.text("body", text ? request.body : base64_encode(request.body));
  event.raw("isBase64Encoded", text ? "false" : "true");
}
}  // namespace emu::gateway
