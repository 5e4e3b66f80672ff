#include "emulator/services/gateway/rest/serve.hpp"

#include <fmt/format.h>

#include "emulator/base/bounded_json.hpp"
#include "emulator/base/log.hpp"
#include "emulator/services/gateway/limits.hpp"
#include "emulator/services/gateway/responses/rest_error.hpp"
#include "emulator/services/gateway/rest/rows.hpp"
#include "emulator/services/gateway/validation/schema.hpp"
#include "runtime-api/trace_id.hpp"

namespace emu::gateway::v1 {
namespace {
// "/prod/orders/1" -> "prod", "/orders/1". A doubled slash behind the stage is one (spec-gateway 5).
std::pair<std::string, std::string> staged(std::string_view raw) {
  const auto end = std::min(raw.find('/', 1), raw.size());
  auto rest = raw.substr(end);
  while (rest.starts_with("//")) rest.remove_prefix(1);
  return {http::percent_decode(raw.substr(1, end - 1)), rest.empty() ? "/" : std::string(rest)};
}

// Whether a request gives what a method requires: "header.x", "path.y", "querystring.z".
bool given(const Call& call, std::string_view parameter) {
  const auto dot = parameter.find('.');
  const auto kind = parameter.substr(0, dot), name = parameter.substr(dot + 1);
  if (kind == "header") return !call.request.headers.get(name).empty();
  if (kind == "path") {
    for (const auto& [key, value] : call.parameters)
      if (key == name) return true;
    return false;
  }
  for (const auto& [key, value] : http::parse_query(call.request.query()))
    if (key == name && !value.empty()) return true;
  return false;
}

std::string trace_answer(const std::string& trace) {
  return trace.find("Sampled=") == trace.npos ? trace + ";Sampled=0" : trace;
}
}  // namespace

awaitable<http::Response> RestPlane::serve(RestApis::Current api, Address address, http::Request request) {
  Call call;
  call.api = std::move(api);
  call.request = std::move(request);
  call.raw_path = std::move(address.raw_path);
  call.base = std::move(address.base);
  call.request_id = backends_.ids.uuid();
  call.extended_id = backends_.ids.text(15, Ids::kAlnum) + "=";
  call.now = backends_.clock.now();
  call.trace_id = trace_of(call.request, call.now, backends_.ids);
  call.domain = domain_of(call.api->id, address, call.request);
  auto response = co_await answer(call);
  if (apis_.access_logs.sink && call.stage && call.stage->access_log) log_access(call, response);
  response.headers.add("x-amzn-RequestId", std::move(call.request_id));
  response.headers.add("x-amz-apigw-id", std::move(call.extended_id));
  const bool traced = call.method && response.status < 400 && !call.method->function_arn.empty();
  if (traced) response.headers.add("X-Amzn-Trace-Id", trace_answer(call.trace_id));
  co_return response;
}

void RestPlane::log_access(Call& call, const http::Response& response) {
  const auto now = backends_.clock.now();
  auto context = context_of(call);
  if (call.error.is_object()) context["error"] = call.error;
  if (call.base) context["customDomain"]["basePathMatched"] = *call.base;
  context["requestTimeEpoch"] = std::to_string(epoch_ms(call.now));
  complete_context(context, call.request.body.size(), response, call.integration, now - call.now);
  apis_.access_logs.write(*call.stage->access_log, call.stage->name, context, now);
}

awaitable<http::Response> RestPlane::answer(Call& call) {
  if (call.api->closed && !call.base) co_return rest_error("INVALID_API_KEY");
  if (auto refused = route(call)) co_return std::move(*refused);
  if (!throttles_.take(call.method->bucket, call.method->limit, call.now) ||
      !throttles_.take(call.api->account_bucket, throttles_.account, call.now))
    co_return gateway_response(call, "THROTTLED");
  if (auto refused = co_await authorize(call)) co_return std::move(*refused);
  if (auto refused = check_key(call)) co_return std::move(*refused);
  if (auto refused = validate(call)) co_return std::move(*refused);
  const auto began = backends_.clock.now();
  auto integrated = co_await integrate(backends_, call);
  call.integration.took = backends_.clock.now() - began;
  if (auto* response = std::get_if<http::Response>(&integrated)) co_return std::move(*response);
  const auto& failure = std::get<Failure>(integrated);
  call.integration.error = failure.why;
  if (!failure.why.empty())
    log_warning(
        fmt::format("{} {} of {}: {}", call.request.method, call.resource->path, call.api->id, failure.why));
  co_return gateway_response(call, failure.type, failure.status);
}

RestPlane::Refused RestPlane::route(Call& call) {
  if (call.request.body.size() > kMaxBody) return rest_error("REQUEST_TOO_LARGE");
  if (headers_too_large(call.request))
    return http::json_response(431, R"({"message":"Request Header Fields Too Large"})");
  auto [stage, path] = staged(call.raw_path);
  const auto at = call.api->stages.find(stage);
  if (at == call.api->stages.end()) return rest_error("INVALID_API_KEY");  // 403 Forbidden
  call.stage = at->second;
  call.path = std::move(path);
  auto match = call.stage->tree.find(call.path);
  if (match) call.resource = &call.stage->resources[match->resource];
  if (call.resource) call.method = call.resource->method(call.request.method);
  if (!call.method) return gateway_response(call, "MISSING_AUTHENTICATION_TOKEN");
  call.parameters = std::move(match->parameters);
  if (call.base) {  // by a custom domain events show its base path, not the stage (spec-gateway 23)
    call.path = *call.base + call.path;
    call.raw_path = call.path;
  }
  return std::nullopt;
}

std::shared_ptr<const KeyTable> RestPlane::keys(const Scope& scope) {
  const auto as_of = apis_.key_changes.load();
  return keys_.with([&](Keys& kept) {
    if (kept.as_of != as_of) kept.tables.clear();
    kept.as_of = as_of;
    auto& table = kept.tables[scope];
    if (!table) table = std::make_shared<const KeyTable>(apis_.shelf, scope);
    return table;
  });
}

RestPlane::Refused RestPlane::check_key(Call& call) {
  if (!call.method->api_key_required) return std::nullopt;
  const auto value = call.api->key_source == "AUTHORIZER" ? std::string_view(call.usage_key)
                                                          : call.request.headers.get("x-api-key");
  if (value.empty()) return gateway_response(call, "INVALID_API_KEY");
  const auto table = keys(call.api->scope);
  const auto* grant = table->find(value, call.api->id, call.stage->name);
  if (!grant) return gateway_response(call, "INVALID_API_KEY");
  call.identity.api_key = value;
  call.identity.api_key_id = grant->key_id;
  const auto bucket = fmt::format("plan {} {}", grant->plan, grant->key_id);
  const auto method = call.resource->path + "/" + call.request.method;
  if (const auto own = grant->by_method.find(method); own != grant->by_method.end())
    if (!throttles_.take(bucket + " " + call.api->id + " " + call.stage->name + " " + method, own->second,
                         call.now))
      return gateway_response(call, "THROTTLED");
  if (!throttles_.take(bucket, grant->limit, call.now)) return gateway_response(call, "THROTTLED");
  if (!apis_.usage.admit({call.api->scope, grant->plan, grant->key_id}, grant->quota, call.now))
    return gateway_response(call, "QUOTA_EXCEEDED");
  return std::nullopt;
}

RestPlane::Refused RestPlane::validate(Call& call) {
  const auto& method = *call.method;
  if (method.validates_parameters) {
    std::string missing;
    for (const auto& parameter : method.required)
      if (!given(call, parameter))
        missing += (missing.empty() ? "" : ", ") + parameter.substr(parameter.find('.') + 1);
    if (!missing.empty())
      return gateway_response(call, "BAD_REQUEST_PARAMETERS", 0,
                              fmt::format("Missing required request parameters: [{}]", missing));
  }
  if (!method.validates_body || method.schemas.empty()) return std::nullopt;
  const auto header = call.request.headers.get("content-type");
  const auto type = std::string(header.substr(0, header.find(';')));
  auto schema = method.schemas.find(type.empty() ? "application/json" : type);
  if (schema == method.schemas.end()) schema = method.schemas.find("$default");
  if (schema == method.schemas.end()) return std::nullopt;
  const auto body = bounded_parse(call.request.body.empty() ? std::string("{}") : call.request.body);
  const auto wrong = body.is_discarded() ? std::string("[failed to parse the request body]")
                                         : misfit(body, schema->second, call.stage->schemas);
  if (wrong.empty()) return std::nullopt;
  return gateway_response(call, "BAD_REQUEST_BODY", 0, {}, wrong);
}
}  // namespace emu::gateway::v1
