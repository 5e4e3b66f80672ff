#include "emulator/services/gateway/events/event_parts.hpp"

namespace emu::gateway {
namespace {
// "x-amzn-trace-id" -> "X-Amzn-Trace-Id"
std::string title(std::string_view name) {
  std::string out(name);
  bool start = true;
  for (auto& c : out) {
    const auto u = static_cast<unsigned char>(c);
    c = static_cast<char>(start ? std::toupper(u) : std::tolower(u));
    start = c == '-';
  }
  return out;
}

void write_context(ObjectText& event, const EventSource& source) {
  const auto& key = source.route.key;
  ObjectText context(event.key("requestContext"));
  context.text("accountId", source.api.scope.account);
  context.text("apiId", source.api.record.api.apiId);
  context.text("domainName", source.domain);
  context.text("domainPrefix", source.domain.substr(0, source.domain.find('.')));
  context.text("extendedRequestId", source.request_id);
  context.text("httpMethod", source.request.method);
  if (!source.authorizer.empty()) context.raw("authorizer", source.authorizer);
  write_identity(context, source.request, source.identity, true);
  context.text("path", source.raw_path);
  context.text("protocol", source.request.version);
  context.text("requestId", source.request_id);
  context.text("requestTime", log_time(source.now));
  context.raw("requestTimeEpoch", std::to_string(epoch_ms(source.now)));
  context.text("resourceId", key.text);
  context.text("resourcePath", key.path.empty() ? key.text : key.path);
  context.text("stage", source.stage.name);
  context.end();
}

void write_request(ObjectText& event, const EventSource& source) {
  const auto& key = source.route.key;
  Many headers, query;
  each_header(source, [&](std::string_view name, std::string_view value) {
    headers[title(name)].emplace_back(value);
  });
  for (auto& [name, value] : http::parse_query(source.request.query()))
    query[name].push_back(std::move(value));
  event.text("resource", key.path.empty() ? key.text : key.path);
  event.text("path", source.raw_path);
  event.text("httpMethod", source.request.method);
  write_many(event, "headers", "multiValueHeaders", headers);
  write_many(event, "queryStringParameters", "multiValueQueryStringParameters", query);
  write_context(event, source);
  if (source.parameters.empty())
    event.raw("pathParameters", "null");
  else
    write_parameters(event.key("pathParameters"), source.parameters);
  if (source.stage.variables.empty())
    event.raw("stageVariables", "null");
  else
    write_map(event.key("stageVariables"), source.stage.variables);
}
}  // namespace

// What has no value is null, never absent (spec-gateway 4).
std::string event_v1(const EventSource& source) {
  std::string out;
  out.reserve(4096 + source.request.body.size() * 3 / 2);
  ObjectText event(out);
  event.text("version", "1.0");
  write_request(event, source);
  if (source.request.body.empty()) event.raw("body", "null");
  write_body(event, source.request);
  event.end();
  return out;
}

std::string authorizer_event_v1(const EventSource& source, std::string_view arn, const Strings& identity) {
  std::string joined, out;
  for (const auto& each : identity) joined += (joined.empty() ? "" : ",") + each;
  ObjectText event(out);
  event.text("version", "1.0");
  event.text("type", "REQUEST");
  event.text("methodArn", arn);
  event.text("identitySource", joined);
  event.text("authorizationToken", joined);
  write_request(event, source);
  event.end();
  return out;
}
}  // namespace emu::gateway
