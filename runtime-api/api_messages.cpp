#include "runtime-api/api_messages.hpp"

#include <fmt/format.h>

#include "emulator/base/bounded_json.hpp"
#include "emulator/base/digest.hpp"
#include "emulator/base/json.hpp"
#include "runtime-api/platform_error.hpp"

namespace emu::runtime {
namespace {
void add(http::Headers& headers, std::string_view name, const std::string& value) {
  if (!value.empty()) headers.add(std::string(name), value);
}
}  // namespace

http::Response error_body(int status, std::string_view type, std::string_view message) {
  return http::json_response(status, json_text(Json{{"errorMessage", message}, {"errorType", type}}) + "\n");
}
http::Response accepted() { return http::json_response(202, "{\"status\":\"OK\"}\n"); }

http::Response event(const Delivery& d) {
  const auto& i = d.invocation;
  http::Response out;
  out.headers.reserve(12);
  add(out.headers, "Content-Type", "application/json");
  add(out.headers, "Lambda-Runtime-Aws-Request-Id", i.request_id);
  add(out.headers, "Lambda-Runtime-Deadline-Ms", fmt::to_string(epoch_ms(d.deadline)));
  add(out.headers, "Lambda-Runtime-Invoked-Function-Arn", i.invoked_arn);
  add(out.headers, "Lambda-Runtime-Trace-Id", i.trace_id);
  add(out.headers, "Lambda-Runtime-Client-Context", i.client_context);
  add(out.headers, "Lambda-Runtime-Cognito-Identity", i.cognito_identity);
  add(out.headers, "Lambda-Runtime-Aws-Tenant-Id", i.tenant_id);
  out.body = i.payload;
  return out;
}

// What a runtime posted as an error becomes the caller's payload untouched, unless it says that it carries a
// cause for X-Ray, which is not for the caller.
Outcome reported_error(http::Request&& request) {
  Outcome out{.kind = Outcome::Kind::function_error};
  out.error_type = valid_error_type(request.headers.get(kErrorType));
  out.content_type = request.headers.find("Content-Type").value_or("application/json");
  out.payload = std::move(request.body);
  if (out.content_type != "application/vnd.aws.lambda.error.cause+json") return out;
  auto body = bounded_parse<nlohmann::ordered_json>(out.payload);
  if (body.is_object()) {
    body.erase("errorCause");
    out.payload = json_text(body);
    out.content_type = "application/json";
  } else {
    out.payload = "\"Invalid error body\"";
    out.content_type = "application/octet-stream";
  }
  return out;
}

std::optional<Outcome> error_in_trailers(const http::Headers& trailers) {
  const auto failed = trailers.find("Lambda-Runtime-Function-Error-Body");
  const auto type = trailers.find(kErrorType);
  if (!failed && !type) return std::nullopt;
  Outcome out{.kind = Outcome::Kind::function_error};
  out.error_type = valid_error_type(type.value_or(""));
  out.payload = base64_decode(failed.value_or("")).value_or("\"Invalid error body\"");
  return out;
}

// Trailers are filed with the headers.
Outcome reported_response(http::Request&& request) {
  if (auto failed = error_in_trailers(request.headers)) return std::move(*failed);
  Outcome out;
  if (const auto type = request.headers.find("Content-Type")) out.content_type = *type;
  out.payload = std::move(request.body);
  return out;
}
}  // namespace emu::runtime
