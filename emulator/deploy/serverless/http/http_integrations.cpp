#include "emulator/deploy/serverless/http/http_integrations.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace emu::deploy::serverless {
namespace {
constexpr Key kRequestKeys[] = {{"parameters"}, {"schemas"}, {"template"},       {"passThrough"},
                                {"uri"},        {"method"},  {"contentHandling"}};
constexpr Key kResponseKeys[] = {{"headers"}, {"template"}, {"statusCodes"}, {"transferMode"}};
constexpr Key kStatusKeys[] = {{"pattern"}, {"headers"}, {"template"}};
constexpr Key kProviderRequestKeys[] = {{"schemas"}};
constexpr Key kSchemaKeys[] = {{"schema"}, {"name"}, {"description"}};
constexpr std::pair<std::string_view, std::string_view> kIntegrations[] = {{"lambda-proxy", "AWS_PROXY"},
                                                                           {"aws-proxy", "AWS_PROXY"},
                                                                           {"lambda", "AWS"},
                                                                           {"aws", "AWS"},
                                                                           {"http", "HTTP"},
                                                                           {"http-proxy", "HTTP_PROXY"},
                                                                           {"mock", "MOCK"}};

// What serverless makes of a function's errors unless told otherwise: "[404] no such thing" is a 404.
Json usual_statuses() {
  Json out{
      {"200", {{"pattern", ""}}},
      {"500", {{"pattern", R"([\s\S]*(Process\s?exited\s?before\s?completing\s?request|\[500\])[\s\S]*)"}}},
      {"504", {{"pattern", R"(([\s\S]*\[504\][\s\S]*)|(.*Task timed out after \d+\.\d+ seconds$))"}}}};
  for (const auto* code : {"400", "401", "403", "404", "422", "502"})
    out[code] = {{"pattern", fmt::format(R"([\s\S]*\[{}\][\s\S]*)", code)}};
  return out;
}

// A map as a JSON object of texts.
std::string listed_map(std::string_view name, std::string_view map) {
  std::string out =
      R"t("NAME": {#foreach($key in MAP.keySet())"$util.escapeJavaScript($key)": )t"
      R"t("$util.escapeJavaScript(OF.get($key)).replaceAll("\\'", "'")"#if($foreach.hasNext), #end#end})t";
  const auto put = [&](std::string_view what, std::string_view value) {
    out.replace(out.find(what), what.size(), value);
  };
  put("NAME", name);
  put("MAP", map);
  put("OF", map);
  return out;
}

// The event that functions behind `integration: lambda` know; `body` is the template of its body.
std::string event_template(std::string_view before, std::string_view body) {
  std::string out(before);
  out += fmt::format("{{\n  \"body\": {},\n", body);
  out +=
      "  \"method\": \"$context.httpMethod\",\n  \"principalId\": \"$context.authorizer.principalId\",\n"
      "  \"stage\": \"$context.stage\",\n"
      "  \"cognitoPoolClaims\": {\"sub\": \"$context.authorizer.claims.sub\"},\n";
  for (const auto& [name, map] :
       {std::pair<std::string_view, std::string_view>{"enhancedAuthContext", "$context.authorizer"},
        {"headers", "$input.params().header"},
        {"query", "$input.params().querystring"},
        {"path", "$input.params().path"},
        {"identity", "$context.identity"},
        {"stageVariables", "$stageVariables"}})
    out += "  " + listed_map(name, map) + ",\n";
  return out + "  \"requestPath\": \"$context.resourcePath\"\n}\n";
}

constexpr std::string_view kForm =
    R"t({#foreach($field in $input.path('$').split('&'))#set($pair = $field.split('='))#set($text = ''))t"
    R"t("$util.escapeJavaScript($util.urlDecode($pair[0]))": #if($pair.size() > 1))t"
    R"t(#set($text = $util.escapeJavaScript($util.urlDecode($pair[1])).replaceAll("\\'", "'"))#end)t"
    R"t("$text"#if($foreach.hasNext), #end#end})t";

Json usual_templates() {
  return {{"application/json", event_template("#set($body = $input.json('$'))\n", "$body")},
          {"application/x-www-form-urlencoded", event_template("", kForm)}};
}

// {"text/html": "…"}, or a text, which is JSON's.
Json templates_of(const Node& node) {
  return node.is_map() ? node.json() : Json{{"application/json", node.as_text()}};
}

void read_response(const Section& event, HttpEvent& into, Report& report) {
  const Node* node = event.map("response");
  if (!node) return;
  const Section response(*node, event.path("response"), kResponseKeys, report);
  if (const Node* headers = response.map("headers")) into.response["headers"] = headers->json();
  if (const Node* text = response.text("template")) into.response["template"] = text->text();
  if (const Node* mode = response.text("transferMode"); mode && mode->text() != "BUFFERED")
    report.refuse(mode->place,
                  fmt::format("{}: only proxy integrations stream", response.path("transferMode")));
  const Node* statuses = response.map("statusCodes");
  if (!statuses) return;
  into.response["statusCodes"] = Json::object();
  for (const auto& [code, each] : statuses->members) {
    const Section status(each, response.path("statusCodes") + "." + code, kStatusKeys, report);
    Json& out = into.response["statusCodes"][code];
    const Node* pattern = status.value("pattern");
    out["pattern"] = pattern ? pattern->as_text() : "";
    if (const Node* headers = status.map("headers")) out["headers"] = headers->json();
    if (const Node* text = status.find("template")) out["template"] = templates_of(*text);
  }
}

void read_request(const Section& event, HttpEvent& into, Report& report) {
  const Node* node = event.map("request");
  if (!node) return;
  const Section request(*node, event.path("request"), kRequestKeys, report);
  if (const Node* schemas = request.map("schemas"))
    for (const auto& [type, schema] : schemas->members) into.schemas.emplace_back(type, schema);
  for (const auto* key : {"template", "passThrough", "uri", "method", "contentHandling"}) {
    const Node* value = request.find(key);
    const bool whole = std::string_view(key) == "template";
    if (value && into.integration == "AWS_PROXY")
      report.note(value->place,
                  fmt::format("{} has no effect: the integration is lambda-proxy", request.path(key)));
    else if (whole                            ? request.map(key)
             : std::string_view(key) == "uri" ? request.value(key)
                                              : request.text(key))
      into.request[key] = value->json();
  }
}

// Of a proxy, whose responses say all else themselves: response.transferMode.
void read_transfer(const Node& node, const std::string& path, HttpEvent& into, Report& report) {
  const Section response(node, path, kResponseKeys, report);
  for (const auto* key : {"headers", "template", "statusCodes"})
    if (const Node* given = response.find(key))
      report.note(given->place,
                  fmt::format("{} has no effect: the integration is a proxy", response.path(key)));
  const Node* mode = response.text("transferMode");
  if (!mode) return;
  into.streams = mode->text() == "STREAM";
  if (!into.streams && mode->text() != "BUFFERED")
    report.refuse(mode->place, fmt::format("{} must be BUFFERED or STREAM, not \"{}\"",
                                           response.path("transferMode"), mode->text()));
  if (into.streams && into.integration != "AWS_PROXY")
    report.refuse(mode->place,
                  fmt::format("{}: emu streams responses of functions only", response.path("transferMode")));
}

void read_connection(const Section& event, HttpEvent& into, Report& report) {
  const Node *type = event.text("connectionType"), *id = event.value("connectionId");
  if (!type) return;
  if (type->text() != "vpc-link" && type->text() != "VPC_LINK")
    report.refuse(type->place,
                  fmt::format("{} must be vpc-link, not \"{}\"", event.path("connectionType"), type->text()));
  if (id)
    into.connection = id->json();
  else
    report.refuse(type->place, fmt::format("{} is missing; name the VPC link", event.path("connectionId")));
}

// Headers of every response: those of CORS, and the event's own.
Json response_headers(const HttpEvent& event) {
  Json out = Json::object();
  if (event.cors) out["Access-Control-Allow-Origin"] = fmt::format("'{}'", event.cors->value("origin", "*"));
  if (event.cors && event.cors->contains("credentials")) out["Access-Control-Allow-Credentials"] = "'true'";
  if (event.response.contains("headers")) out.update(event.response["headers"]);
  return out;
}

struct Status {
  std::string code, pattern;
  Json headers, templates = Json::object();  // "method.response.header.x": value
};
std::vector<Status> statuses_of(const HttpEvent& event) {
  std::vector<Status> out;
  const Json statuses =
      event.response.contains("statusCodes") ? event.response["statusCodes"] : usual_statuses();
  for (const auto& [code, status] : statuses.items()) {
    Status made{code, status.value("pattern", ""), Json::object()};
    Json headers = response_headers(event);
    if (status.contains("headers")) headers.update(status["headers"]);
    for (const auto& [name, value] : headers.items()) made.headers["method.response.header." + name] = value;
    if (event.response.contains("template")) made.templates["application/json"] = event.response["template"];
    if (status.contains("template")) made.templates.update(status["template"]);
    out.push_back(std::move(made));
  }
  return out;
}

// "application/json" → "ApplicationJson"
std::string type_name(std::string_view type) {
  std::string out;
  bool first = true;
  for (const unsigned char c : type) {
    if (std::isalnum(c)) out += static_cast<char>(first ? std::toupper(c) : c);
    first = !std::isalnum(c);
  }
  return out;
}

void add_model(Service& service, const std::string& id, const Node& given, const std::string& type) {
  if (service.resources.find(id)) return;
  const Node* schema = given.find("schema");
  Json properties{{"RestApiId", ref_to("ApiGatewayRestApi")},
                  {"ContentType", type},
                  {"Schema", schema ? schema->json() : given.json()}};
  if (schema) {
    const Section section(given, "a schema", kSchemaKeys, service.report);
    if (const Node* name = section.value("name")) properties["Name"] = name->json();
    if (const Node* text = section.value("description")) properties["Description"] = text->json();
  }
  service.add(id, "AWS::ApiGateway::Model", properties, given.place);
}

// A schema that provider.apiGateway.request.schemas names; null, and refused: it does not.
const Node* shared_schema(Service& service, const Node& name) {
  const Node* request = service.provider.at({"apiGateway", "request"});
  if (request) {
    const Section section(*request, "provider.apiGateway.request", kProviderRequestKeys, service.report);
    const Node* schemas = section.map("schemas");
    if (const Node* found = schemas ? schemas->find(name.text()) : nullptr) return found;
  }
  service.report.refuse(name.place,
                        fmt::format("provider.apiGateway.request.schemas has no \"{}\"", name.text()));
  return nullptr;
}
}  // namespace

void read_integration(const Section& event, HttpEvent& into, Report& report) {
  if (const Node* integration = event.text("integration")) {
    auto kind = integration->text();
    std::ranges::transform(kind, kind.begin(),
                           [](unsigned char c) { return c == '_' ? '-' : std::tolower(c); });
    const auto known = std::ranges::find(kIntegrations, kind, [](const auto& each) { return each.first; });
    if (known != std::end(kIntegrations))
      into.integration = known->second;
    else
      report.refuse(integration->place,
                    fmt::format("{} must be lambda-proxy, lambda, http, http-proxy or mock, not \"{}\"",
                                event.path("integration"), integration->text()));
  }
  if (event.flag("async")) {
    into.integration = "AWS";
    into.async = true;
  }
  read_request(event, into, report);
  read_connection(event, into, report);
  if (const Node* response = event.find("response"); response && into.integration.ends_with("_PROXY"))
    read_transfer(*response, event.path("response"), into, report);
  else
    read_response(event, into, report);
  if (into.integration.starts_with("HTTP") && !into.request.contains("uri"))
    report.refuse(event.place(),
                  fmt::format("{} is missing; write where the backend is", event.path("request.uri")));
}

Json integration_of(const HttpEvent& event, const Json& uri) {
  const auto& type = event.integration;
  Json out{{"IntegrationHttpMethod", "POST"}, {"Type", type}};
  if (type.starts_with("AWS")) out["Uri"] = uri;
  if (event.timeout_ms) out["TimeoutInMillis"] = *event.timeout_ms;
  if (event.streams) out["ResponseTransferMode"] = "STREAM";
  if (event.connection) {
    out["ConnectionType"] = "VPC_LINK";
    out["ConnectionId"] = *event.connection;
  }
  if (type == "AWS_PROXY") return out;
  if (type.starts_with("HTTP")) {
    out["Uri"] = event.request.value("uri", Json());
    auto method = event.request.value("method", event.method);
    std::ranges::transform(method, method.begin(), [](unsigned char c) { return std::toupper(c); });
    out["IntegrationHttpMethod"] = method;
  }
  if (event.request.contains("passThrough") || type == "AWS")
    out["PassthroughBehavior"] = event.request.value("passThrough", "NEVER");
  if (event.request.contains("contentHandling")) out["ContentHandling"] = event.request["contentHandling"];
  Json templates = type == "AWS" ? usual_templates() : Json::object();
  if (event.request.contains("template") && event.request["template"].is_object())
    templates.update(event.request["template"]);
  if (!templates.empty()) out["RequestTemplates"] = templates;
  Json parameters = Json::object();
  for (const auto& [name, required] : event.parameters.items()) {
    static_cast<void>(required);
    const auto to = "integration.request." + name.substr(std::string_view("method.request.").size());
    parameters[to] = event.mapped.value(name, Json(name));
  }
  if (event.async) parameters["integration.request.header.X-Amz-Invocation-Type"] = "'Event'";
  if (!parameters.empty()) out["RequestParameters"] = parameters;
  if (type == "HTTP_PROXY") return out;
  Json& responses = out["IntegrationResponses"] = Json::array();
  for (auto& status : statuses_of(event))
    responses.push_back({{"StatusCode", status.code},
                         {"SelectionPattern", status.pattern},
                         {"ResponseParameters", status.headers},
                         {"ResponseTemplates", status.templates}});
  return out;
}

Json method_responses(const HttpEvent& event) {
  Json out = Json::array();
  if (event.integration.ends_with("_PROXY")) return out;
  for (const auto& status : statuses_of(event)) {
    Json declared = Json::object();
    for (const auto& [name, value] : status.headers.items()) declared[name] = true;
    out.push_back(
        {{"StatusCode", status.code}, {"ResponseParameters", declared}, {"ResponseModels", Json::object()}});
  }
  return out;
}

void add_validation(Service& service, const HttpEvent& event, const std::string& method_id, Json& method) {
  if (event.schemas.empty() && event.parameters.empty()) return;
  const auto validator = "ApiGateway" + normalized(service.name) + "RequestValidator";
  if (!service.resources.find(validator))
    service.add(validator, "AWS::ApiGateway::RequestValidator",
                {{"RestApiId", ref_to("ApiGatewayRestApi")},
                 {"ValidateRequestBody", true},
                 {"ValidateRequestParameters", true},
                 {"Name", fmt::format("{}-{} | Validate request body and querystring parameters",
                                      service.name, service.stage)}},
                event.place);
  method["RequestValidatorId"] = ref_to(validator);
  for (const auto& [type, schema] : event.schemas) {
    auto id = method_id + type_name(type) + "Model";
    const Node* given = &schema;
    if (schema.is_string()) {
      id = "ApiGateway" + normalized(schema.text()) + "Model";
      given = shared_schema(service, schema);
    }
    if (!given) continue;
    add_model(service, id, *given, type);
    method["RequestModels"][type] = ref_to(id);
  }
}
}  // namespace emu::deploy::serverless
