#include "emulator/services/gateway/proxy.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "emulator/base/bounded_json.hpp"
#include "emulator/base/log.hpp"
#include "emulator/base/text.hpp"
#include "emulator/http/client.hpp"
#include "emulator/services/gateway/events/event_parts.hpp"
#include "emulator/services/gateway/responses/answer.hpp"
#include "emulator/services/gateway/templates/json_path.hpp"

namespace emu::gateway {
namespace {
constexpr std::size_t kMappedBody = 100 * 1024;  // of a body that mappings look into (spec-gateway 18.2)

std::optional<std::string> under(std::string_view text, std::string_view prefix) {
  return text.starts_with(prefix) ? std::optional(std::string(text.substr(prefix.size()))) : std::nullopt;
}

std::string one_value(const EventSource& source, std::string_view expression) {
  const auto& request = source.request;
  if (const auto name = under(expression, "$request.header.")) return std::string(request.headers.get(*name));
  if (const auto name = under(expression, "$request.querystring.")) {
    for (auto& [key, value] : http::parse_query(request.query()))
      if (key == *name) return std::move(value);
    return {};
  }
  if (expression == "$request.path") return std::string(source.path);
  if (const auto name = under(expression, "$request.path.")) {
    for (const auto& [key, value] : source.parameters)
      if (key == *name) return value;
    return {};
  }
  if (expression == "$request.body") return request.body;
  if (const auto path = under(expression, "$request.body.")) {
    if (request.body.size() > kMappedBody) return {};
    const auto found = at_json_path(bounded_parse(request.body), "$." + *path);
    if (!found) return {};
    return found->is_string() ? found->get<std::string>() : json_text(*found);
  }
  if (const auto name = under(expression, "$stageVariables.")) {
    const auto it = source.stage.variables.find(*name);
    return it == source.stage.variables.end() ? std::string() : it->second;
  }
  if (expression == "$context.requestId") return std::string(source.request_id);
  if (expression == "$context.identity.sourceIp") return request.client_ip;
  if (expression == "$context.routeKey") return source.route.key.text;
  if (expression == "$context.stage") return source.stage.name;
  if (expression == "$context.apiId") return source.api.record.api.apiId;
  if (expression == "$context.httpMethod") return request.method;
  if (expression == "$context.domainName") return source.domain;
  if (const auto path = under(expression, "$context.authorizer.")) {
    const auto found = at_json_path(bounded_parse(source.authorizer), "$." + *path);
    if (!found) return {};
    return found->is_string() ? found->get<std::string>() : json_text(*found);
  }
  return std::string(expression.starts_with('$') ? "" : expression);
}

void map_header(http::Headers& headers, std::string_view operation, std::string_view name,
                std::string value) {
  if (operation == "remove") {
    http::Headers kept;
    for (const auto& header : headers)
      if (!same_text(header.name, name)) kept.add(header.name, header.value);
    headers = std::move(kept);
  } else if (http::is_header_value(value) && operation == "append") {
    headers.add(std::string(name), std::move(value));
  } else if (http::is_header_value(value)) {
    headers.set(name, std::move(value));
  }
}

using Query = std::vector<std::pair<std::string, std::string>>;
void map_query(Query& query, std::string_view operation, std::string_view name, std::string value) {
  if (operation != "append") std::erase_if(query, [&](const auto& each) { return each.first == name; });
  if (operation != "remove") query.emplace_back(name, std::move(value));
}

void fill_in(std::string& uri, const std::string& name, std::string_view value) {
  for (const auto& form : {"{" + name + "}", "{" + name + "+}"})
    if (const auto at = uri.find(form); at != std::string::npos)
      uri.replace(at, form.size(), http::path_encode(value));
}

// The path of a URI replaced by another.
void replace_path(std::string& uri, std::string path) {
  if (!path.starts_with('/')) path.insert(0, 1, '/');
  const auto host = uri.find("://");
  const auto from = uri.find('/', host == uri.npos ? 0 : host + 3);
  uri = uri.substr(0, from) + path;
}
}  // namespace

std::string mapped_value(const EventSource& source, const std::string& expression, Encoding encoded) {
  const auto value = [&](std::string_view each) {
    auto plain = one_value(source, each);
    return encoded && each.starts_with('$') ? encoded(plain) : plain;
  };
  if (expression.find("${") == expression.npos) return value(expression);
  std::string out;
  for (std::size_t from = 0; from < expression.size();) {
    const auto open = std::min(expression.find("${", from), expression.size());
    out += expression.substr(from, open - from);
    const auto close = expression.find('}', open);
    if (open == expression.size() || close == expression.npos) break;
    out += value("$" + expression.substr(open + 2, close - open - 2));
    from = close + 1;
  }
  return out;
}

Onward onward(const EventSource& source, const std::optional<std::string>& behind) {
  const auto& integration = *source.route.http;
  Onward out;
  out.uri = integration.integrationUri;
  if (behind) {
    out.uri = *behind;
    replace_path(out.uri, std::string(source.raw_path));
  }
  out.request.method =
      integration.integrationMethod == "ANY" ? source.request.method : integration.integrationMethod;
  out.request.body = source.request.body;
  each_header(source, [&](std::string_view name, std::string_view value) {
    if (!same_text(name, "host") && !same_text(name, "content-length"))
      out.request.headers.add(std::string(name), std::string(value));
  });
  auto query = http::parse_query(source.request.query());
  for (const auto& [name, value] : source.parameters) fill_in(out.uri, name, value);
  for (const auto& [to, expression] : integration.requestParameters.value_or(StringMap{})) {
    const auto colon = to.find(':');
    const auto operation = std::string_view(to).substr(0, colon),
               target = std::string_view(to).substr(colon + 1);
    auto value = operation == "remove"
                     ? std::string()
                     : mapped_value(source, expression, target == "path" ? http::path_encode : nullptr);
    if (target == "path")
      replace_path(out.uri, std::move(value));
    else if (target.starts_with("header."))
      map_header(out.request.headers, operation, target.substr(7), std::move(value));
    else if (target.starts_with("querystring."))
      map_query(query, operation, target.substr(12), std::move(value));
  }
  for (const auto& [name, value] : query)
    out.uri += fmt::format("{}{}={}", out.uri.find('?') == std::string::npos ? '?' : '&',
                           http::percent_encode(name), http::percent_encode(value));
  return out;
}

http::Response mapped_answer(const EventSource& source,
                             const std::optional<std::map<std::string, StringMap>>& by_status,
                             http::Response answer) {
  if (!by_status) return answer;
  const auto found = by_status->find(std::to_string(answer.status));
  if (found == by_status->end()) return answer;
  auto out = answer;
  for (const auto& [to, expression] : found->second) {
    const auto colon = to.find(':');
    const auto operation = std::string_view(to).substr(0, colon),
               target = std::string_view(to).substr(colon + 1);
    const auto header = under(expression, "$response.header.");
    auto value = header ? std::string(answer.headers.get(*header)) : mapped_value(source, expression);
    if (target == "statuscode") {
      const auto status = number_in<int>(value);
      if (status && *status >= 200 && *status <= 599) out.status = *status;
    } else if (target.starts_with("header.")) {
      map_header(out.headers, operation, target.substr(7), std::move(value));
    }
  }
  return out;
}

http::Response backwards(const EventSource& source, http::Response answer) {
  http::Response out{answer.status, {}, std::move(answer.body)};
  for (const auto& header : answer.headers)
    if (!between_hops(header.name) && !same_text(header.name, "date"))
      out.headers.add(header.name, header.value);
  return mapped_answer(source, source.route.http->responseParameters, std::move(out));
}

Altered altered(const EventSource& source, const StringMap& mappings) {
  Altered out{source.request, std::string(source.path), std::string(source.raw_path)};
  auto query = http::parse_query(source.request.query());
  bool other_query = false;
  for (const auto& [to, expression] : mappings) {
    const auto colon = to.find(':');
    const auto operation = std::string_view(to).substr(0, colon),
               target = std::string_view(to).substr(colon + 1);
    auto value = operation == "remove" ? std::string() : mapped_value(source, expression);
    if (target == "path") {
      out.path = value.starts_with('/') ? std::move(value) : "/" + value;
      out.raw_path = http::path_encode(out.path);
    } else if (target.starts_with("header.")) {
      map_header(out.request.headers, operation, target.substr(7), std::move(value));
    } else if (target.starts_with("querystring.")) {
      other_query = true;
      map_query(query, operation, target.substr(12), std::move(value));
    }
  }
  if (!other_query) return out;
  out.request.target = source.request.path();
  for (const auto& [name, value] : query)
    out.request.target +=
        fmt::format("{}{}={}", out.request.target.find('?') == std::string::npos ? '?' : '&',
                    http::percent_encode(name), http::percent_encode(value));
  return out;
}

awaitable<http::Response> proxied(const EventSource& source, std::optional<std::string> behind) {
  auto to = onward(source, behind);
  auto reply = co_await http::fetch(std::move(to.uri), std::move(to.request), source.route.timeout);
  if (reply.response) co_return backwards(source, std::move(*reply.response));
  log_warning(fmt::format("{}: the backend could not be reached: {}", source.route.key.text, reply.why));
  co_return service_unavailable();
}
}  // namespace emu::gateway
