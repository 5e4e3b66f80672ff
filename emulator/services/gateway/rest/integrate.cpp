#include "emulator/services/gateway/rest/integrate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "emulator/base/bounded_json.hpp"
#include "emulator/base/text.hpp"
#include "emulator/http/client.hpp"
#include "emulator/services/gateway/invoke.hpp"
#include "emulator/services/gateway/responses/answer.hpp"
#include "emulator/services/gateway/rest/rows.hpp"
#include "emulator/services/gateway/templates/lenient.hpp"

namespace emu::gateway::v1 {
namespace {
std::string authorizer_text(const Call& call) {
  return call.authorizer.is_null() ? "" : json_text(call.authorizer);
}

// What a function's invocation came to, where it is not its payload (spec-gateway 11, 12.3).
std::optional<Failure> failed(const Invoked& invoked) {
  if (invoked.late) return Failure{"INTEGRATION_TIMEOUT", 0, "the function did not answer in time"};
  if (!invoked.outcome) {
    if (invoked.outcome.error().http_status == 413) return Failure{"REQUEST_TOO_LARGE"};
    return Failure{"API_CONFIGURATION_ERROR", 500, invoked.outcome.error().message};
  }
  if (invoked.outcome->kind == runtime::Outcome::Kind::throttled)
    return Failure{"DEFAULT_5XX", 500, "the function was throttled: " + invoked.outcome->throttle_reason};
  return std::nullopt;
}

void tell(Call& call, const Invoked& invoked) {
  call.integration.request_id = invoked.request_id;
  if (invoked.late) return;
  const bool throttled = invoked.outcome && invoked.outcome->kind == runtime::Outcome::Kind::throttled;
  call.integration.call_status = !invoked.outcome ? invoked.outcome.error().http_status
                                 : throttled      ? 429
                                                  : 200;
}

awaitable<Integrated> aws_proxy(const Backends& with, Call& call) {
  const auto& method = *call.method;
  if (method.function_arn.empty() || text(method.integration, "httpMethod") != "POST")
    co_return Failure{"API_CONFIGURATION_ERROR", 500, "an AWS_PROXY integration wants POST and a function"};
  if (method.streams)
    co_return co_await integrate_stream(with, call, event_rest(call.event(authorizer_text(call))));
  auto invoked =
      co_await invoke_in_time(with.clock, with.functions, with.ids, method.function_arn,
                              event_rest(call.event(authorizer_text(call))), call.trace_id, method.timeout);
  tell(call, invoked);
  if (auto failure = failed(invoked)) co_return std::move(*failure);
  if (invoked.outcome->kind == runtime::Outcome::Kind::function_error)
    co_return Failure{"DEFAULT_5XX", 502, "the function failed: " + invoked.outcome->payload};
  const bool decode = !call.api->binary_types.empty();
  auto answer = answer_rest(invoked.outcome->payload, false);
  if (answer && decode) {
    // The Accept header decides, or what the response says it is (spec-gateway 8.5).
    const bool wanted = is_binary_type(*call.api, call.request.headers.get("accept")) ||
                        is_binary_type(*call.api, answer->headers.get("content-type"));
    if (wanted) answer = answer_rest(invoked.outcome->payload, true);
  }
  if (!answer) co_return Failure{"DEFAULT_5XX", 502, "Malformed Lambda proxy response"};
  call.integration.status = answer->status;
  co_return std::move(*answer);
}

// The template for this request's content type. None: the body passes as it is; a Failure: it may not.
std::variant<std::optional<std::string>, Failure> request_template(const Call& call) {
  const Json& integration = call.method->integration;
  const auto* templates = part_of(integration, {"requestTemplates"});
  const auto header = call.request.headers.get("content-type");
  auto type = lower(header.substr(0, header.find(';')));
  if (type.empty()) type = "application/json";
  if (templates && templates->contains(type) && (*templates)[type].is_string())
    return std::optional((*templates)[type].get<std::string>());
  if (templates && templates->contains("$default") && (*templates)["$default"].is_string())
    return std::optional((*templates)["$default"].get<std::string>());
  const auto passthrough = text(integration, "passthroughBehavior", "WHEN_NO_MATCH");
  const bool none = !templates || templates->empty();
  if (passthrough == "NEVER" || (passthrough == "WHEN_NO_TEMPLATES" && !none))
    return Failure{"UNSUPPORTED_MEDIA_TYPE"};
  return std::optional<std::string>();
}

Integrated mock(Call& call) {
  auto text_of_it = rendered(call);
  if (auto* failure = std::get_if<Failure>(&text_of_it)) return std::move(*failure);
  const auto& source = std::get<Rendered>(text_of_it).body;
  const auto document = lenient_object(source.empty() ? "{}" : source);
  int status = 200;
  if (document && document->contains("statusCode")) {
    const auto& given = (*document)["statusCode"];
    const auto number =
        given.is_number_integer()
            ? std::optional(static_cast<int>(std::clamp<std::int64_t>(given.get<std::int64_t>(), -1, 1000)))
        : given.is_string() ? number_in<int>(given.get<std::string>())
                            : std::nullopt;
    if (!number) return Failure{"DEFAULT_5XX", 500, "a MOCK's template yields no status"};
    status = *number;
  } else if (!object(call.method->integration, "requestTemplates").empty()) {
    return Failure{"DEFAULT_5XX", 500, "a MOCK's template yields no status"};
  }
  const auto* response = selected_response(call.method->integration, std::to_string(status));
  if (!response)
    return Failure{"API_CONFIGURATION_ERROR", 500, "no integration response for the MOCK's status"};
  return map_response(call, *response, {status, {}, {}});
}

// Whether the function is to run later, or not at all: X-Amz-Invocation-Type, which serverless's `async:
// true` maps to a constant and AWS's guide from a header of the client.
bool invokes_otherwise(const Call& call) {
  constexpr std::string_view kType = "integration.request.header.X-Amz-Invocation-Type";
  for (const auto& [to, expression] : object(call.method->integration, "requestParameters").items())
    if (same_text(to, kType) && expression.is_string()) {
      const auto type = mapped(call, expression.get<std::string>());
      return type && (*type == "Event" || *type == "DryRun");
    }
  return false;
}

awaitable<Integrated> aws(const Backends& with, Call& call) {
  const auto& method = *call.method;
  if (method.function_arn.empty() || invokes_otherwise(call))
    co_return co_await integrate_service(with, call);
  auto event = rendered(call);
  if (auto* failure = std::get_if<Failure>(&event)) co_return std::move(*failure);
  auto payload = std::move(std::get<Rendered>(event).body);
  if (payload.empty()) payload = "{}";
  auto invoked = co_await invoke_in_time(with.clock, with.functions, with.ids, method.function_arn,
                                         std::move(payload), call.trace_id, method.timeout);
  tell(call, invoked);
  if (auto failure = failed(invoked)) co_return std::move(*failure);
  std::string said;
  if (invoked.outcome->kind == runtime::Outcome::Kind::function_error) {
    const auto error = bounded_parse(invoked.outcome->payload);
    said = text(error.is_object() ? error : Json::object(), "errorMessage");
  }
  const auto* response = selected_response(method.integration, said);
  if (!response) co_return Failure{"API_CONFIGURATION_ERROR", 500, "no integration response matches"};
  Answered answered{200, {}, std::move(invoked.outcome->payload)};
  co_return map_response(call, *response, answered);
}

constexpr std::string_view kNeverMapped[] = {"content-length", "transfer-encoding", "connection", "te",
                                             "expect",         "proxy-authenticate"};

// What a mapping or an override puts somewhere: "header.x", "path.y", "querystring.z".
struct Part {
  std::string value;
  bool encoded = false;  // what comes from the request's own path still is (spec-gateway 6)
};
std::map<std::string, Part> parts_of(const Call& call, const Json& overrides) {
  static constexpr std::string_view kPrefix = "integration.request.";
  std::map<std::string, Part> out;
  for (const auto& [to, expression] : object(call.method->integration, "requestParameters").items()) {
    if (!expression.is_string() || !to.starts_with(kPrefix)) continue;
    const auto from = expression.get<std::string>();
    if (auto value = mapped(call, from))
      out[to.substr(kPrefix.size())] = {std::move(*value), from.starts_with("method.request.path.")};
  }
  for (const auto* kind : {"header", "path", "querystring"})
    if (const auto* values = part_of(overrides, {kind}); values && values->is_object())
      for (const auto& [name, value] : values->items())
        out[std::string(kind) + "." + name] = {value.is_string() ? value.get<std::string>()
                                                                 : json_text(value)};
  return out;
}

// The backend's own of these are told under another name (spec-gateway 9).
constexpr std::string_view kRemapped[] = {"connection", "content-length", "date", "server",
                                          "www-authenticate"};

http::TlsChoices tls_of(const Backends& with, const Call& call) {
  http::TlsChoices out;
  out.any_issuer = flag(object(call.method->integration, "tlsConfig"), "insecureSkipVerification");
  const auto id = text(call.stage->compiled_from, "clientCertificateId");
  if (auto pair = id.empty() || !with.certificates ? std::nullopt : with.certificates(call.api->scope, id)) {
    out.certificate = std::move(pair->certificate);
    out.key = std::move(pair->key);
  }
  return out;
}

awaitable<Integrated> over_http(const Backends& with, Call& call, bool proxy) {
  Rendered made;
  if (!proxy) {
    auto body = rendered(call);
    if (auto* failure = std::get_if<Failure>(&body)) co_return std::move(*failure);
    made = std::move(std::get<Rendered>(body));
  }
  auto onward = outgoing(call, proxy, made.overrides);
  if (auto* failure = std::get_if<Failure>(&onward)) co_return std::move(*failure);
  auto& out = std::get<Outgoing>(onward);
  if (!proxy) {
    out.request.body = std::move(made.body);
    if (!out.request.headers.find("content-type"))
      out.request.headers.add("Content-Type", "application/json");
  }
  auto reply = co_await http::fetch(std::move(out.uri), std::move(out.request), call.method->timeout,
                                    http::kLargestAnswer, tls_of(with, call));
  if (!reply.response)
    co_return Failure{reply.late ? "INTEGRATION_TIMEOUT" : "INTEGRATION_FAILURE", 0, reply.why};
  call.integration.status = call.integration.call_status = reply.response->status;
  if (!proxy) {
    const auto* response =
        selected_response(call.method->integration, std::to_string(reply.response->status));
    if (!response)
      co_return Failure{"API_CONFIGURATION_ERROR", 500, "no integration response for the backend's status"};
    co_return map_response(call, *response,
                           {reply.response->status, reply.response->headers, reply.response->body});
  }
  if (reply.response->status < 200 || reply.response->status > 599)
    co_return Failure{"INTEGRATION_FAILURE", 0, "the backend's status is none"};
  http::Response response{reply.response->status, {}, std::move(reply.response->body)};
  for (const auto& header : reply.response->headers) {
    if (same_text(header.name, "transfer-encoding")) continue;
    const bool own = std::ranges::any_of(kRemapped, [&](auto name) { return same_text(name, header.name); });
    response.headers.add(own ? "x-amzn-Remapped-" + header.name : header.name, header.value);
  }
  co_return response;
}
}  // namespace

std::variant<Rendered, Failure> rendered(const Call& call) {
  auto chosen = request_template(call);
  if (auto* failure = std::get_if<Failure>(&chosen)) return std::move(*failure);
  const auto& source = std::get<0>(chosen);
  if (!source) return Rendered{call.request.body, {}};
  try {
    auto input = template_input(call);
    auto body = render(*source, input);
    return Rendered{std::move(body), input.context.value("requestOverride", Json())};
  } catch (const TemplateError& e) {
    return Failure{"API_CONFIGURATION_ERROR", 0, "request template: " + e.message};
  }
}

std::variant<Outgoing, Failure> outgoing(const Call& call, bool proxy, const Json& overrides) {
  Outgoing out;
  out.uri = call.method->uri;
  auto verb = text(call.method->integration, "httpMethod");
  out.request.method = verb == "ANY" ? call.request.method : verb;
  std::string query = proxy ? std::string(call.request.query()) : "";
  if (proxy)
    for (const auto& header : call.request.headers)
      if (std::ranges::none_of(kNeverMapped, [&](auto name) { return same_text(name, header.name); }) &&
          !same_text(header.name, "host"))
        out.request.headers.add(header.name, header.value);
  const auto fill = [&](const std::string& name, const std::string& value) {
    for (const auto& form : {"{" + name + "}", "{" + name + "+}"})
      if (const auto at = out.uri.find(form); at != std::string::npos)
        out.uri.replace(at, form.size(), value);
  };
  for (const auto& [target, part] : parts_of(call, overrides)) {
    if (target.starts_with("header.")) {
      const auto name = target.substr(7);
      if (std::ranges::any_of(kNeverMapped, [&](auto never) { return same_text(never, name); }))
        return Failure{"API_CONFIGURATION_ERROR", 500, "a header that may not be mapped"};
      if (http::is_header_name(name) && http::is_header_value(part.value))
        out.request.headers.set(name, part.value);
    } else if (target.starts_with("path.")) {
      fill(target.substr(5), part.encoded ? part.value : http::path_encode(part.value));
    } else if (target.starts_with("querystring.")) {
      query += fmt::format("{}{}={}", query.empty() ? "" : "&", http::percent_encode(target.substr(12)),
                           http::percent_encode(part.value));
    }
  }
  if (proxy)
    for (const auto& [name, value] : call.parameters) fill(name, value);
  out.request.headers.set("X-Amzn-Apigateway-Api-Id", call.api->id);
  out.request.body = call.request.body;
  if (!query.empty()) out.uri += (out.uri.find('?') == std::string::npos ? "?" : "&") + query;
  return out;
}

awaitable<Integrated> integrate(const Backends& with, Call& call) {
  using Kind = LiveMethod::Kind;
  switch (call.method->kind) {
    case Kind::aws_proxy:
      co_return co_await aws_proxy(with, call);
    case Kind::aws:
      co_return co_await aws(with, call);
    case Kind::mock:
      co_return mock(call);
    case Kind::http_proxy:
      co_return co_await over_http(with, call, true);
    case Kind::http:
      co_return co_await over_http(with, call, false);
    case Kind::none:
      break;
  }
  co_return Failure{"API_CONFIGURATION_ERROR", 500, "the method has no integration"};
}
}  // namespace emu::gateway::v1
