#include "emulator/services/gateway/responses/answer.hpp"

#include <algorithm>

#include "emulator/base/bounded_json.hpp"
#include "emulator/base/digest.hpp"
#include "emulator/base/error.hpp"
#include "emulator/base/text.hpp"
#include "emulator/services/gateway/responses/rest_error.hpp"

namespace emu::gateway {
namespace {
constexpr std::string_view kFramedByUs[] = {"connection", "content-length", "date", "transfer-encoding"};

std::optional<int> status_of(const Json& value) {
  int status = 0;
  if (value.is_number_integer()) {
    const auto number = value.get<std::int64_t>();
    status = number >= 0 && number < 1000 ? static_cast<int>(number) : 0;
  } else if (value.is_string()) {
    status = number_in<int>(value.get_ref<const std::string&>()).value_or(0);
  }
  // AWS lets 1xx through, but a client takes such a response as interim and waits for ever.
  return status >= 200 && status <= 599 ? std::optional(status) : std::nullopt;
}

// False for what cannot be a header: it would break the response apart.
bool add_header(http::Response& out, std::string_view name, const Json& value) {
  if (value.is_null()) return true;
  if (value.is_structured() || !http::is_header_name(name)) return false;
  auto text = value.is_string() ? value.get<std::string>() : value.dump();
  if (!http::is_header_value(text)) return false;
  if (std::ranges::any_of(kFramedByUs, [&](auto own) { return same_text(own, name); })) return true;
  out.headers.add(std::string(name), std::move(text));
  return true;
}

bool add_each(http::Response& out, std::string_view name, const Json& values) {
  return values.is_array() &&
         std::ranges::all_of(values, [&](const Json& value) { return add_header(out, name, value); });
}

bool add_headers(http::Response& out, const Json& result) {
  const auto headers = result.find("headers");
  if (headers == result.end() || headers->is_null()) return true;
  if (!headers->is_object()) return false;
  for (const auto& [name, value] : headers->items())
    if (!add_header(out, name, value)) return false;
  return true;
}

// Single values first, then multi values of the same name (spec-gateway 8.4).
bool add_multi_headers(http::Response& out, const Json& result) {
  const auto headers = result.find("multiValueHeaders");
  if (headers == result.end() || headers->is_null()) return true;
  if (!headers->is_object()) return false;
  for (const auto& [name, values] : headers->items())
    if (!add_each(out, name, values)) return false;
  return true;
}

bool set_body(http::Response& out, Json& result) {
  const auto body = result.find("body");
  if (body != result.end() && !body->is_null()) {
    if (!body->is_string()) return false;
    out.body = std::move(body->get_ref<std::string&>());
  }
  const auto encoded = result.find("isBase64Encoded");
  if (encoded == result.end() || *encoded != true) return true;
  auto bytes = base64_decode(out.body);
  if (!bytes) return false;
  out.body = std::move(*bytes);
  return true;
}

// None: not the shape of a response.
std::optional<http::Response> structured(Json result, bool version_one, std::string_view default_type) {
  http::Response out;
  const auto status = status_of(result["statusCode"]);
  if (!status) return std::nullopt;
  out.status = *status;
  const auto cookies = result.find("cookies");
  if (!version_one && cookies != result.end() && !cookies->is_null() &&
      !add_each(out, "set-cookie", *cookies))
    return std::nullopt;
  if (!add_headers(out, result) || (version_one && !add_multi_headers(out, result)) || !set_body(out, result))
    return std::nullopt;
  if (out.status == 204 || out.status == 304) {
    out.body.clear();
  } else if (!out.headers.find("content-type")) {
    out.headers.add("content-type", std::string(default_type));
  }
  return out;
}
http::Response or_else(std::optional<http::Response> response, http::Response (*refusal)()) {
  return response ? std::move(*response) : refusal();
}
constexpr std::string_view kPlainText = "text/plain; charset=utf-8", kJson = "application/json";
}  // namespace

// The algorithm observed on AWS, which is not the documented one (spec-gateway 8.2).
http::Response answer_v2(std::string payload) {
  auto result = bounded_parse(payload);
  if (result.is_object() && result.contains("statusCode"))
    return or_else(structured(std::move(result), false, kPlainText), internal_server_error);
  if (result.is_string()) payload = std::move(result.get_ref<std::string&>());
  http::Response out{200, {}, std::move(payload)};
  out.headers.add("content-type", "application/json");
  return out;
}

http::Response answer_v1(std::string payload) {
  auto result = bounded_parse(payload);
  if (!result.is_object()) return internal_server_error();
  return or_else(structured(std::move(result), true, kPlainText), internal_server_error);
}

http::Response bad_gateway() { return http::text_response(502, "Internal Server Error", std::string(kJson)); }

http::Response answer_url(std::string_view payload) {
  auto result = bounded_parse(payload);
  if (result.is_discarded()) return bad_gateway();
  if (result.is_object() && result.contains("statusCode"))
    return or_else(structured(std::move(result), false, kJson), bad_gateway);
  if (result.is_string()) return http::text_response(200, result.get<std::string>(), std::string(kJson));
  // Compact, its members in the order they were written.
  return http::json_response(200, nlohmann::ordered_json::parse(payload).dump());
}

std::optional<http::Response> streamed_head(std::string_view prelude) {
  auto head = bounded_parse(prelude);
  if (!head.is_object()) return std::nullopt;
  if (!head.contains("statusCode")) head["statusCode"] = 200;
  head.erase("body");
  return structured(std::move(head), false, "application/octet-stream");
}

namespace {
constexpr std::string_view kRestMembers[] = {"isBase64Encoded", "statusCode", "headers", "multiValueHeaders",
                                             "body"};

// A REST API takes texts and flags, nothing else (spec-gateway 8.5).
bool add_rest_header(http::Response& out, std::string_view name, const Json& value) {
  return (value.is_string() || value.is_boolean() || value.is_null()) && add_header(out, name, value);
}

// A name in both maps: multi values first, then the single one, spelt as in multiValueHeaders.
bool add_rest_headers(http::Response& out, const Json& result) {
  static const Json kNone = Json::object();
  const auto map_of = [&](const char* member) -> const Json& {
    const auto it = result.find(member);
    return it == result.end() || it->is_null() ? kNone : *it;
  };
  const auto &multi = map_of("multiValueHeaders"), &single = map_of("headers");
  if (!multi.is_object() || !single.is_object()) return false;
  for (const auto& [name, values] : multi.items()) {
    if (!values.is_array()) return false;
    for (const auto& value : values)
      if (!add_rest_header(out, name, value)) return false;
  }
  for (const auto& [name, value] : single.items()) {
    std::string_view spelt = name;
    for (const auto& [other, values] : multi.items())
      if (same_text(other, name)) spelt = other;
    if (!add_rest_header(out, spelt, value)) return false;
  }
  return true;
}
}  // namespace

std::optional<http::Response> answer_rest(std::string_view payload, bool decode) {
  auto result = bounded_parse(payload);
  if (!result.is_object()) return std::nullopt;
  for (const auto& [member, value] : result.items())
    if (std::ranges::find(kRestMembers, member) == std::end(kRestMembers)) return std::nullopt;
  http::Response out;
  if (const auto status = result.find("statusCode"); status != result.end()) {
    const auto number = status_of(*status);
    if (!number) return std::nullopt;
    out.status = *number;
  }
  if (!decode) result.erase("isBase64Encoded");
  if (!add_rest_headers(out, result)) return std::nullopt;
  if (!set_body(out, result)) return rest_error("DEFAULT_5XX", 500);
  if (out.status == 204 || out.status == 304)
    out.body.clear();
  else if (!out.headers.find("content-type"))
    out.headers.add("Content-Type", std::string(kJson));
  return out;
}

http::Response gateway_error(int status, std::string_view message) {
  http::Response out{status, {}, json_text(Json{{"message", message}})};
  out.headers.add("content-type", "application/json");
  return out;
}
}  // namespace emu::gateway
