#include "emulator/services/gateway/responses/answer.hpp"

#include <algorithm>

#include "emulator/base/bounded_json.hpp"
#include "emulator/base/digest.hpp"
#include "emulator/base/error.hpp"
#include "emulator/base/text.hpp"
#include "emulator/services/gateway/responses/rest_error.hpp"
#include "emulator/wire/document.hpp"

namespace emu::gateway {
namespace {
constexpr std::string_view kFramedByUs[] = {"connection", "content-length", "date", "transfer-encoding"};

using wire::View;

// A payload as JSON; none: it is not. Until the thread reads another.
class Payload {
 public:
  explicit Payload(std::string_view text)
      : length_(text.size()),
        value_(nests_deeper(text, kDeepestJson) ? std::nullopt : document().read(text)) {}
  ~Payload() { document().shrink(length_); }
  Payload(const Payload&) = delete;
  const std::optional<View>& value() const { return value_; }
  bool is_object() const { return value_ && value_->is_object(); }

 private:
  static wire::Document& document() {
    thread_local wire::Document document;
    return document;
  }
  const std::size_t length_;
  const std::optional<View> value_;
};

std::optional<int> status_of(View value) {
  std::int64_t status = 0;
  if (value.kind() == wire::Kind::integer)
    status = value.integer();
  else if (value.is_string())
    status = number_in<int>(value.text()).value_or(0);
  // AWS lets 1xx through, but a client takes such a response as interim and waits for ever.
  return status >= 200 && status <= 599 ? std::optional(static_cast<int>(status)) : std::nullopt;
}

// What is there and not null.
std::optional<View> given(View object, std::string_view name) {
  const auto found = object.find(name);
  return found && !found->is_null() ? found : std::nullopt;
}

// False for what cannot be a header: it would break the response apart.
bool add_header(http::Response& out, std::string_view name, View value) {
  if (value.is_null()) return true;
  if (value.is_object() || value.is_array() || !http::is_header_name(name)) return false;
  auto text = value.is_string() ? std::string(value.text()) : wire::to_json(value).dump();
  if (!http::is_header_value(text)) return false;
  if (std::ranges::any_of(kFramedByUs, [&](auto own) { return same_text(own, name); })) return true;
  out.headers.add(std::string(name), std::move(text));
  return true;
}

bool add_each(http::Response& out, std::string_view name, View values) {
  if (!values.is_array()) return false;
  for (View at = values.first(); at != values.end(); at = at.next())
    if (!add_header(out, name, at)) return false;
  return true;
}

// Of the map under this name, if there is one. Single values and multi values are added alike.
template <class Add>
bool add_headers(http::Response& out, View result, std::string_view map, Add add) {
  const auto headers = given(result, map);
  if (!headers) return true;
  if (!headers->is_object()) return false;
  const wire::Members members(*headers);
  for (std::size_t i = 0; i < members.size(); ++i)
    if (!add(out, members[i].name, members[i].value)) return false;
  return true;
}

bool set_body(http::Response& out, View result, bool decode = true) {
  if (const auto body = given(result, "body")) {
    if (!body->is_string()) return false;
    out.body = body->text();
  }
  const auto encoded = result.find("isBase64Encoded");
  if (!decode || !encoded || encoded->kind() != wire::Kind::yes) return true;
  auto bytes = base64_decode(out.body);
  if (!bytes) return false;
  out.body = std::move(*bytes);
  return true;
}

void set_type(http::Response& out, std::string name, std::string_view type) {
  if (out.status == 204 || out.status == 304)
    out.body.clear();
  else if (!out.headers.find("content-type"))
    out.headers.add(std::move(name), std::string(type));
}

// Single values first, then multi values of the same name (spec-gateway 8.4). False: not the shape of a
// response.
bool set_headers(http::Response& out, View result, bool version_one) {
  if (const auto cookies = given(result, "cookies"); !version_one && cookies)
    if (!add_each(out, "set-cookie", *cookies)) return false;
  return add_headers(out, result, "headers", add_header) &&
         (!version_one || add_headers(out, result, "multiValueHeaders", add_each));
}

// None: not the shape of a response.
std::optional<http::Response> structured(View result, bool version_one, std::string_view default_type) {
  http::Response out;
  const auto named = result.find("statusCode");
  const auto status = named ? status_of(*named) : std::nullopt;
  if (!status) return std::nullopt;
  out.status = *status;
  if (!set_headers(out, result, version_one) || !set_body(out, result)) return std::nullopt;
  set_type(out, "content-type", default_type);
  return out;
}

http::Response or_else(std::optional<http::Response> response, http::Response (*refusal)()) {
  return response ? std::move(*response) : refusal();
}
constexpr std::string_view kPlainText = "text/plain; charset=utf-8", kJson = "application/json";
}  // namespace

// The algorithm observed on AWS, which is not the documented one (spec-gateway 8.2).
http::Response answer_v2(std::string payload) {
  const Payload result(payload);
  if (result.is_object() && result.value()->contains("statusCode"))
    return or_else(structured(*result.value(), false, kPlainText), internal_server_error);
  const bool text = result.value() && result.value()->is_string();
  http::Response out{200, {}, text ? std::string(result.value()->text()) : std::move(payload)};
  out.headers.add("content-type", "application/json");
  return out;
}

http::Response answer_v1(std::string payload) {
  const Payload result(payload);
  if (!result.is_object()) return internal_server_error();
  return or_else(structured(*result.value(), true, kPlainText), internal_server_error);
}

http::Response bad_gateway() { return http::text_response(502, "Internal Server Error", std::string(kJson)); }

http::Response answer_url(std::string_view payload) {
  const Payload result(payload);
  if (!result.value()) return bad_gateway();
  if (result.is_object() && result.value()->contains("statusCode"))
    return or_else(structured(*result.value(), false, kJson), bad_gateway);
  if (result.value()->is_string())
    return http::text_response(200, std::string(result.value()->text()), std::string(kJson));
  // Compact, its members in the order they were written.
  return http::json_response(200, nlohmann::ordered_json::parse(payload).dump());
}

std::optional<http::Response> streamed_head(std::string_view prelude) {
  const Payload head(prelude);
  if (!head.is_object()) return std::nullopt;
  http::Response out;
  if (const auto named = head.value()->find("statusCode")) {
    const auto status = status_of(*named);
    if (!status) return std::nullopt;
    out.status = *status;
  }
  if (!set_headers(out, *head.value(), false)) return std::nullopt;
  set_type(out, "content-type", "application/octet-stream");
  return out;
}

namespace {
constexpr std::string_view kRestMembers[] = {"isBase64Encoded", "statusCode", "headers", "multiValueHeaders",
                                             "body"};

// A REST API takes texts and flags, nothing else (spec-gateway 8.5).
bool add_rest_header(http::Response& out, std::string_view name, View value) {
  return (value.is_string() || value.is_boolean() || value.is_null()) && add_header(out, name, value);
}

bool add_rest_each(http::Response& out, std::string_view name, View values) {
  if (!values.is_array()) return false;
  for (View at = values.first(); at != values.end(); at = at.next())
    if (!add_rest_header(out, name, at)) return false;
  return true;
}

// A name in both maps: multi values first, then the single one, spelt as in multiValueHeaders.
bool add_rest_headers(http::Response& out, View result) {
  if (!add_headers(out, result, "multiValueHeaders", add_rest_each)) return false;
  const auto multi = given(result, "multiValueHeaders");
  return add_headers(out, result, "headers", [&](http::Response& to, std::string_view name, View value) {
    std::string_view spelt = name;
    if (multi) {
      const wire::Members spellings(*multi);
      for (std::size_t i = 0; i < spellings.size(); ++i)
        if (same_text(spellings[i].name, name)) spelt = spellings[i].name;
    }
    return add_rest_header(to, spelt, value);
  });
}
}  // namespace

std::optional<http::Response> answer_rest(std::string_view payload, bool decode) {
  const Payload read(payload);
  if (!read.is_object()) return std::nullopt;
  const View result = *read.value();
  for (View name = result.first(); name != result.end(); name = name.next().next())
    if (std::ranges::find(kRestMembers, name.text()) == std::end(kRestMembers)) return std::nullopt;
  http::Response out;
  if (const auto status = result.find("statusCode")) {
    const auto number = status_of(*status);
    if (!number) return std::nullopt;
    out.status = *number;
  }
  if (!add_rest_headers(out, result)) return std::nullopt;
  if (!set_body(out, result, decode)) return rest_error("DEFAULT_5XX", 500);
  set_type(out, "Content-Type", kJson);
  return out;
}

http::Response gateway_error(int status, std::string_view message) {
  http::Response out{status, {}, json_text(Json{{"message", message}})};
  out.headers.add("content-type", "application/json");
  return out;
}
}  // namespace emu::gateway
