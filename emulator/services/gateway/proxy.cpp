#include "emulator/services/gateway/proxy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

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

std::string at_path(const Json& document, const std::string& path) {
  const auto found = at_json_path(document, "$." + path);
  if (!found) return {};
  return found->is_string() ? found->get<std::string>() : json_text(*found);
}

// Every value under a name, as AWS joins them.
template <class Rows, class Same>
std::string joined_values(const Rows& rows, Same same) {
  std::string out;
  bool first = true;
  for (const auto& row : rows)
    if (const auto* value = same(row)) {
      out += (std::exchange(first, false) ? "" : ",") + *value;
    }
  return out;
}
std::string header_of(const http::Headers& headers, std::string_view name) {
  return joined_values(headers,
                       [&](const http::Header& h) { return same_text(h.name, name) ? &h.value : nullptr; });
}

constexpr std::string_view kContext[] = {"accountId",
                                         "apiId",
                                         "domainName",
                                         "domainPrefix",
                                         "extendedRequestId",
                                         "httpMethod",
                                         "path",
                                         "protocol",
                                         "requestId",
                                         "requestTime",
                                         "requestTimeEpoch",
                                         "routeKey",
                                         "stage",
                                         "identity.accountId",
                                         "identity.caller",
                                         "identity.sourceIp",
                                         "identity.user",
                                         "identity.userAgent",
                                         "identity.userArn"};

std::string context_value(const EventSource& source, std::string_view name) {
  if (const auto path = under(name, "authorizer.")) return at_path(bounded_parse(source.authorizer), *path);
  if (name == "accountId") return source.api.scope.account;
  if (name == "apiId") return source.api.record.api.apiId;
  if (name == "domainName") return source.domain;
  if (name == "domainPrefix") return source.domain.substr(0, source.domain.find('.'));
  if (name == "extendedRequestId" || name == "requestId") return std::string(source.request_id);
  if (name == "httpMethod") return source.request.method;
  if (name == "path") return std::string(source.path);
  if (name == "protocol") return source.request.version;
  if (name == "requestTime") return log_time(source.now);
  if (name == "requestTimeEpoch") return std::to_string(epoch_ms(source.now));
  if (name == "routeKey") return source.route.key.text;
  if (name == "stage") return source.stage.name;
  if (name == "identity.accountId") return source.identity.account;
  if (name == "identity.caller") return source.identity.caller;
  if (name == "identity.sourceIp") return source.request.client_ip;
  if (name == "identity.user") return source.identity.user;
  if (name == "identity.userAgent") return std::string(source.request.headers.get("user-agent"));
  if (name == "identity.userArn") return source.identity.user_arn;
  return {};
}

// Without the stage (AWS: "The request path, without the stage name").
std::string path_below_stage(const EventSource& source) {
  const auto stage = "/" + source.stage.name;
  auto path = source.path;
  if (path == stage || path.starts_with(stage + "/")) path.remove_prefix(stage.size());
  return path.empty() ? "/" : std::string(path);
}

std::string request_value(const EventSource& source, std::string_view name) {
  const auto& request = source.request;
  if (const auto header = under(name, "header.")) return header_of(request.headers, *header);
  if (const auto key = under(name, "querystring."))
    return joined_values(http::parse_query(request.query()),
                         [&](const auto& pair) { return pair.first == *key ? &pair.second : nullptr; });
  if (name == "path") return path_below_stage(source);
  if (const auto parameter = under(name, "path."))
    for (const auto& [key, value] : source.parameters)
      if (key == *parameter) return value;
  if (name == "body") return request.body;
  if (const auto path = under(name, "body."); path && request.body.size() <= kMappedBody)
    return at_path(bounded_parse(request.body), *path);
  return {};
}

// Of an expression that begins with '$'. answer: null while there is none.
std::string one_value(const EventSource& source, std::string_view expression, const http::Response* answer) {
  if (const auto name = under(expression, "$request.")) return request_value(source, *name);
  if (const auto name = under(expression, "$context.")) return context_value(source, *name);
  if (const auto name = under(expression, "$stageVariables.")) {
    const auto it = source.stage.variables.find(*name);
    return it == source.stage.variables.end() ? std::string() : it->second;
  }
  if (const auto name = under(expression, "$response.header."); name && answer)
    return header_of(answer->headers, *name);
  if (const auto path = under(expression, "$response.body.");
      path && answer && answer->body.size() <= kMappedBody)
    return at_path(bounded_parse(answer->body), *path);
  return {};
}

bool is_known(std::string_view expression) {
  static constexpr std::string_view kOpen[] = {
      "$request.header.", "$request.querystring.", "$request.path.",  "$request.body.",
      "$stageVariables.", "$response.header.",     "$response.body.", "$context.authorizer."};
  if (expression == "$request.path" || expression == "$request.body") return true;
  if (const auto name = under(expression, "$context."))
    if (std::ranges::find(kContext, *name) != std::end(kContext)) return true;
  return std::ranges::any_of(kOpen, [&](std::string_view open) {
    return expression.starts_with(open) && expression.size() > open.size();
  });
}

// A text's "${…}", each by what `value` makes of "$…".
template <class F>
std::string filled(std::string_view text, F value) {
  std::string out;
  for (std::size_t from = 0; from < text.size();) {
    const auto open = std::min(text.find("${", from), text.size());
    out += text.substr(from, open - from);
    const auto close = text.find('}', open);
    if (open == text.size() || close == text.npos) break;
    out += value("$" + std::string(text.substr(open + 2, close - open - 2)));
    from = close + 1;
  }
  return out;
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

// visit(operation, target, value) for each mapping: "append", "header.x", what it comes to.
template <class F>
void each_mapping(const EventSource& source, const StringMap& mappings, const http::Response* answer,
                  F visit) {
  for (const auto& [to, expression] : mappings) {
    const auto colon = to.find(':');
    const auto operation = std::string_view(to).substr(0, colon),
               target = std::string_view(to).substr(std::min(colon, to.size() - 1) + 1);
    const auto encoded = target == "path" ? http::path_encode : nullptr;
    visit(operation, target,
          operation == "remove" ? std::string() : mapped_value(source, expression, encoded, answer));
  }
}

// What mappings make of a request: its path as it is sent, where they say one.
struct Remade {
  http::Headers headers;
  Query query;
  std::optional<std::string> path = {};
  bool other_query = false;
};
void remake(const EventSource& source, const StringMap& mappings, Remade& out) {
  each_mapping(source, mappings, nullptr,
               [&](std::string_view operation, std::string_view target, std::string value) {
                 if (target == "path") {
                   out.path = value.starts_with('/') ? std::move(value) : "/" + value;
                 } else if (target.starts_with("header.")) {
                   map_header(out.headers, operation, target.substr(7), std::move(value));
                 } else if (target.starts_with("querystring.")) {
                   out.other_query = true;
                   map_query(out.query, operation, target.substr(12), std::move(value));
                 }
               });
}

void add_query(std::string& target, const Query& query) {
  for (const auto& [name, value] : query)
    target += fmt::format("{}{}={}", target.find('?') == std::string::npos ? '?' : '&',
                          http::percent_encode(name), http::percent_encode(value));
}
}  // namespace

bool is_mapping_source(std::string_view expression) {
  if (expression.find("${") == expression.npos) return !expression.starts_with('$') || is_known(expression);
  bool known = true;
  filled(expression, [&](const std::string& each) {
    known = known && is_known(each);
    return std::string();
  });
  return known;
}

std::string mapped_value(const EventSource& source, const std::string& expression, Encoding encoded,
                         const http::Response* answer) {
  const auto value = [&](std::string_view each) {
    auto plain = one_value(source, each, answer);
    return encoded ? encoded(plain) : plain;
  };
  if (expression.find("${") != expression.npos) return filled(expression, value);
  return expression.starts_with('$') ? value(expression) : expression;
}

Onward onward(const EventSource& source, const std::optional<std::string>& behind) {
  const auto& integration = *source.route.http;
  Remade made{{}, http::parse_query(source.request.query())};
  each_header(source, [&](std::string_view name, std::string_view value) {
    if (!same_text(name, "host") && !same_text(name, "content-length"))
      made.headers.add(std::string(name), std::string(value));
  });
  remake(source, integration.requestParameters.value_or(StringMap{}), made);
  Onward out;
  if (behind) {
    out.uri = behind->ends_with('/') ? behind->substr(0, behind->size() - 1) : *behind;
    out.uri += made.path.value_or(std::string(source.raw_path));
  } else {
    out.uri = integration.integrationUri;
    for (const auto& [name, value] : source.parameters) fill_in(out.uri, name, value);
    if (made.path) replace_path(out.uri, std::move(*made.path));
  }
  add_query(out.uri, made.query);
  out.request.method =
      integration.integrationMethod == "ANY" ? source.request.method : integration.integrationMethod;
  out.request.headers = std::move(made.headers);
  out.request.body = source.request.body;
  return out;
}

http::Response mapped_answer(const EventSource& source,
                             const std::optional<std::map<std::string, StringMap>>& by_status,
                             http::Response answer) {
  if (!by_status) return answer;
  const auto found = by_status->find(std::to_string(answer.status));
  if (found == by_status->end()) return answer;
  auto out = answer;
  each_mapping(source, found->second, &answer,
               [&](std::string_view operation, std::string_view target, std::string value) {
                 const auto status = target == "statuscode" ? number_in<int>(value) : std::nullopt;
                 if (status && *status >= 200 && *status <= 599) out.status = *status;
                 if (target.starts_with("header."))
                   map_header(out.headers, operation, target.substr(7), std::move(value));
               });
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
  Remade made{source.request.headers, http::parse_query(source.request.query())};
  remake(source, mappings, made);
  Altered out{source.request, std::string(source.path), std::string(source.raw_path)};
  out.request.headers = std::move(made.headers);
  if (made.path) {
    out.path = http::percent_decode(*made.path);
    out.raw_path = std::move(*made.path);
  }
  if (made.other_query) {
    out.request.target = std::string(source.request.path());
    add_query(out.request.target, made.query);
  }
  return out;
}

awaitable<http::Response> proxied(const EventSource& source, std::optional<std::string> behind) {
  auto to = onward(source, behind);
  http::TlsChoices tls;
  if (const auto& said = source.route.http->tlsConfig)
    tls.server_name = said->serverNameToVerify.value_or("");
  auto reply = co_await http::fetch(std::move(to.uri), std::move(to.request), source.route.timeout,
                                    http::kLargestAnswer, std::move(tls));
  if (reply.response) co_return backwards(source, std::move(*reply.response));
  log_warning(fmt::format("{}: the backend could not be reached: {}", source.route.key.text, reply.why));
  co_return service_unavailable();
}
}  // namespace emu::gateway
