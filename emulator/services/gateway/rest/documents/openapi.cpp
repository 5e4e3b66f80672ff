#include "emulator/services/gateway/rest/documents/openapi.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "emulator/services/gateway/rest/documents/documentation.hpp"
#include "emulator/services/gateway/rest/rows.hpp"

namespace emu::gateway::v1 {
namespace {
constexpr std::string_view kMethods[] = {"get",     "put",  "post",  "delete",
                                         "options", "head", "patch", "x-amazon-apigateway-any-method"};
constexpr std::size_t kMostPaths = 2000;

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

Json object_at(const Json& document, std::initializer_list<std::string_view> path) {
  const auto* found = part_of(document, path);
  return found && found->is_object() ? *found : Json::object();
}

std::string last_of(const std::string& ref) { return ref.substr(ref.rfind('/') + 1); }

class Importer {
 public:
  Importer(const Json& document, Json& record, const std::function<std::string(std::size_t)>& new_id,
           std::string base)
      : document_(document), record_(record), new_id_(new_id), base_(std::move(base)) {}

  void all() {
    describe();
    models();
    authorizers();
    validators();
    for (auto& [type, response] : object_at(document_, {"x-amazon-apigateway-gateway-responses"}).items()) {
      Json made{{"responseType", type},
                {"defaultResponse", false},
                {"responseParameters", Json::object()},
                {"responseTemplates", Json::object()}};
      take(made, response, {"responseParameters", "responseTemplates"});
      if (response.contains("statusCode"))
        made["statusCode"] =
            response["statusCode"].is_string() ? response["statusCode"] : Json(response["statusCode"].dump());
      check_gateway_response(made);
      record_["gatewayResponses"][type] = std::move(made);
    }
    const auto paths = object_at(document_, {"paths"});
    if (paths.size() > kMostPaths) throw bad_request("The document has too many paths");
    for (const auto& [path, item] : paths.items()) {
      if (!path.starts_with('/')) throw bad_request(fmt::format("Invalid path specified: {}", path));
      const auto id = resource(base_ + path);
      for (const auto name : kMethods)
        if (item.is_object() && item.contains(name)) {
          const auto verb = name.starts_with("x-") ? std::string("ANY") : upper(std::string(name));
          record_["resources"][id]["resourceMethods"][verb] = method(verb, item[std::string(name)], item);
        }
    }
  }

 private:
  void describe() {
    Json& api = record_["api"];
    const auto info = object_at(document_, {"info"});
    if (info.contains("title") && info["title"].is_string()) api["name"] = info["title"];
    for (const auto* member : {"description", "version"})
      if (info.contains(member))  // YAML reads 1.0 as a number
        api[member] = info[member].is_string() ? info[member] : Json(info[member].dump());
    if (const auto* types = part_of(document_, {"x-amazon-apigateway-binary-media-types"}))
      api["binaryMediaTypes"] = types->get<std::vector<std::string>>();
    if (const auto* source = part_of(document_, {"x-amazon-apigateway-api-key-source"}))
      api["apiKeySource"] = source->get<std::string>();
    if (const auto* policy = part_of(document_, {"x-amazon-apigateway-policy"}))
      api["policy"] = policy->dump();
  }

  void models() {
    for (const auto& place :
         {object_at(document_, {"definitions"}), object_at(document_, {"components", "schemas"})})
      for (const auto& [name, schema] : place.items()) {
        Json made{{"id", new_id_(6)},
                  {"name", name},
                  {"contentType", "application/json"},
                  {"schema", schema.dump()}};
        check_model(made);
        record_["models"][name] = std::move(made);
      }
  }

  Json schemes() const {
    auto out = object_at(document_, {"securityDefinitions"});
    out.update(object_at(document_, {"components", "securitySchemes"}));
    return out;
  }

  void authorizers() {
    for (const auto& [name, scheme] : schemes().items()) {
      const auto given = object_at(scheme, {"x-amazon-apigateway-authorizer"});
      if (given.empty()) continue;
      const auto id = new_id_(6);
      Json made{{"id", id},
                {"name", name},
                {"authType", "custom"},
                {"authorizerResultTtlInSeconds", 300},
                {"type", upper(text(given, "type", "token"))}};
      take(made, given,
           {"authorizerUri", "authorizerCredentials", "identitySource", "identityValidationExpression",
            "authorizerResultTtlInSeconds", "providerARNs"});
      if (made["type"] != "REQUEST" && !made.contains("identitySource"))
        made["identitySource"] = "method.request.header." + text(scheme, "name", "Authorization");
      check_authorizer(made);
      record_["authorizers"][id] = std::move(made);
      by_scheme_[name] = id;
    }
  }

  void validators() {
    for (const auto& [name, given] :
         object_at(document_, {"x-amazon-apigateway-request-validators"}).items()) {
      const auto id = new_id_(6);
      Json made{
          {"id", id}, {"name", name}, {"validateRequestBody", false}, {"validateRequestParameters", false}};
      for (const auto* flagged : {"validateRequestBody", "validateRequestParameters"})
        made[flagged] = flag(given, flagged);
      record_["requestValidators"][id] = std::move(made);
      by_validator_[name] = id;
    }
  }

  // The resource of a path, made with those above it where it is not.
  std::string resource(const std::string& path) {
    auto at = text(record_["api"], "rootResourceId");
    std::string walked;
    for (std::size_t from = 1; from < path.size();) {
      const auto end = std::min(path.find('/', from), path.size());
      const auto part = path.substr(from, end - from);
      from = end + 1;
      if (part.empty()) continue;
      walked += "/" + part;
      std::string found;
      for (const auto& [id, each] : record_["resources"].items())
        if (text(each, "path") == walked) found = id;
      if (found.empty()) {
        found = new_id_(6);
        record_["resources"][found] = {{"id", found}, {"parentId", at}, {"pathPart", part}, {"path", walked}};
      }
      at = found;
    }
    return at;
  }

  Json method(const std::string& verb, const Json& operation, const Json& item) {
    Json made{{"httpMethod", verb}, {"authorizationType", "NONE"}, {"apiKeyRequired", false}};
    if (operation.contains("operationId")) made["operationName"] = operation["operationId"];
    secure(made, operation);
    auto validator = text(operation, "x-amazon-apigateway-request-validator",
                          text(document_, "x-amazon-apigateway-request-validator"));
    if (by_validator_.contains(validator)) made["requestValidatorId"] = by_validator_[validator];
    for (const auto* place : {&item, &operation})
      for (const auto& parameter : place->value("parameters", Json::array())) add_parameter(made, parameter);
    for (const auto& [type, content] : object_at(operation, {"requestBody", "content"}).items())
      if (const auto* ref = part_of(content, {"schema", "$ref"}); ref && ref->is_string())
        made["requestModels"][type] = last_of(ref->get<std::string>());
    for (const auto& [status, response] : object_at(operation, {"responses"}).items())
      if (status != "default") made["methodResponses"][status] = method_response(status, response);
    const auto integration = object_at(operation, {"x-amazon-apigateway-integration"});
    if (!integration.empty()) made["methodIntegration"] = integrated(integration);
    check_method(made);
    return made;
  }

  void secure(Json& made, const Json& operation) {
    const auto all = schemes();
    for (const auto& requirement : operation.value("security", Json::array()))
      for (const auto& [name, scopes] : requirement.items()) {
        const auto scheme = object_at(all, {name});
        if (by_scheme_.contains(name)) {
          const auto id = by_scheme_[name];
          made["authorizationType"] =
              record_["authorizers"][id]["type"] == "COGNITO_USER_POOLS" ? "COGNITO_USER_POOLS" : "CUSTOM";
          made["authorizerId"] = id;
          if (!scopes.empty()) made["authorizationScopes"] = scopes;
        } else if (text(scheme, "x-amazon-apigateway-authtype") == "awsSigv4") {
          made["authorizationType"] = "AWS_IAM";
        } else if (text(scheme, "name") == "x-api-key") {
          made["apiKeyRequired"] = true;
        }
      }
    if (text(operation, "x-amazon-apigateway-auth") == "AWS_IAM") made["authorizationType"] = "AWS_IAM";
  }

  static void add_parameter(Json& made, const Json& parameter) {
    const auto in = text(parameter, "in"), name = text(parameter, "name");
    if (in == "body") {
      if (const auto* ref = part_of(parameter, {"schema", "$ref"}); ref && ref->is_string())
        made["requestModels"]["application/json"] = last_of(ref->get<std::string>());
    } else if (in == "header" || in == "path" || in == "query") {
      made["requestParameters"][fmt::format("method.request.{}.{}", in == "query" ? "querystring" : in,
                                            name)] = parameter.value("required", false);
    }
  }

  static Json method_response(const std::string& status, const Json& response) {
    Json made{{"statusCode", status}};
    for (const auto& [name, header] : object_at(response, {"headers"}).items())
      made["responseParameters"]["method.response.header." + name] = false;
    return made;
  }

  static Json integrated(const Json& given) {
    Json made{{"passthroughBehavior", "WHEN_NO_MATCH"},
              {"timeoutInMillis", 29'000},
              {"cacheKeyParameters", Json::array()}};
    take(made, given,
         {"uri", "httpMethod", "credentials", "requestTemplates", "requestParameters", "timeoutInMillis",
          "contentHandling", "connectionType", "connectionId", "cacheNamespace", "cacheKeyParameters",
          "tlsConfig", "responseTransferMode"});
    made["type"] = upper(text(given, "type"));
    if (given.contains("passthroughBehavior"))
      made["passthroughBehavior"] = upper(text(given, "passthroughBehavior"));
    for (const auto& [pattern, response] : object_at(given, {"responses"}).items()) {
      const auto& code = response.contains("statusCode") ? response["statusCode"] : Json("200");
      const auto status = code.is_string() ? code.get<std::string>() : code.dump();
      Json each{{"statusCode", status}};
      if (pattern != "default") each["selectionPattern"] = pattern;
      take(each, response, {"responseTemplates", "responseParameters", "contentHandling"});
      made["integrationResponses"][status] = std::move(each);
    }
    return made;
  }

  const Json& document_;
  Json& record_;
  const std::function<std::string(std::size_t)>& new_id_;
  std::string base_;  // before every path
  std::map<std::string, std::string> by_scheme_, by_validator_;
};
}  // namespace

void import_openapi(const Json& document, Json& record, bool merge, BasePath base,
                    const std::function<std::string(std::size_t)>& new_id) {
  const bool known = document.is_object() &&
                     (text(document, "swagger") == "2.0" || text(document, "openapi").starts_with("3."));
  if (!known)
    throw bad_request(
        "Invalid OpenAPI input: neither \"swagger\": \"2.0\" nor \"openapi\": \"3.…\" in the document");
  if (!merge) {
    const auto root = text(record["api"], "rootResourceId");
    record["resources"] = {{root, {{"id", root}, {"path", "/"}}}};
    for (const auto* part : {"authorizers", "requestValidators", "gatewayResponses"}) record.erase(part);
  }
  try {
    Importer(document, record, new_id, base_path_of(document, base)).all();
    if (const auto* documentation = part_of(document, {"x-amazon-apigateway-documentation"}))
      import_documentation(*documentation, record, merge, new_id);
  } catch (const Json::exception&) {
    throw bad_request("Invalid OpenAPI input: a member is of the wrong type");
  }
}
}  // namespace emu::gateway::v1
