#include "emulator/deploy/serverless/http/http_events.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "emulator/deploy/serverless/function_keys.hpp"
#include "emulator/deploy/serverless/http/http_integrations.hpp"

namespace emu::deploy::serverless {
namespace {
constexpr Key kKeys[] = {{"path"},        {"method"},          {"cors"},     {"private"},
                         {"authorizer"},  {"operationId"},     {"request"},  {"integration"},
                         {"async"},       {"timeoutInMillis"}, {"response"}, {"connectionType"},
                         {"connectionId"}};
constexpr Key kParameterKeys[] = {{"paths"}, {"querystrings"}, {"headers"}};
constexpr Key kParameterParts[] = {{"required"}, {"mappedValue"}};
constexpr Key kCorsKeys[] = {{"origin"},           {"origins"}, {"headers"},     {"methods"},
                             {"allowCredentials"}, {"maxAge"},  {"cacheControl"}};
constexpr Key kAuthorizerKeys[] = {{"name"},
                                   {"arn"},
                                   {"type"},
                                   {"resultTtlInSeconds"},
                                   {"identitySource"},
                                   {"identityValidationExpression"},
                                   {"authorizerId"},
                                   {"scopes"},
                                   {"claims", Support::not_yet},
                                   {"managedExternally"}};
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

// "arn:aws:lambda:…:function:shop-dev-guard" is named for the end of its name, as serverless has it.
std::string name_in(std::string_view arn) { return std::string(arn.substr(arn.find_last_of(":-/") + 1)); }

// A function by its key, a function or user pool by its ARN, or an authorizer that is there already.
Json authorizer_of(Service& service, const Section& event) {
  const Node* given = event.find("authorizer");
  if (!given) return {};
  static const Node kNone = Node::map();
  const Section section(given->is_map() ? *given : kNone, event.path("authorizer"), kAuthorizerKeys,
                        service.report);
  const Node* named = given->is_map() ? section.value("name") : given;
  const Node* arn = section.value("arn");
  const Node* type = section.text("type");
  std::string name = named && named->is_string() ? named->text() : "";
  const auto kind = type ? type->text() : name;
  if (kind == "aws_iam" || kind == "AWS_IAM") return "aws_iam";
  Json out = Json::object();
  if (type) out["type"] = type->text();
  if (const auto ttl = section.number("resultTtlInSeconds")) out["ttl"] = ttl->json();
  if (const Node* source = section.text("identitySource")) out["identitySource"] = source->text();
  if (const Node* expression = section.text("identityValidationExpression"))
    out["expression"] = expression->text();
  if (const Node* scopes = section.list("scopes")) out["scopes"] = scopes->json();
  if (section.flag("managedExternally")) out["managedExternally"] = true;
  if (const Node* id = section.value("authorizerId")) {
    out["id"] = id->json();
    return out;
  }
  if (!arn && name.starts_with("arn:")) arn = named;
  if (arn) {
    if (arn == named || name.empty()) name = arn->is_string() ? name_in(arn->text()) : "";
    if (name.empty())
      service.report.refuse(arn->place,
                            fmt::format("{} is missing; name the authorizer", section.path("name")));
    out["arn"] = arn->json();
  } else if (const auto function = std::ranges::find(service.functions, name, &Function::key);
             function != service.functions.end()) {
    out["arn"] = function->arn();
  } else {
    service.report.refuse(given->place,
                          fmt::format("the authorizer \"{}\" is no function of this service", name));
    return {};
  }
  out["name"] = name;
  return out;
}

// `true`, or {required: true, mappedValue: context.requestId}.
void read_parameter(const Node& given, const std::string& path, const std::string& name, HttpEvent& into,
                    Report& report) {
  if (given.is_map()) {
    const Section section(given, path, kParameterParts, report);
    into.parameters[name] = section.flag("required");
    if (const Node* value = section.value("mappedValue")) into.mapped[name] = value->json();
  } else if (given.is_boolean()) {
    into.parameters[name] = given.is_true();
  } else {
    report.refuse(given.place,
                  fmt::format("{} must be true, false or a mapping, not {}", path, given.what()));
  }
}

void read_parameters(const Section& event, HttpEvent& into, Report& report) {
  const Node* request = event.map("request");
  const Node* parameters = request ? request->find("parameters") : nullptr;
  if (!parameters) return;
  const Section kinds(*parameters, event.path("request.parameters"), kParameterKeys, report);
  for (const auto& [key, wire] :
       {std::pair{"paths", "path"}, {"querystrings", "querystring"}, {"headers", "header"}}) {
    const Node* named = kinds.map(key);
    if (!named) continue;
    for (const auto& [name, given] : named->members)
      read_parameter(given, kinds.path(key) + "." + name, fmt::format("method.request.{}.{}", wire, name),
                     into, report);
  }
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
    read_parameters(section, out, service.report);
    if (const auto longest = section.number("timeoutInMillis")) out.timeout_ms = longest->json();
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
