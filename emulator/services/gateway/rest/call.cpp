#include "emulator/services/gateway/rest/call.hpp"

#include <algorithm>

#include "emulator/base/bounded_json.hpp"
#include "emulator/base/text.hpp"
#include "emulator/services/gateway/events/event_parts.hpp"
#include "emulator/services/gateway/templates/json_path.hpp"

namespace emu::gateway::v1 {
namespace {
std::string media_type(std::string_view header) {
  auto type = lower(header.substr(0, header.find_first_of(";,")));
  while (type.ends_with(' ')) type.pop_back();
  return type;
}

Json path_of(const Json& document, std::string_view dotted) {
  const auto found = at_json_path(document, "$." + std::string(dotted));
  return found ? *found : Json();
}

std::string as_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : json_text(value);
}
}  // namespace

bool is_binary_type(const LiveRestApi& api, std::string_view header) {
  const auto type = media_type(header);
  return std::ranges::any_of(api.binary_types, [&](const std::string& binary) {
    const auto wanted = lower(binary);
    if (wanted == "*/*") return true;
    if (wanted.ends_with("/*")) return type.starts_with(wanted.substr(0, wanted.size() - 1));
    return !type.empty() && type == wanted;
  });
}

bool Call::binary_body() const { return is_binary_type(*api, request.headers.get("content-type")); }

RestEventSource Call::event(std::string_view authorizer_text) const {
  return {api->scope.account,
          api->id,
          stage->name,
          stage->deployment_id,
          stage->variables,
          resource->id,
          resource->path,
          method->operation_name,
          parameters,
          request,
          path,
          raw_path,
          domain,
          request_id,
          extended_id,
          trace_id,
          now,
          identity,
          authorizer_text,
          binary_body()};
}

Json context_of(const Call& call) {
  Json out{{"accountId", call.api->scope.account},
           {"apiId", call.api->id},
           {"domainName", call.domain},
           {"domainPrefix", call.domain.substr(0, call.domain.find('.'))},
           {"extendedRequestId", call.extended_id},
           {"httpMethod", call.request.method},
           {"path", call.raw_path},
           {"protocol", call.request.version},
           {"requestId", call.request_id},
           {"requestTime", log_time(call.now)},
           {"requestTimeEpoch", epoch_ms(call.now)},
           {"xrayTraceId", call.trace_id},
           {"identity",
            {{"sourceIp", call.request.client_ip}, {"userAgent", call.request.headers.get("user-agent")}}}};
  if (call.stage) out["stage"] = call.stage->name;
  if (call.stage) out["deploymentId"] = call.stage->deployment_id;
  if (call.resource) out["resourceId"] = call.resource->id;
  if (call.resource) out["resourcePath"] = call.resource->path;
  if (call.method && !call.method->operation_name.empty()) out["operationName"] = call.method->operation_name;
  Json& identity = out["identity"];
  for (const auto& [name, value] :
       {std::pair<const char*, const std::string*>{"accessKey", &call.identity.access_key},
        {"accountId", &call.identity.account},
        {"caller", &call.identity.caller},
        {"user", &call.identity.user},
        {"userArn", &call.identity.user_arn},
        {"apiKey", &call.identity.api_key},
        {"apiKeyId", &call.identity.api_key_id}})
    if (!value->empty()) identity[name] = *value;
  if (!call.authorizer.is_null()) out["authorizer"] = call.authorizer;
  return out;
}

TemplateInput template_input(const Call& call) {
  TemplateInput out;
  out.body = call.request.body;
  out.context = context_of(call);
  out.stage_variables = call.stage->variables;
  for (const auto& [name, value] : call.parameters) out.parameters["path"][name] = value;
  for (const auto& [name, value] : http::parse_query(call.request.query()))
    out.parameters["querystring"][name] = value;
  for (const auto& header : call.request.headers) out.parameters["header"][header.name] = header.value;
  return out;
}

std::optional<std::string> mapped(const Call& call, const std::string& expression) {
  const auto below = [&](std::string_view prefix) -> std::optional<std::string> {
    return expression.starts_with(prefix) ? std::optional(expression.substr(prefix.size())) : std::nullopt;
  };
  if (expression.size() >= 2 && expression.front() == '\'' && expression.back() == '\'')
    return expression.substr(1, expression.size() - 2);
  if (const auto name = below("method.request.header.")) {
    const auto value = call.request.headers.find(*name);
    return value ? std::optional(std::string(*value)) : std::nullopt;
  }
  if (const auto name = below("method.request.querystring.")) {
    for (auto& [key, value] : http::parse_query(call.request.query()))
      if (key == *name) return std::move(value);
    return std::nullopt;
  }
  if (const auto name = below("method.request.path.")) {
    for (const auto& [key, value] : call.parameters)
      if (key == *name) return value;
    return std::nullopt;
  }
  if (expression == "method.request.body") return call.request.body;
  if (const auto path = below("method.request.body.")) {
    const auto value = path_of(bounded_parse(call.request.body), *path);
    return value.is_null() ? std::nullopt : std::optional(as_text(value));
  }
  if (const auto path = below("context.")) {
    const auto value = path_of(context_of(call), *path);
    return value.is_null() ? std::nullopt : std::optional(as_text(value));
  }
  if (const auto name = below("stageVariables.")) {
    const auto it = call.stage->variables.find(*name);
    return it == call.stage->variables.end() ? std::nullopt : std::optional(it->second);
  }
  return std::nullopt;
}
}  // namespace emu::gateway::v1
