#include "emulator/api/front.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "emulator/base/digest.hpp"
#include "emulator/base/text.hpp"
#include "emulator/wire/content_coding.hpp"
#include "emulator/wire/error_body.hpp"

namespace emu::front {
namespace {
constexpr std::size_t kMaxBody = 16 << 20;         // also once it is unpacked (A1)
constexpr std::size_t kMaxHead = 16 << 10;         // headers; the address alone may be as long
constexpr std::size_t kCompressedAbove = 4 << 10;  // bytes of a reply (A7)
constexpr std::string_view kUsualType = "application/x-amz-json-1.0";
constexpr std::string_view kJsonTypes[] = {kUsualType, "application/x-amz-json-1.1", "application/json"};

// The request's type, if it is one of JSON's; empty otherwise.
std::string_view json_type(const http::Request& request) {
  auto given = request.headers.get("Content-Type");
  given = given.substr(0, given.find(';'));
  while (given.ends_with(' ')) given.remove_suffix(1);
  for (const auto type : kJsonTypes)
    if (type == given || same_text(type, given)) return type;
  return {};
}

bool too_long_head(const http::Request& request) {
  std::size_t bytes = 0;
  for (const auto& header : request.headers) bytes += header.name.size() + header.value.size() + 4;
  return std::max(bytes, request.target.size()) > kMaxHead;
}

bool asks_before_sending(const http::Request& request) {
  return request.method == "OPTIONS" && request.headers.find("Origin");
}

http::Response permission(const http::Request& request) {
  http::Response out;
  out.headers.add("Access-Control-Allow-Origin", "*");
  for (const std::string_view what : {"Headers", "Method"})
    if (const auto asked = request.headers.find(fmt::format("Access-Control-Request-{}", what)))
      out.headers.add(fmt::format("Access-Control-Allow-{}{}", what, what == "Method" ? "s" : ""),
                      std::string(*asked));
  out.headers.add("Access-Control-Max-Age", "172800");
  return out;
}

http::Response unknown_operation() { return {404, {}, "<UnknownOperationException/>\n"}; }

http::Response broken_coding() {
  return wire::json_error({"InternalServerError", "Internal server error", 500},
                          "com.amazonaws.dynamodb.v20120810#InternalServerError", kUsualType);
}

// Formatted once a second: a reply every few microseconds has the same one.
const std::string& date(Time now) {
  thread_local auto second = std::chrono::sys_seconds::min();
  thread_local std::string text;
  if (const auto current = std::chrono::floor<std::chrono::seconds>(now); current != second) {
    second = current;
    text = http_date(now);
  }
  return text;
}

void compress(const http::Request& request, http::Response& response) {
  const auto coding = wire::preferred_coding(request.headers.get("Accept-Encoding"));
  if (!coding) return;
  response.body = wire::compressed(*coding, response.body);
  response.headers.add("Content-Encoding", std::string(wire::coding_name(*coding)));
}
}  // namespace

bool addressed(const http::Request& request, const Signed& by) {
  if (by.service == "dynamodb") return true;
  const auto host = request.headers.get("Host");
  if (host.starts_with("dynamodb.") || host.starts_with("streams.dynamodb.")) return true;
  if (host.find(".ddb.") != host.npos) return true;  // an account's own endpoint
  return asks_before_sending(request) &&
         lower(request.headers.get("Access-Control-Request-Headers")).find("x-amz-target") !=
             std::string::npos;
}

std::string health(std::string_view region) {
  return fmt::format("healthy: dynamodb.{}.amazonaws.com ", region);  // AWS's own blank at the end
}

std::optional<http::Response> turn_away(http::Request& request, std::string_view region) {
  if (request.body.size() > kMaxBody) return http::Response{413, {}, {}};
  if (too_long_head(request)) return http::Response{400, {}, {}};
  if (asks_before_sending(request)) return permission(request);
  if (request.path() != "/") return unknown_operation();
  if (request.method == "GET") return http::text_response(200, health(region));
  if (request.method != "POST" || json_type(request).empty()) return unknown_operation();
  const auto coding = request.headers.find("Content-Encoding");
  if (!coding) return std::nullopt;
  const auto known = wire::coding_named(*coding);
  if (!known) return broken_coding();
  std::string unpacked;
  switch (wire::unpack(*known, request.body, kMaxBody, unpacked)) {
    case wire::Unpacking::done:
      request.body = std::move(unpacked);
      return std::nullopt;
    case wire::Unpacking::too_long:
      return http::Response{413, {}, {}};
    case wire::Unpacking::corrupt:
      break;
  }
  return broken_coding();
}

bool has_document(const http::Request& request) {
  return !request.body.empty() || request.headers.find("X-Amz-Target").has_value();
}

void finish(const http::Request& request, Time now, http::Response& response) {
  if (const auto type = json_type(request); type != kUsualType && !type.empty())
    if (response.headers.find("Content-Type")) response.headers.set("Content-Type", std::string(type));
  if (request.method == "POST" && request.headers.find("Origin"))
    response.headers.add("Access-Control-Allow-Origin", "*");
  if (response.body.size() > kCompressedAbove) compress(request, response);
  response.headers.add("x-amz-crc32", std::to_string(crc32(response.body)));
  response.headers.add("Server", "Server");
  response.headers.add("Date", date(now));
}
}  // namespace emu::front
