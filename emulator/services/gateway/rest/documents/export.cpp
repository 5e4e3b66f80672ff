// GetExport: what a stage serves as an OpenAPI document, so that importing it makes the same API
// (spec-gateway 26, 27.2).
#include <fmt/format.h>

#include <algorithm>

#include "emulator/base/bounded_json.hpp"
#include "emulator/services/gateway/openapi_document.hpp"
#include "emulator/services/gateway/rest/documents/documentation.hpp"
#include "emulator/services/gateway/rest/rest_apis.hpp"
#include "emulator/services/gateway/rest/rows.hpp"

namespace emu::gateway::v1 {
namespace {
std::string small_letters(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

class Exporter {
 public:
  // `extensions`: "integrations", "authorizers", both, or "apigateway" for all there are.
  Exporter(const Json& snapshot, bool swagger, const std::string& extensions)
      : snapshot_(snapshot),
        swagger_(swagger),
        all_(extensions.find("apigateway") != extensions.npos),
        integrations_(all_ || extensions.find("integrations") != extensions.npos),
        authorizers_(all_ || extensions.find("authorizers") != extensions.npos) {}

  Json paths() {
    Json out = Json::object();
    for (const auto& resource : object(snapshot_, "resources"))
      for (const auto& [verb, method] : object(resource, "resourceMethods").items()) {
        const auto name = verb == "ANY" ? "x-amazon-apigateway-any-method" : small_letters(verb);
        out[text(resource, "path")][name] = operation(method);
      }
    return out;
  }

  Json schemes() {
    Json out = Json::object();
    for (const auto& authorizer : object(snapshot_, "authorizers")) {
      static constexpr std::string_view kHeader = "method.request.header.";
      auto source = text(authorizer, "identitySource");
      const bool header = source.starts_with(kHeader) && source.find(',') == source.npos;
      Json& scheme = out[text(authorizer, "name")];
      scheme = {{"type", "apiKey"},
                {"name", header ? source.substr(kHeader.size()) : "Unused"},
                {"in", "header"},
                {"x-amazon-apigateway-authtype", text(authorizer, "authType", "custom")}};
      if (!authorizers_) continue;
      Json& more = scheme["x-amazon-apigateway-authorizer"];
      more["type"] = small_letters(text(authorizer, "type"));
      take(more, authorizer,
           {"authorizerUri", "authorizerCredentials", "identitySource", "identityValidationExpression",
            "authorizerResultTtlInSeconds", "providerARNs"});
    }
    if (uses_keys_) out["api_key"] = {{"type", "apiKey"}, {"name", "x-api-key"}, {"in", "header"}};
    if (uses_signatures_)
      out["sigv4"] = {{"type", "apiKey"},
                      {"name", "Authorization"},
                      {"in", "header"},
                      {"x-amazon-apigateway-authtype", "awsSigv4"}};
    return out;
  }

  Json models() const {
    Json out = Json::object();
    for (const auto& [name, model] : object(snapshot_, "models").items()) {
      auto schema = bounded_parse(text(model, "schema", "{}"));
      if (!schema.is_discarded()) out[name] = std::move(schema);
    }
    return out;
  }

  void extend(Json& document, const Json& api) const {
    if (!all_) return;
    for (const auto& validator : object(snapshot_, "requestValidators"))
      take(document["x-amazon-apigateway-request-validators"][text(validator, "name")], validator,
           {"validateRequestBody", "validateRequestParameters"});
    for (const auto& [type, response] : object(snapshot_, "gatewayResponses").items())
      take(document["x-amazon-apigateway-gateway-responses"][type], response,
           {"statusCode", "responseParameters", "responseTemplates"});
    if (api.contains("binaryMediaTypes"))
      document["x-amazon-apigateway-binary-media-types"] = api["binaryMediaTypes"];
    if (text(api, "apiKeySource", "HEADER") != "HEADER")
      document["x-amazon-apigateway-api-key-source"] = api["apiKeySource"];
  }

 private:
  Json ref(const std::string& model) const {
    return {{"$ref", (swagger_ ? "#/definitions/" : "#/components/schemas/") + model}};
  }
  Json typed(Json parameter) const {
    if (swagger_)
      parameter["type"] = "string";
    else
      parameter["schema"] = {{"type", "string"}};
    return parameter;
  }

  Json operation(const Json& method) {
    Json out{{"responses", Json::object()}};
    if (method.contains("operationName")) out["operationId"] = method["operationName"];
    parameters(out, method);
    for (const auto& [status, response] : object(method, "methodResponses").items())
      out["responses"][status] = answer(status, response);
    secure(out, method);
    if (!integrations_) return out;
    if (const auto* validator =
            !all_ ? nullptr : part_of(snapshot_, {"requestValidators", text(method, "requestValidatorId")}))
      out["x-amazon-apigateway-request-validator"] = text(*validator, "name");
    if (const auto* integration = part_of(method, {"methodIntegration"}))
      out["x-amazon-apigateway-integration"] = integrated(*integration);
    return out;
  }

  void parameters(Json& out, const Json& method) const {
    for (const auto& [name, required] : object(method, "requestParameters").items()) {
      const auto kind = name.find('.', 15);  // behind "method.request."
      if (kind == name.npos) continue;
      auto in = name.substr(15, kind - 15);
      if (in == "querystring") in = "query";
      out["parameters"].push_back(typed(
          {{"name", name.substr(kind + 1)}, {"in", in}, {"required", required == true || in == "path"}}));
    }
    for (const auto& [type, model] : object(method, "requestModels").items()) {
      if (!model.is_string()) continue;
      if (swagger_)
        out["parameters"].push_back(
            {{"in", "body"}, {"name", model}, {"required", true}, {"schema", ref(model.get<std::string>())}});
      else
        out["requestBody"] = {{"content", {{type, {{"schema", ref(model.get<std::string>())}}}}},
                              {"required", true}};
      if (swagger_) out["consumes"].push_back(type);
    }
  }

  Json answer(const std::string& status, const Json& response) const {
    static constexpr std::string_view kHeader = "method.response.header.";
    Json out{{"description", status + " response"}};
    for (const auto& [name, required] : object(response, "responseParameters").items())
      if (name.starts_with(kHeader)) out["headers"][name.substr(kHeader.size())] = typed(Json::object());
    for (const auto& [type, model] : object(response, "responseModels").items()) {
      if (!model.is_string()) continue;
      if (swagger_)
        out["schema"] = ref(model.get<std::string>());
      else
        out["content"][type]["schema"] = ref(model.get<std::string>());
    }
    return out;
  }

  void secure(Json& out, const Json& method) {
    Json needs = Json::object();
    if (const auto* authorizer = part_of(snapshot_, {"authorizers", text(method, "authorizerId")}))
      needs[text(*authorizer, "name")] = texts(method, "authorizationScopes");
    if (text(method, "authorizationType") == "AWS_IAM") {
      needs["sigv4"] = Json::array();
      uses_signatures_ = true;
    }
    if (flag(method, "apiKeyRequired")) {
      needs["api_key"] = Json::array();
      uses_keys_ = true;
    }
    for (const auto& [name, scopes] : needs.items()) out["security"].push_back({{name, scopes}});
  }

  static Json integrated(const Json& integration) {
    Json out{{"type", small_letters(text(integration, "type"))}};
    take(out, integration,
         {"uri", "httpMethod", "credentials", "requestParameters", "requestTemplates", "contentHandling",
          "connectionType", "connectionId", "timeoutInMillis", "tlsConfig", "responseTransferMode"});
    out["passthroughBehavior"] = small_letters(text(integration, "passthroughBehavior", "WHEN_NO_MATCH"));
    for (const auto& response : object(integration, "integrationResponses"))
      take(out["responses"][text(response, "selectionPattern", "default")], response,
           {"statusCode", "responseParameters", "responseTemplates", "contentHandling"});
    return out;
  }

  const Json& snapshot_;
  bool swagger_, all_, integrations_, authorizers_, uses_keys_ = false, uses_signatures_ = false;
};

constexpr Member kExport[] = {kRestApiId,
                              {"stageName", Shape::text, true},
                              {"exportType", Shape::text, true},
                              {"parameters", Shape::text_map},
                              {"extensions"},
                              {"accepts"}};

Result<Json> get_export(RestApis& apis, Context& context, const Json& in) {
  const auto api = apis.find(context.scope, text(in, "restApiId"));
  if (!api) return apis.no_such_api();
  const auto* stage = part_of(api->record, {"stages", text(in, "stageName")});
  if (!stage) return absent("Invalid stage identifier specified");
  const auto type = text(in, "exportType");
  if (type != "swagger" && type != "oas30")
    return bad_request("Invalid export type specified. Valid values are: [swagger, oas30]");
  const auto accepts = text(in, "accepts", "application/json");
  const bool yaml = accepts.find("yaml") != accepts.npos;
  if (!yaml && accepts.find("json") == accepts.npos && accepts.find("*/*") == accepts.npos)
    return bad_request(fmt::format("emu exports application/json and application/yaml, not {}", accepts));
  static const Json kNothing = Json::object();
  const auto* snapshot = part_of(api->record, {"deployments", text(*stage, "deploymentId"), "snapshot"});
  const bool swagger = type == "swagger";
  const auto wanted = text(in, "extensions") + text(object(in, "parameters"), "extensions");
  Exporter exporter(snapshot ? *snapshot : kNothing, swagger, wanted);
  const Json& described = api->record["api"];
  const auto date = iso8601(Time(std::chrono::seconds(number(*stage, "createdDate", 0))));
  Json out{{"info", {{"title", text(described, "name")}, {"version", text(described, "version", date)}}},
           {"paths", exporter.paths()}};
  if (described.contains("description")) out["info"]["description"] = described["description"];
  const auto host = fmt::format("{}.execute-api.{}.amazonaws.com", api->id, api->scope.region);
  const auto base = "/" + text(*stage, "stageName");
  if (swagger) {
    out["swagger"] = "2.0";
    out["host"] = host;
    out["basePath"] = base;
    out["schemes"] = {"https"};
    out["definitions"] = exporter.models();
    if (auto schemes = exporter.schemes(); !schemes.empty()) out["securityDefinitions"] = std::move(schemes);
  } else {
    out["openapi"] = "3.0.1";
    out["servers"] = Json::array(
        {{{"url", "https://" + host + "/{basePath}"}, {"variables", {{"basePath", {{"default", base}}}}}}});
    out["components"]["schemas"] = exporter.models();
    if (auto schemes = exporter.schemes(); !schemes.empty())
      out["components"]["securitySchemes"] = std::move(schemes);
  }
  exporter.extend(out, described);
  if (wanted.find("documentation") != wanted.npos || wanted.find("apigateway") != wanted.npos)
    if (auto documentation = exported_documentation(api->record, *stage); !documentation.is_null())
      out["x-amazon-apigateway-documentation"] = std::move(documentation);
  const std::string_view kind = yaml ? "yaml" : "json";
  return Json{{"contentType", fmt::format("application/{}", kind)},
              {"contentDisposition", fmt::format("attachment; filename=\"{}_{}.{}\"", type, date, kind)},
              {"body", yaml ? as_yaml(out) : out.dump(2)}};
}

// SDKs are generated by AWS's own tools, of which emu has none: no type is known.
constexpr Member kSdkType[] = {{"id", Shape::text, true}};
constexpr Member kSdk[] = {
    kRestApiId, {"stageName", Shape::text, true}, {"sdkType", Shape::text, true}, {"parameters", Shape::any}};
constexpr std::string_view kSdkWithoutEffect[] = {"parameters"};
Result<Json> list_sdk_types(RestApis&, Context&, const Json& in) { return page({}, in); }
Result<Json> get_sdk_type(RestApis&, Context&, const Json& in) {
  return absent(
      fmt::format("Invalid SDK type specified: emu generates no SDKs, nor one for {}", text(in, "id")));
}
Result<Json> get_sdk(RestApis& apis, Context& context, const Json& in) {
  const auto api = apis.find(context.scope, text(in, "restApiId"));
  if (!api) return apis.no_such_api();
  return bad_request(
      fmt::format("Invalid SDK type specified: emu generates no SDKs, nor one for {}", text(in, "sdkType")));
}

constexpr wire::Binding kBindings[] = {
    {wire::Where::request_header, "accepts", "Accept"},
    {wire::Where::response_header, "contentType", "Content-Type"},
    {wire::Where::response_header, "contentDisposition", "Content-Disposition"},
    {wire::Where::response_body, "body"}};
constexpr Operation kRows[] = {
    row<get_export, kExport>("GetExport",
                             "GET /restapis/{restApiId}/stages/{stageName}/exports/{exportType}?extensions",
                             200, kBindings),
    row<list_sdk_types, kListed>("GetSdkTypes", "GET /sdktypes?position&limit"),
    row<get_sdk_type, kSdkType>("GetSdkType", "GET /sdktypes/{id}"),
    row<get_sdk, kSdk>("GetSdk", "GET /restapis/{restApiId}/stages/{stageName}/sdks/{sdkType}")
        .ignoring(kSdkWithoutEffect),
};
}  // namespace

std::span<const Operation> export_rows() { return kRows; }
}  // namespace emu::gateway::v1
