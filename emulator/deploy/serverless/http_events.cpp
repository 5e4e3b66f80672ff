#include "emulator/deploy/serverless/http_events.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "emulator/deploy/serverless/function_keys.hpp"
#include "emulator/deploy/serverless/http_integrations.hpp"

namespace emu::deploy::serverless {
namespace {
constexpr Key kKeys[] = {{"path"},
                         {"method"},
                         {"cors"},
                         {"private"},
                         {"authorizer"},
                         {"operationId"},
                         {"request"},
                         {"integration"},
                         {"async"},
                         {"response"},
                         {"connectionType", Support::not_yet},
                         {"connectionId", Support::not_yet}};
constexpr Key kParameterKeys[] = {{"paths"}, {"querystrings"}, {"headers"}};
constexpr Key kCorsKeys[] = {{"origin"},           {"origins"}, {"headers"},     {"methods"},
                             {"allowCredentials"}, {"maxAge"},  {"cacheControl"}};
constexpr Key kAuthorizerKeys[] = {{"name"},
                                   {"arn", Support::not_yet, "name the function"},
                                   {"type"},
                                   {"resultTtlInSeconds"},
                                   {"identitySource"},
                                   {"identityValidationExpression"},
                                   {"authorizerId", Support::not_yet},
                                   {"scopes", Support::not_yet},
                                   {"claims", Support::not_yet},
                                   {"managedExternally", Support::not_yet}};
constexpr std::string_view kMethods[] = {"ANY", "GET", "POST", "PUT", "PATCH", "OPTIONS", "HEAD", "DELETE"};
constexpr std::string_view kHeaders =
    "Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token,X-Amz-User-Agent,X-Amzn-Trace-Id";

std::string joined(const Node& node) {
  std::string out;
  for (const auto& each : texts(node)) out += (out.empty() ? "" : ",") + each;
  return out;
}

std::optional<Json> cors_of(const Section& event, Report& report) {
  const Node* cors = event.find("cors");
  if (!cors || (cors->is_boolean() && !cors->is_true())) return std::nullopt;
  Json out{{"origin", "*"}, {"headers", kHeaders}};
  if (cors->is_true()) return out;
  const Section section(*cors, event.path("cors"), kCorsKeys, report);
  for (const auto* key : {"origin", "origins"})
    if (const Node* value = section.find(key)) out["origin"] = joined(*value);
  if (const Node* value = section.find("headers")) out["headers"] = joined(*value);
  if (section.flag("allowCredentials")) out["credentials"] = true;
  if (const auto age = section.number("maxAge")) out["maxAge"] = age->as_text();
  if (const Node* control = section.text("cacheControl")) out["cacheControl"] = control->text();
  return out;
}

Json authorizer_of(Service& service, const Section& event) {
  const Node* given = event.find("authorizer");
  if (!given) return {};
  Json out;
  std::string name;
  if (given->is_string()) {
    name = given->text();
    if (name == "aws_iam" || name == "AWS_IAM") return "aws_iam";
    out = Json::object();
  } else {
    const Section section(*given, event.path("authorizer"), kAuthorizerKeys, service.report);
    out = Json::object();
    if (const Node* value = section.value("name")) name = value->as_text();
    if (const Node* type = section.text("type")) out["type"] = type->text();
    if (out.value("type", "") == "aws_iam" || out.value("type", "") == "AWS_IAM") return "aws_iam";
    if (const auto ttl = section.number("resultTtlInSeconds")) out["ttl"] = ttl->json();
    if (const Node* source = section.text("identitySource")) out["identitySource"] = source->text();
    if (const Node* expression = section.text("identityValidationExpression"))
      out["expression"] = expression->text();
  }
  const auto function = std::ranges::find(service.functions, name, &Function::key);
  if (function == service.functions.end()) {
    service.report.refuse(given->place,
                          fmt::format("the authorizer \"{}\" is no function of this service", name));
    return {};
  }
  out["function"] = name;
  return out;
}

Json parameters_of(const Section& event, Report& report) {
  Json out = Json::object();
  const Node* request = event.map("request");
  if (!request) return out;
  const Node* parameters = request->find("parameters");
  if (!parameters) return out;
  const Section kinds(*parameters, event.path("request.parameters"), kParameterKeys, report);
  for (const auto& [key, wire] :
       {std::pair{"paths", "path"}, {"querystrings", "querystring"}, {"headers", "header"}}) {
    const Node* named = kinds.map(key);
    if (!named) continue;
    for (const auto& [name, required] : named->members)
      out[fmt::format("method.request.{}.{}", wire, name)] = required.is_true();
  }
  return out;
}

// Path variables are always required, as serverless has it.
void require_variables(HttpEvent& event) {
  for (auto from = event.path.find('{'); from != std::string::npos; from = event.path.find('{', from + 1)) {
    const auto to = event.path.find('}', from);
    if (to == std::string::npos) return;
    auto name = event.path.substr(from + 1, to - from - 1);
    if (name.ends_with('+')) name.pop_back();
    if (!event.parameters.empty()) event.parameters["method.request.path." + name] = true;
  }
}

std::optional<HttpEvent> read(Service& service, const Function& function, const Node& node) {
  const auto where = "functions." + function.key + " http";
  HttpEvent out{.function = &function, .place = node.place};
  if (node.is_string()) {
    const auto& text = node.text();
    const auto space = text.find(' ');
    out.method = text.substr(0, space);
    out.path = space == std::string::npos ? "" : text.substr(space + 1);
    if (space == std::string::npos)
      service.report.refuse(node.place,
                            fmt::format("{}: \"{}\" has no path; write 'GET {}'", where, text, text));
  } else if (node.is_map()) {
    const Section section(node, where, kKeys, service.report);
    if (const Node* method = section.value("method")) out.method = method->as_text();
    if (const Node* path = section.value("path")) out.path = path->as_text();
    if (!section.find("path") || !section.find("method"))
      service.report.refuse(node.place, where + " wants a path and a method");
    read_integration(section, out, service.report);
    out.cors = cors_of(section, service.report);
    out.needs_key = section.flag("private");
    out.authorizer = authorizer_of(service, section);
    out.parameters = parameters_of(section, service.report);
    if (const Node* operation = section.text("operationId")) out.operation = operation->text();
  } else {
    service.report.refuse(node.place,
                          fmt::format("{} must be 'METHOD path' or a mapping, not {}", where, node.what()));
    return std::nullopt;
  }
  std::ranges::transform(out.method, out.method.begin(), [](unsigned char c) { return std::toupper(c); });
  if (out.method == "*") out.method = "ANY";
  if (std::ranges::find(kMethods, out.method) == std::end(kMethods))
    service.report.refuse(
        node.place,
        fmt::format("{}: unknown method \"{}\"; known are GET, POST, PUT, PATCH, OPTIONS, HEAD, DELETE, ANY",
                    where, out.method));
  while (out.path.starts_with('/')) out.path.erase(0, 1);
  while (out.path.ends_with('/')) out.path.pop_back();
  require_variables(out);
  return out;
}
}  // namespace

std::vector<HttpEvent> http_events(Service& service) {
  std::vector<HttpEvent> out;
  for (const auto& function : service.functions) {
    const Node* events = function.node.find("events");
    if (!events || !events->is_list()) continue;  // refused where httpApi events are read
    for (const auto& event : events->items) {
      const Node* http = event.is_map() ? event.find("http") : nullptr;
      if (!http) continue;
      auto made = read(service, function, *http);
      if (!made) continue;
      for (const auto& other : out)
        if (other.path == made->path && other.method == made->method)
          service.report.refuse(
              made->place,
              fmt::format(
                  "the method '{} /{}' of functions.{} is already given in line {}; remove one of them",
                  made->method, made->path, function.key, other.place.line));
      out.push_back(std::move(*made));
    }
  }
  return out;
}
}  // namespace emu::deploy::serverless
