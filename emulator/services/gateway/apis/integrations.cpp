#include "emulator/services/gateway/apis/integrations.hpp"

#include <fmt/format.h>

#include "emulator/base/text.hpp"
#include "emulator/services/gateway/actions/subtypes.hpp"
#include "emulator/services/gateway/apis/operations.hpp"
#include "emulator/services/gateway/apis/rows.hpp"
#include "emulator/services/gateway/apis/vpc_links.hpp"
#include "emulator/services/gateway/proxy.hpp"
#include "emulator/services/gateway/rest/rest_apis.hpp"

namespace emu::gateway {
namespace {
struct UpdateIntegrationInput : IntegrationOptions {
  std::string integrationId;
};
BOOST_DESCRIBE_STRUCT(UpdateIntegrationInput, (),
                      (apiId, connectionId, connectionType, credentialsArn, description, integrationId,
                       integrationMethod, integrationSubtype, integrationType, integrationUri,
                       payloadFormatVersion, requestParameters, contentHandlingStrategy, passthroughBehavior,
                       requestTemplates, responseParameters, templateSelectionExpression, tlsConfig,
                       timeoutInMillis))
struct IntegrationList {
  std::vector<Integration> items;
  std::optional<std::string> nextToken;
};
BOOST_DESCRIBE_STRUCT(IntegrationList, (), (items, nextToken))

AwsError no_such_integration(std::string_view id) {
  return absent(fmt::format("Invalid Integration identifier specified {}", id));
}

// What AWS can do and this gateway cannot: refused, since a silent default would answer differently.
void refuse_unserved(const IntegrationOptions& in) {
  if (in.integrationType && *in.integrationType != "AWS_PROXY" && *in.integrationType != "HTTP_PROXY")
    throw bad_request(
        fmt::format("Only AWS_PROXY and HTTP_PROXY integrations are supported for HTTP APIs, not {}",
                    *in.integrationType));
  const auto connection = in.connectionType.value_or("INTERNET");
  if (connection != "INTERNET" && connection != "VPC_LINK")
    throw bad_request("Invalid connection type specified. Must be one of [INTERNET, VPC_LINK]");
}

bool mappable(std::string_view parameter) {
  static constexpr std::string_view kReserved[] = {
      "authorization",     "connection", "content-length", "host",  "via",
      "transfer-encoding", "te",         "expect",         "server"};
  const auto name = lower(parameter);
  return std::ranges::find(kReserved, name) == std::end(kReserved) && !name.starts_with("access-control-") &&
         !name.starts_with("apigw-") && !name.starts_with("x-amz");
}

// "append:header.x", "overwrite:querystring.y", "remove:header.z", "overwrite:path", of responses also
// "overwrite:statuscode" (spec-gateway 18.3).
void check_mapping(const std::string& to, const std::string& from, bool response) {
  const auto colon = to.find(':');
  const auto operation = to.substr(0, colon), target = colon == to.npos ? "" : to.substr(colon + 1);
  const bool known = operation == "append" || operation == "overwrite" || operation == "remove";
  const bool header = target.starts_with("header.");
  const bool whole = operation == "overwrite" && target == (response ? "statuscode" : "path");
  if (!known || !(header || whole || (!response && target.starts_with("querystring."))))
    throw bad_request(fmt::format("Invalid mapping expression specified: {}", to));
  if (operation != "remove" && !is_mapping_source(from))
    throw bad_request(fmt::format("Invalid mapping expression specified: {}", from));
  if (header && !mappable(std::string_view(target).substr(7)))
    throw bad_request(fmt::format("Operations on header {} are restricted", target.substr(7)));
}

void check_mappings(const Integration& integration) {
  if (integration.integrationSubtype) {
    if (auto wrong = refuse_subtype(integration); !wrong.empty()) throw bad_request(std::move(wrong));
  } else if (integration.requestParameters) {
    for (const auto& [to, from] : *integration.requestParameters) check_mapping(to, from, false);
  }
  if (integration.responseParameters)
    for (const auto& [status, mappings] : *integration.responseParameters) {
      const auto number = number_in<int>(status);
      if (!number || *number < 200 || *number > 599)
        throw bad_request(fmt::format("Invalid status code in response parameters: {}", status));
      for (const auto& [to, from] : mappings) check_mapping(to, from, true);
    }
}

Result<Integration> update(Gateway& gateway, Context& context, UpdateIntegrationInput in) {
  const auto id = in.integrationId;
  return change_integration(gateway, context, id, std::move(in));
}

Result<Integration> get(Gateway& gateway, Context& context, IntegrationInput in) {
  const auto api = gateway.find(context.scope, in.apiId);
  if (!api) return gateway.no_such_api(context.scope, in.apiId);
  const auto* found = find_by(api->record.integrations, &Integration::integrationId, in.integrationId);
  return copy_of(found, no_such_integration(in.integrationId));
}

Result<IntegrationList> list(Gateway& gateway, Context& context, ListInput in) {
  const auto api = gateway.find(context.scope, in.apiId);
  if (!api) return gateway.no_such_api(context.scope, in.apiId);
  auto part = page(api->record.integrations, in.maxResults, in.nextToken);
  return IntegrationList{std::move(part.items), std::move(part.nextToken)};
}

constexpr Operation kRows[] = {
    rest<create_integration>("CreateIntegration", "POST /v2/apis/{apiId}/integrations", 201)
        .ignoring(kIntegrationWithoutEffect),
    rest<get>("GetIntegration", "GET /v2/apis/{apiId}/integrations/{integrationId}"),
    rest<list>("GetIntegrations", "GET /v2/apis/{apiId}/integrations?maxResults&nextToken"),
    rest<update>("UpdateIntegration", "PATCH /v2/apis/{apiId}/integrations/{integrationId}")
        .ignoring(kIntegrationWithoutEffect),
    rest<remove_integration>("DeleteIntegration", "DELETE /v2/apis/{apiId}/integrations/{integrationId}",
                             204),
};
}  // namespace

std::span<const Operation> integration_operations() { return kRows; }

void check_complete(const IntegrationOptions& in) {
  const auto type = in.integrationType.value_or("");
  if (!in.integrationUri && !in.integrationSubtype)
    throw bad_request(fmt::format("IntegrationUri is a required parameter for integration type {}", type));
  if (type == "HTTP_PROXY" && !in.integrationMethod)
    throw bad_request("IntegrationMethod is a required parameter for integration type HTTP_PROXY");
}

Integration fresh_integration(std::string id) {
  return {.connectionType = "INTERNET",
          .integrationId = std::move(id),
          .integrationMethod = "POST",
          .integrationType = "AWS_PROXY",
          .payloadFormatVersion = "1.0"};
}

void apply(IntegrationOptions in, Integration& into) {
  refuse_unserved(in);
  if (in.payloadFormatVersion && *in.payloadFormatVersion != "1.0" && *in.payloadFormatVersion != "2.0")
    throw bad_request("PayloadFormatVersion must be 1.0 or 2.0");
  // 50 ms to 30 s (spec-gateway 12.1).
  if (in.timeoutInMillis && (*in.timeoutInMillis < 50 || *in.timeoutInMillis > 30000))
    throw bad_request("Timeout should be between 50 ms and 30000 ms");
  if (in.integrationType) into.integrationType = std::move(*in.integrationType);
  const bool proxy = into.integrationType == "HTTP_PROXY";
  const bool variable =
      in.integrationUri && in.integrationUri->find("${stageVariables.") != std::string::npos;
  if (in.integrationUri && !variable && !proxy &&
      (function_of(*in.integrationUri).empty() ||
       in.integrationUri->find("/response-streaming-") != std::string::npos))
    throw bad_request(fmt::format("Invalid function ARN or invalid uri: {}", *in.integrationUri));
  if (in.connectionType) into.connectionType = std::move(*in.connectionType);
  if (in.connectionId) into.connectionId = std::move(in.connectionId);
  const bool link = into.connectionType == "VPC_LINK";
  if (link && (!into.connectionId || into.connectionId->empty()))
    throw bad_request("ConnectionId must be specified when ConnectionType is VPC_LINK");
  if (in.integrationUri && !variable && proxy && !in.integrationUri->starts_with("http://") &&
      !in.integrationUri->starts_with("https://") && !(link && in.integrationUri->starts_with("arn:")))
    throw bad_request(fmt::format("Invalid HTTP endpoint specified for URI: {}", *in.integrationUri));
  if (in.integrationSubtype) into.integrationSubtype = std::move(in.integrationSubtype);
  if (in.requestParameters) into.requestParameters = std::move(in.requestParameters);
  if (in.responseParameters) into.responseParameters = std::move(in.responseParameters);
  if (in.payloadFormatVersion) into.payloadFormatVersion = std::move(*in.payloadFormatVersion);
  check_mappings(into);
  if (in.integrationUri) into.integrationUri = std::move(*in.integrationUri);
  if (in.timeoutInMillis) into.timeoutInMillis = *in.timeoutInMillis;
  if (in.integrationMethod) into.integrationMethod = std::move(*in.integrationMethod);
  if (in.credentialsArn) into.credentialsArn = std::move(in.credentialsArn);
  if (in.description) into.description = std::move(in.description);
  if (in.tlsConfig) into.tlsConfig = std::move(in.tlsConfig);
}

void check_link(Gateway& gateway, const Scope& scope, const Integration& integration) {
  if (integration.connectionType == "VPC_LINK" &&
      !gateway.rest().shelf.find(scope, kVpcLinkKind, integration.connectionId.value_or("")))
    throw bad_request(
        fmt::format("Invalid VpcLink identifier specified: {}", integration.connectionId.value_or("")));
}

Result<Integration> create_integration(Gateway& gateway, Context& context, IntegrationOptions in) {
  if (!in.integrationType) throw wire::Missing("integrationType");
  check_complete(in);
  Integration made = fresh_integration(gateway.new_id(7));
  const auto api_id = in.apiId;
  apply(std::move(in), made);
  check_link(gateway, context.scope, made);
  return gateway.change(context.scope, api_id, [&](ApiRecord& record) -> Result<Integration> {
    record.integrations.push_back(made);
    return made;
  });
}

Result<Integration> change_integration(Gateway& gateway, Context& context, const std::string& id,
                                       IntegrationOptions in, Others others) {
  return gateway.change(context.scope, std::string(in.apiId), [&](ApiRecord& record) -> Result<Integration> {
    auto* found = find_by(record.integrations, &Integration::integrationId, id);
    if (!found) return no_such_integration(id);
    if (others == Others::reset) {
      const auto uri = found->integrationUri, type = found->integrationType;
      *found = fresh_integration(id);
      found->integrationUri = uri;
      found->integrationType = type;
    }
    apply(std::move(in), *found);
    check_link(gateway, context.scope, *found);
    return *found;
  });
}

Result<Empty> remove_integration(Gateway& gateway, Context& context, IntegrationInput in) {
  const auto& id = in.integrationId;
  return gateway.change(context.scope, in.apiId, [&](ApiRecord& record) -> Result<Empty> {
    if (!find_by(record.integrations, &Integration::integrationId, id)) return no_such_integration(id);
    for (const auto& route : record.routes)
      if (route.target == "integrations/" + id)
        return conflict(
            fmt::format("Cannot delete Integration '{}', it is referenced by Route '{}'", id, route.routeId));
    std::erase_if(record.integrations, [&](const Integration& i) { return i.integrationId == id; });
    return Empty{};
  });
}
}  // namespace emu::gateway
