#include "emulator/deploy/serverless/http/http_authorizers.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace emu::deploy::serverless {
namespace {
constexpr Key kAuthorizerEventKeys[] = {{"name"}, {"id"}, {"type"}, {"scopes"}};
constexpr Key kAuthorizerKeys[] = {{"type"},
                                   {"name"},
                                   {"identitySource"},
                                   {"issuerUrl"},
                                   {"audience"},
                                   {"functionName"},
                                   {"functionArn"},
                                   {"payloadVersion"},
                                   {"enableSimpleResponses"},
                                   {"resultTtlInSeconds"},
                                   {"managedExternally"}};

bool is_iam(std::string_view type) { return type == "aws_iam" || type == "AWS_IAM"; }

// Texts, or an intrinsic function for one of them.
Json list_of(const Node& node) {
  if (node.is_list()) return node.json();
  return Json::array({node.json()});
}

Json apis_arn() {
  return join("", {"arn:", ref_to("AWS::Partition"), ":execute-api:", ref_to("AWS::Region"), ":",
                   ref_to("AWS::AccountId"), ":", ref_to("HttpApi"), "/*"});
}

// The ARN of the function that authorizes; null, and refused: there is none.
Json function_of(Service& service, const Section& section) {
  if (const Node* arn = section.value("functionArn")) return arn->json();
  const Node* name = section.text("functionName");
  if (!name) {
    service.report.refuse(section.place(), fmt::format("{} is missing; name the function that authorizes",
                                                       section.path("functionName")));
    return nullptr;
  }
  const auto function = std::ranges::find(service.functions, name->text(), &Function::key);
  if (function != service.functions.end()) return function->arn();
  service.report.refuse(name->place, fmt::format("{} \"{}\" is no function of this service",
                                                 section.path("functionName"), name->text()));
  return nullptr;
}

void add_function(Service& service, const std::string& name, const Section& section, Json& properties) {
  properties["AuthorizerType"] = "REQUEST";
  const Node* version = section.value("payloadVersion");
  properties["AuthorizerPayloadFormatVersion"] = version ? version->as_text() : "2.0";
  if (section.find("enableSimpleResponses"))
    properties["EnableSimpleResponses"] = section.flag("enableSimpleResponses");
  if (const auto ttl = section.number("resultTtlInSeconds"))
    properties["AuthorizerResultTtlInSeconds"] = ttl->json();
  const Json arn = function_of(service, section);
  properties["AuthorizerUri"] =
      join("", {"arn:", ref_to("AWS::Partition"), ":apigateway:", ref_to("AWS::Region"),
                ":lambda:path/2015-03-31/functions/", arn, "/invocations"});
  if (section.flag("managedExternally")) return;
  service.add(normalized(name) + "LambdaAuthorizerPermissionHttpApi", "AWS::Lambda::Permission",
              {{"FunctionName", arn},
               {"Action", "lambda:InvokeFunction"},
               {"Principal", "apigateway.amazonaws.com"},
               {"SourceArn", apis_arn()}},
              section.place());
}

void add_jwt(Service& service, const Section& section, Json& properties) {
  properties["AuthorizerType"] = "JWT";
  const Node* issuer = section.value("issuerUrl");
  const Node* audience = section.find("audience");
  for (const auto& [key, value] : {std::pair{"issuerUrl", issuer},
                                   {"audience", audience},
                                   {"identitySource", section.find("identitySource")}})
    if (!value)
      service.report.refuse(section.place(),
                            fmt::format("{} is missing; a JWT authorizer wants it", section.path(key)));
  if (issuer && audience)
    properties["JwtConfiguration"] = {{"Issuer", issuer->json()}, {"Audience", list_of(*audience)}};
}

// Its resources; the type that a route with it has.
std::string add_authorizer(Service& service, const std::string& name, const Node& node,
                           const std::string& path) {
  const Section section(node, path, kAuthorizerKeys, service.report);
  const Node* kind = section.text("type");
  const auto type = kind ? kind->text() : "jwt";
  if (type != "jwt" && type != "request")
    service.report.refuse(kind->place,
                          fmt::format("{} must be jwt or request, not \"{}\"", section.path("type"), type));
  const auto id = "HttpApiAuthorizer" + normalized(name);
  if (!service.resources.find(id)) {
    const Node* shown = section.value("name");
    const Node* source = section.find("identitySource");
    Json properties{{"ApiId", ref_to("HttpApi")},
                    {"Name", shown ? shown->json() : Json(name)},
                    {"IdentitySource", source ? list_of(*source) : Json::array()}};
    if (type == "request")
      add_function(service, name, section, properties);
    else
      add_jwt(service, section, properties);
    service.add(id, "AWS::ApiGatewayV2::Authorizer", properties, node.place);
  }
  return type == "request" ? "CUSTOM" : "JWT";
}
}  // namespace

void add_http_authorizers(Service& service, const Section& settings) {
  if (const Node* all = settings.map("authorizers"))
    for (const auto& [name, node] : all->members)
      add_authorizer(service, name, node, settings.path("authorizers") + "." + name);
}

Json route_authorization(Service& service, const Node* given, const std::string& path,
                         const Section& settings) {
  static const Node kNone = Node::map();
  if (!given) return Json::object();
  const Section event(given->is_map() ? *given : kNone, path, kAuthorizerEventKeys, service.report);
  const Node* type = event.text("type");
  const Node* id = event.value("id");
  const Node* named = given->is_map() ? event.text("name") : given;
  Json out = Json::object();
  if (is_iam(type ? type->text() : named && named->is_string() ? named->text() : "")) {
    out["AuthorizationType"] = "AWS_IAM";
    return out;
  }
  if (id) {
    out = {{"AuthorizationType", type && type->text() == "request" ? "CUSTOM" : "JWT"},
           {"AuthorizerId", id->json()}};
  } else if (named && named->is_string()) {
    const Node* all = settings.map("authorizers");
    const Node* node = all ? all->find(named->text()) : nullptr;
    if (!node) {
      service.report.refuse(named->place,
                            fmt::format("provider.httpApi.authorizers has no \"{}\"", named->text()));
      return out;
    }
    out["AuthorizationType"] =
        add_authorizer(service, named->text(), *node, settings.path("authorizers") + "." + named->text());
    out["AuthorizerId"] = ref_to("HttpApiAuthorizer" + normalized(named->text()));
  } else {
    service.report.refuse(given->place, path + " names no authorizer; write its name, or type: aws_iam");
  }
  if (const Node* scopes = event.list("scopes")) out["AuthorizationScopes"] = scopes->json();
  return out;
}
}  // namespace emu::deploy::serverless
