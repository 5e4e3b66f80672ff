#include "emulator/services/gateway/events/event_rest.hpp"

#include "emulator/base/digest.hpp"
#include "emulator/services/gateway/events/event_parts.hpp"

namespace emu::gateway {
namespace {
void write_context(ObjectText& event, const RestEventSource& source) {
  ObjectText context(event.key("requestContext"));
  context.text("resourceId", source.resource_id);
  if (!source.authorizer.empty()) context.raw("authorizer", source.authorizer);
  context.text("resourcePath", source.resource_path);
  if (!source.operation_name.empty()) context.text("operationName", source.operation_name);
  context.text("httpMethod", source.request.method);
  context.text("extendedRequestId", source.extended_id);
  context.text("requestTime", log_time(source.now));
  context.text("path", source.raw_path);
  context.text("accountId", source.account);
  context.text("protocol", source.request.version);
  context.text("stage", source.stage);
  context.text("domainPrefix", source.domain.substr(0, source.domain.find('.')));
  context.raw("requestTimeEpoch", std::to_string(epoch_ms(source.now)));
  context.text("requestId", source.request_id);
  write_identity(context, source.request, source.identity, false);
  context.text("domainName", source.domain);
  if (!source.deployment_id.empty()) context.text("deploymentId", source.deployment_id);
  context.text("apiId", source.api_id);
  context.end();
}

// Names as sent; what lies between two hops and the length of the body never show (spec-gateway 2, 5).
void write_headers(ObjectText& event, const RestEventSource& source) {
  Many headers;
  for (const auto& header : source.request.headers)
    if (!between_hops(header.name) && !removed_by_rest(header.name))
      headers[header.name].push_back(header.value);
  headers["X-Amzn-Trace-Id"] = {std::string(source.trace_id)};
  headers["X-Forwarded-For"] = {forwarded_for(source.request)};
  headers["X-Forwarded-Port"] = {"443"};
  headers["X-Forwarded-Proto"] = {"https"};
  write_many(event, "headers", "multiValueHeaders", headers);
}

void write_request(ObjectText& event, const RestEventSource& source) {
  Many query;
  for (auto& [name, value] : http::parse_query(source.request.query()))
    query[name].push_back(std::move(value));
  event.text("resource", source.resource_path);
  event.text("path", source.path);
  event.text("httpMethod", source.request.method);
  write_headers(event, source);
  write_many(event, "queryStringParameters", "multiValueQueryStringParameters", query);
  if (source.parameters.empty())
    event.raw("pathParameters", "null");
  else
    write_parameters(event.key("pathParameters"), source.parameters);
  if (source.variables.empty())
    event.raw("stageVariables", "null");
  else
    write_map(event.key("stageVariables"), source.variables);
  write_context(event, source);
}
}  // namespace

// What has no value is null (spec-gateway 5).
std::string event_rest(const RestEventSource& source) {
  std::string out;
  out.reserve(4096 + source.request.body.size() * 3 / 2);
  ObjectText event(out);
  write_request(event, source);
  const auto& body = source.request.body;
  if (body.empty())
    event.raw("body", "null");
  else
    event.text("body", source.binary ? base64_encode(body) : body);
  event.raw("isBase64Encoded", source.binary && !body.empty() ? "true" : "false");
  event.end();
  return out;
}

std::string event_rest_authorizer(const RestEventSource& source, std::string_view method_arn) {
  std::string out;
  out.reserve(4096);
  ObjectText event(out);
  event.text("type", "REQUEST");
  event.text("methodArn", method_arn);
  write_request(event, source);
  event.end();
  return out;
}
}  // namespace emu::gateway
