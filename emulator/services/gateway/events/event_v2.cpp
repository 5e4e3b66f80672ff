#include "emulator/base/text.hpp"
#include "emulator/services/gateway/events/event_parts.hpp"

namespace emu::gateway {
namespace {
void join(StringMap& map, std::string name, std::string_view value) {
  const auto [it, fresh] = map.try_emplace(std::move(name), value);
  if (!fresh) it->second.append(",").append(value);
}

// "a=1; b=2" of any number of Cookie headers.
void write_cookies(ObjectText& event, const http::Request& request) {
  bool first = true;
  std::string* out = nullptr;
  for (const auto& header : request.headers) {
    if (!same_text(header.name, "cookie")) continue;
    for (std::string_view rest = header.value; !rest.empty();) {
      const auto end = std::min(rest.find("; "), rest.size());
      if (!out) out = &(event.key("cookies") += '[');
      if (!first) *out += ',';
      first = false;
      wire::write_string(*out, rest.substr(0, end));
      rest.remove_prefix(std::min(rest.size(), end + 2));
    }
  }
  if (out) *out += ']';
}

void write_headers(ObjectText& event, const EventSource& source) {
  StringMap headers;
  each_header(source, [&](std::string_view name, std::string_view value) {
    if (!same_text(name, "cookie")) join(headers, lower(name), value);
  });
  if (source.url) {
    headers.emplace("x-amzn-tls-version", "TLSv1.2");
    headers.emplace("x-amzn-tls-cipher-suite", "ECDHE-RSA-AES128-GCM-SHA256");
  }
  write_map(event.key("headers"), headers);
}

void write_query(ObjectText& event, const http::Request& request) {
  StringMap parameters;
  for (auto& [name, value] : http::parse_query(request.query())) join(parameters, std::move(name), value);
  if (!parameters.empty()) write_map(event.key("queryStringParameters"), parameters);
}

void write_context(ObjectText& event, const EventSource& source) {
  ObjectText context(event.key("requestContext"));
  context.text("accountId", source.url ? source.url->account : source.api.scope.account);
  context.text("apiId", source.api.record.api.apiId);
  if (source.url) context.raw("authentication", "null");
  if (!source.authorizer.empty()) context.raw("authorizer", source.authorizer);
  context.text("domainName", source.domain);
  context.text("domainPrefix", source.domain.substr(0, source.domain.find('.')));
  ObjectText http(context.key("http"));
  http.text("method", source.request.method);
  http.text("path", source.path);
  http.text("protocol", source.request.version);
  http.text("sourceIp", source.request.client_ip);
  http.text("userAgent", source.request.headers.get("user-agent"));
  http.end();
  context.text("requestId", source.request_id);
  context.text("routeKey", source.route.key.text);
  context.text("stage", source.stage.name);
  context.text("time", log_time(source.now));
  context.raw("timeEpoch", std::to_string(epoch_ms(source.now)));
  context.end();
}

void write_request(ObjectText& event, const EventSource& source) {
  event.text("routeKey", source.route.key.text);
  event.text("rawPath", source.url ? source.raw_path : source.path);
  event.text("rawQueryString", source.request.query());
  write_cookies(event, source.request);
  write_headers(event, source);
  write_query(event, source.request);
  write_context(event, source);
  if (!source.parameters.empty()) write_parameters(event.key("pathParameters"), source.parameters);
  if (!source.stage.variables.empty()) write_map(event.key("stageVariables"), source.stage.variables);
}
}  // namespace

// What has no value is absent, never null (spec-gateway 3).
std::string event_v2(const EventSource& source) {
  std::string out;
  out.reserve(2048 + source.request.body.size() * 3 / 2);
  ObjectText event(out);
  event.text("version", "2.0");
  write_request(event, source);
  write_body(event, source.request, source.url != nullptr);
  event.end();
  return out;
}

std::string authorizer_event_v2(const EventSource& source, std::string_view arn, const Strings& identity) {
  std::string out;
  ObjectText event(out);
  event.text("version", "2.0");
  event.text("type", "REQUEST");
  event.text("routeArn", arn);
  auto& list = event.key("identitySource") += '[';
  for (std::size_t i = 0; i < identity.size(); ++i) {
    if (i > 0) list += ',';
    wire::write_string(list, identity[i]);
  }
  list += ']';
  write_request(event, source);
  event.end();
  return out;
}
}  // namespace emu::gateway
