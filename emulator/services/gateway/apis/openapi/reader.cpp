#include <fmt/format.h>

#include <algorithm>

#include "emulator/base/text.hpp"
#include "emulator/services/gateway/apis/apis.hpp"
#include "emulator/services/gateway/apis/authorizers.hpp"
#include "emulator/services/gateway/apis/integrations.hpp"
#include "emulator/services/gateway/apis/openapi/openapi.hpp"
#include "emulator/services/gateway/apis/operations.hpp"
#include "emulator/services/gateway/apis/routes.hpp"
#include "emulator/services/gateway/rest/rows.hpp"

namespace emu::gateway {
namespace {
using v1::part_of;
using v1::text;
constexpr std::string_view kVerbs[] = {"get",     "put",  "post",  "delete",
                                       "options", "head", "patch", "x-amazon-apigateway-any-method"};
constexpr std::size_t kMostOperations = 300;  // routes of an API, quotas of API Gateway

std::string upper_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

const Json& object_in(const Json& document, std::initializer_list<std::string_view> path) {
  static const Json kNone = Json::object();
  const auto* found = part_of(document, path);
  return found && found->is_object() ? *found : kNone;
}

std::optional<int> number_at(const Json& object, std::string_view member) {
  const auto it = object.find(member);
  if (it == object.end() || it->is_null()) return std::nullopt;
  return wire::decode(wire::Tag<int>{}, *it, member);
}

std::optional<std::string> text_in(const Json& object, std::string_view member) {
  const auto it = object.find(member);
  if (it == object.end() || it->is_null()) return std::nullopt;
  return it->is_string() ? it->get<std::string>() : it->dump();
}

Strings texts_in(const Json& object, std::string_view member) {
  Strings out;
  for (const auto& each : object.value(member, Json::array()))
    if (each.is_string()) out.push_back(each);
  return out;
}

// "a, b" or ["a", "b"]
Strings sources_of(const Json& authorizer) {
  const auto it = authorizer.find("identitySource");
  if (it == authorizer.end()) return {};
  if (it->is_array()) return texts_in(authorizer, "identitySource");
  Strings out;
  const auto all = text_in(authorizer, "identitySource").value_or("");
  for (std::size_t from = 0; from < all.size();) {
    const auto end = std::min(all.find(',', from), all.size());
    auto one = std::string_view(all).substr(from, end - from);
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    if (!one.empty()) out.emplace_back(one);
    from = end + 1;
  }
  return out;
}

class HttpImporter {
 public:
  HttpImporter(const Json& document, BasePath base, ApiRecord& record, const NewId& new_id)
      : document_(document), record_(record), new_id_(new_id), prefix_(base_path_of(document, base)) {}

  Strings all() {
    describe();
    authorizers();
    for (const auto& [path, item] : object_in(document_, {"paths"}).items()) {
      if (!item.is_object()) throw bad_request(fmt::format("Invalid path item specified: {}", path));
      if (item.contains("trace")) warn("Method trace is not supported", path);
      for (const auto verb : kVerbs)
        if (const auto operation = item.find(verb); operation != item.end()) add(path, verb, *operation);
    }
    return std::move(warnings_);
  }

 private:
  void warn(std::string_view what, std::string_view where) {
    warnings_.push_back(fmt::format("{}: {}", what, where));
  }

  // What CreateApi would be told, with its checks.
  void describe() {
    const auto& info = object_in(document_, {"info"});
    ApiOptions said;
    said.name = text_in(info, "title");
    record_.api.description = text_in(info, "description");
    record_.api.version = text_in(info, "version");
    record_.api.corsConfiguration.reset();
    if (const auto& cors = object_in(document_, {"x-amazon-apigateway-cors"}); !cors.empty())
      said.corsConfiguration = wire::decode(wire::Tag<Cors>{}, cors, "");
    const auto tags = document_.find("tags");
    if (tags != document_.end() && tags->is_array()) {
      said.tags = record_.api.tags;
      for (const auto& tag : *tags)
        if (tag.is_object())
          if (const auto value = text_in(tag, "x-amazon-apigateway-tag-value"))
            (*said.tags)[text(tag, "name")] = *value;
    }
    const auto servers = document_.find("servers");
    const bool any = servers != document_.end() && servers->is_array() && !servers->empty();
    for (const auto* place : {&document_, any ? &servers->front() : &document_}) {
      const auto& endpoint = object_in(*place, {"x-amazon-apigateway-endpoint-configuration"});
      if (const auto closed = endpoint.find("disableExecuteApiEndpoint"); closed != endpoint.end())
        said.disableExecuteApiEndpoint = closed->get<bool>();
      if (const auto type = text_in(endpoint, "ipAddressType")) said.ipAddressType = type;
    }
    apply(std::move(said), record_.api);
  }

  void authorizers() {
    record_.authorizers.emplace();
    for (const auto& [name, scheme] : object_in(document_, {"components", "securitySchemes"}).items()) {
      const auto& given = object_in(scheme, {"x-amazon-apigateway-authorizer"});
      if (given.empty()) continue;
      AuthorizerOptions made;
      made.name = name;
      made.authorizerType = upper_case(text(given, "type", "request"));
      made.identitySource = sources_of(given);
      made.authorizerUri = text_in(given, "authorizerUri");
      made.authorizerCredentialsArn = text_in(given, "authorizerCredentials");
      made.authorizerPayloadFormatVersion = text_in(given, "authorizerPayloadFormatVersion");
      made.authorizerResultTtlInSeconds = number_at(given, "authorizerResultTtlInSeconds");
      if (given.contains("enableSimpleResponses"))
        made.enableSimpleResponses = given["enableSimpleResponses"].get<bool>();
      if (const auto& jwt = object_in(given, {"jwtConfiguration"}); !jwt.empty())
        made.jwtConfiguration = JwtConfiguration{texts_in(jwt, "audience"), text_in(jwt, "issuer")};
      Authorizer authorizer{.authorizerId = new_id_(6)};
      apply(std::move(made), authorizer);
      record_.authorizers->push_back(std::move(authorizer));
    }
  }

  void add(const std::string& path, std::string_view verb, const Json& operation) {
    if (!operation.is_object())
      throw bad_request(fmt::format("Invalid operation specified: {} {}", verb, path));
    if (record_.routes.size() >= kMostOperations) throw bad_request("The document has too many operations");
    const auto method = verb.starts_with("x-") ? std::string("ANY") : upper_case(std::string(verb));
    RouteOptions route;
    route.routeKey = path == "$default" || path == "/$default" ? "$default" : method + " " + prefix_ + path;
    route.operationName = text_in(operation, "operationId");
    secure(route, operation);
    const auto* integration = &object_in(operation, {"x-amazon-apigateway-integration"});
    if (const auto ref = text_in(*integration, "$ref"))
      integration = &object_in(document_, {"components", "x-amazon-apigateway-integrations",
                                           std::string_view(*ref).substr(ref->rfind('/') + 1)});
    if (integration->empty())
      warn("No integration was found", *route.routeKey);
    else
      route.target = "integrations/" + integrated(*integration);
    add_route(record_, route, new_id_(7));
  }

  void secure(RouteOptions& route, const Json& operation) {
    const auto& schemes = object_in(document_, {"components", "securitySchemes"});
    const auto all = operation.find("security");
    if (all == operation.end()) return;
    for (const auto& requirement : *all)
      for (const auto& [name, scopes] : requirement.items()) {
        const auto* authorizer = find_by(*record_.authorizers, &Authorizer::name, name);
        if (text(object_in(schemes, {name}), "x-amazon-apigateway-authtype") == "awsSigv4") {
          route.authorizationType = "AWS_IAM";
        } else if (authorizer) {
          route.authorizationType = authorizer->authorizerType == "JWT" ? "JWT" : "CUSTOM";
          route.authorizerId = authorizer->authorizerId;
          if (scopes.is_array() && !scopes.empty()) route.authorizationScopes = texts_in(requirement, name);
        } else {
          warn("No authorizer was found for security scheme " + name, *route.routeKey);
        }
      }
  }

  StringMap mappings(const Json& given) {
    StringMap out;
    for (const auto& [to, from] : given.items()) {
      if (!from.is_string()) throw bad_request(fmt::format("Invalid mapping expression specified: {}", to));
      out[to] = from;
    }
    return out;
  }

  std::string integrated(const Json& given) {
    IntegrationOptions made;
    made.integrationType = upper_case(text(given, "type"));
    made.integrationUri = text_in(given, "uri");
    if (const auto method = text_in(given, "httpMethod")) made.integrationMethod = upper_case(*method);
    made.integrationSubtype = text_in(given, "integrationSubtype");
    made.payloadFormatVersion = text_in(given, "payloadFormatVersion");
    made.credentialsArn = text_in(given, "credentials");
    made.connectionType = text_in(given, "connectionType");
    made.connectionId = text_in(given, "connectionId");
    made.description = text_in(given, "description");
    made.timeoutInMillis = number_at(given, "timeoutInMillis");
    if (const auto& tls = object_in(given, {"tlsConfig"}); !tls.empty())
      made.tlsConfig = TlsConfig{text_in(tls, "serverNameToVerify")};
    if (const auto& request = object_in(given, {"requestParameters"}); !request.empty())
      made.requestParameters = mappings(request);
    if (const auto& responses = object_in(given, {"responseParameters"}); !responses.empty()) {
      made.responseParameters.emplace();
      for (const auto& [status, each] : responses.items())
        (*made.responseParameters)[status] = mappings(each);
    }
    check_complete(made);
    auto integration = fresh_integration(new_id_(7));
    apply(std::move(made), integration);
    record_.integrations.push_back(integration);
    return integration.integrationId;
  }

  const Json& document_;
  ApiRecord& record_;
  const NewId& new_id_;
  std::string prefix_;
  Strings warnings_;
};
}  // namespace

Strings import_openapi(const Json& document, BasePath base, ApiRecord& record, const NewId& new_id) {
  if (!document.is_object() || !text(document, "openapi").starts_with("3.0"))
    throw bad_request(
        "Unable to build API: the document is no OpenAPI 3.0 (\"openapi\": \"3.0.…\" is missing)");
  record.routes.clear();
  record.integrations.clear();
  record.authorizers.reset();
  try {
    return HttpImporter(document, base, record, new_id).all();
  } catch (const Json::exception&) {
    throw bad_request("Unable to build API: a member of the document is of the wrong type");
  }
}
}  // namespace emu::gateway
