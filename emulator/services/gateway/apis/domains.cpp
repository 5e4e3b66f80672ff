#include "emulator/services/gateway/apis/domains.hpp"

#include <fmt/format.h>

#include "emulator/services/gateway/apis/operations.hpp"
#include "emulator/services/gateway/apis/rows.hpp"
#include "emulator/services/gateway/rest/domains/domains.hpp"
#include "emulator/services/gateway/rest/rows.hpp"

namespace emu::gateway {
namespace {
struct ListDomainsInput {
  std::optional<std::string> maxResults, nextToken;
};
BOOST_DESCRIBE_STRUCT(ListDomainsInput, (), (maxResults, nextToken))
struct DomainList {
  std::vector<DomainName> items;
  std::optional<std::string> nextToken;
};
BOOST_DESCRIBE_STRUCT(DomainList, (), (items, nextToken))
struct UpdateDomainNameInput : DomainNameOptions {};
BOOST_DESCRIBE_STRUCT(UpdateDomainNameInput, (),
                      (domainName, domainNameConfigurations, mutualTlsAuthentication, routingMode))
struct ListMappingsInput {
  std::string domainName;
  std::optional<std::string> maxResults, nextToken;
};
BOOST_DESCRIBE_STRUCT(ListMappingsInput, (), (domainName, maxResults, nextToken))
struct MappingList {
  std::vector<ApiMapping> items;
  std::optional<std::string> nextToken;
};
BOOST_DESCRIBE_STRUCT(MappingList, (), (items, nextToken))
struct UpdateMappingInput : ApiMappingOptions {
  std::string apiMappingId;
};
BOOST_DESCRIBE_STRUCT(UpdateMappingInput, (), (apiId, apiMappingId, apiMappingKey, domainName, stage))

AwsError no_such_mapping() { return absent("Invalid ApiMapping identifier specified"); }

std::optional<std::string> given(const Json& document, std::string_view member) {
  auto value = v1::text(document, member);
  return value.empty() ? std::nullopt : std::optional(std::move(value));
}

DomainName shown(const Json& document) {
  DomainName out{.apiMappingSelectionExpression = "$request.basepath",
                 .domainName = v1::text(document, "domainName")};
  DomainNameConfiguration configuration;
  configuration.apiGatewayDomainName = given(document, "regionalDomainName");
  configuration.certificateArn = given(document, "regionalCertificateArn");
  configuration.certificateName = given(document, "regionalCertificateName");
  configuration.domainNameStatus = "AVAILABLE";
  const auto* types = v1::part_of(document, {"endpointConfiguration", "types"});
  const bool said = types && types->is_array() && !types->empty() && types->front().is_string();
  configuration.endpointType = said ? types->front().get<std::string>() : "REGIONAL";
  configuration.hostedZoneId = given(document, "regionalHostedZoneId");
  const auto* addresses = v1::part_of(document, {"endpointConfiguration", "ipAddressType"});
  configuration.ipAddressType =
      addresses && addresses->is_string() ? addresses->get<std::string>() : std::string("ipv4");
  configuration.ownershipVerificationCertificateArn = given(document, "ownershipVerificationCertificateArn");
  configuration.securityPolicy = given(document, "securityPolicy");
  out.domainNameConfigurations.push_back(std::move(configuration));
  for (const auto& [key, value] : document.value("tags", Json::object()).items())
    if (value.is_string()) out.tags[key] = value;
  return out;
}

// What a configuration says, as the document has it.
void take_configuration(Json& document, const DomainNameOptions& in) {
  if (!in.domainNameConfigurations) return;
  if (in.domainNameConfigurations->size() != 1)
    throw bad_request("Exactly one DomainNameConfiguration must be specified");
  const auto& from = in.domainNameConfigurations->front();
  const auto type = from.endpointType.value_or("REGIONAL");
  if (type != "REGIONAL") throw bad_request(fmt::format("Unsupported endpoint type {}", type));
  for (const auto& [name, value] :
       {std::pair{"regionalCertificateArn", from.certificateArn},
        {"regionalCertificateName", from.certificateName},
        {"securityPolicy", from.securityPolicy},
        {"ownershipVerificationCertificateArn", from.ownershipVerificationCertificateArn}})
    if (value) document[name] = *value;
  if (!from.ipAddressType) return;
  if (*from.ipAddressType != "ipv4" && *from.ipAddressType != "dualstack")
    throw bad_request("Invalid ipAddressType specified. Must be one of [ipv4, dualstack]");
  document["endpointConfiguration"]["ipAddressType"] = *from.ipAddressType;
}

Result<DomainName> update(Gateway& gateway, Context& context, UpdateDomainNameInput in) {
  return change_domain_name(gateway, context, std::move(in));
}

Result<DomainName> get(Gateway& gateway, Context& context, DomainNameInput in) {
  const auto found = gateway.rest().shelf.find(context.scope, v1::kDomainKind, in.domainName);
  if (!found) return v1::no_such_domain();
  return shown(*found);
}

Result<DomainList> list(Gateway& gateway, Context& context, ListDomainsInput in) {
  std::vector<DomainName> all;
  for (const auto& document : gateway.rest().shelf.all(context.scope, v1::kDomainKind))
    all.push_back(shown(document));
  auto part = page(std::move(all), in.maxResults, in.nextToken);
  return DomainList{std::move(part.items), std::move(part.nextToken)};
}

// A mapping of REST APIs' control plane is known by its base path, if it is older than its id.
ApiMapping mapping_of(const Json& document) {
  const auto base = v1::text(document, "basePath");
  return {v1::text(document, "restApiId"), v1::text(document, "apiMappingId", base),
          base == v1::kNoBase ? "" : base, v1::text(document, "stage")};
}

std::optional<Json> find_mapping(Gateway& gateway, const Scope& scope, const std::string& domain,
                                 const std::string& id) {
  for (auto& each : v1::mappings_of(gateway.rest(), scope, domain))
    if (mapping_of(each).apiMappingId == id) return std::move(each);
  return std::nullopt;
}

void check_key(std::string_view key) {
  static constexpr std::string_view kMarks = "-_.~/!$&'()*+,;=:@";
  if (key.starts_with('/') || key.ends_with('/') || key.find("//") != key.npos)
    throw bad_request("API mapping key should not start with a '/' or have consecutive '/'s.");
  if (!std::ranges::all_of(key, [](unsigned char c) {
        return std::isalnum(c) || kMarks.find(static_cast<char>(c)) != kMarks.npos;
      }))
    throw bad_request("API mapping key contains characters that are not allowed");
}

// Whether the API, of either kind, has the stage.
std::optional<AwsError> check_target(Gateway& gateway, const Scope& scope, const std::string& api_id,
                                     const std::string& stage) {
  bool known = false;
  if (const auto http = gateway.find(scope, api_id))
    known = http->stages.contains(stage);
  else if (const auto rest = gateway.rest().find(scope, api_id))
    known = rest->stages.contains(stage);
  else
    return Gateway::no_such_api(scope, api_id);
  if (!known) return absent("Invalid stage identifier specified");
  return std::nullopt;
}

Result<ApiMapping> update_mapping(Gateway& gateway, Context& context, UpdateMappingInput in) {
  const auto id = in.apiMappingId;
  return change_api_mapping(gateway, context, id, std::move(in));
}

Result<ApiMapping> get_mapping(Gateway& gateway, Context& context, ApiMappingInput in) {
  const auto found = find_mapping(gateway, context.scope, in.domainName, in.apiMappingId);
  if (!found) return no_such_mapping();
  return mapping_of(*found);
}

Result<MappingList> list_mappings(Gateway& gateway, Context& context, ListMappingsInput in) {
  if (!gateway.rest().shelf.find(context.scope, v1::kDomainKind, in.domainName)) return v1::no_such_domain();
  std::vector<ApiMapping> all;
  for (const auto& each : v1::mappings_of(gateway.rest(), context.scope, in.domainName))
    all.push_back(mapping_of(each));
  auto part = page(std::move(all), in.maxResults, in.nextToken);
  return MappingList{std::move(part.items), std::move(part.nextToken)};
}

#define EMU_DOMAIN "/v2/domainnames/{domainName}"
constexpr Operation kRows[] = {
    rest<create_domain_name>("CreateDomainName", "POST /v2/domainnames", 201)
        .ignoring(kDomainNameWithoutEffect),
    rest<get>("GetDomainName", "GET " EMU_DOMAIN),
    rest<list>("GetDomainNames", "GET /v2/domainnames?maxResults&nextToken"),
    rest<update>("UpdateDomainName", "PATCH " EMU_DOMAIN).ignoring(kDomainNameWithoutEffect),
    rest<remove_domain_name>("DeleteDomainName", "DELETE " EMU_DOMAIN, 204),
    rest<create_api_mapping>("CreateApiMapping", "POST " EMU_DOMAIN "/apimappings", 201),
    rest<get_mapping>("GetApiMapping", "GET " EMU_DOMAIN "/apimappings/{apiMappingId}"),
    rest<list_mappings>("GetApiMappings", "GET " EMU_DOMAIN "/apimappings?maxResults&nextToken"),
    rest<update_mapping>("UpdateApiMapping", "PATCH " EMU_DOMAIN "/apimappings/{apiMappingId}"),
    rest<remove_api_mapping>("DeleteApiMapping", "DELETE " EMU_DOMAIN "/apimappings/{apiMappingId}", 204),
};
#undef EMU_DOMAIN
}  // namespace

std::span<const Operation> domain_operations() { return kRows; }

Result<DomainName> create_domain_name(Gateway& gateway, Context& context, DomainNameOptions in) {
  Json document{{"domainName", in.domainName}, {"endpointConfiguration", {{"types", {"REGIONAL"}}}}};
  take_configuration(document, in);
  if (in.tags) document["tags"] = *in.tags;
  auto made = v1::create_domain(gateway.rest(), context, document);
  if (!made) return std::move(made.error());
  return shown(*made);
}

Result<DomainName> change_domain_name(Gateway& gateway, Context& context, DomainNameOptions in) {
  return gateway.rest().alone([&]() -> Result<DomainName> {
    auto changed = gateway.rest().shelf.change(context.scope, v1::kDomainKind, in.domainName,
                                               v1::no_such_domain(), [&](Json& document) -> Result<Json> {
                                                 take_configuration(document, in);
                                                 if (in.tags) document["tags"] = *in.tags;
                                                 return document;
                                               });
    if (!changed) return std::move(changed.error());
    return shown(*changed);
  });
}

Result<Empty> remove_domain_name(Gateway& gateway, Context& context, DomainNameInput in) {
  auto removed = v1::remove_domain(gateway.rest(), context, {{"domainName", in.domainName}});
  if (!removed) return std::move(removed.error());
  return Empty{};
}

Result<ApiMapping> create_api_mapping(Gateway& gateway, Context& context, ApiMappingOptions in) {
  return gateway.rest().alone([&]() -> Result<ApiMapping> {
    if (!in.apiId) throw wire::Missing("apiId");
    if (!in.stage) throw wire::Missing("stage");
    auto& rest = gateway.rest();
    if (!rest.shelf.find(context.scope, v1::kDomainKind, in.domainName)) return v1::no_such_domain();
    const auto key = in.apiMappingKey.value_or("");
    check_key(key);
    if (auto refused = check_target(gateway, context.scope, *in.apiId, *in.stage)) return std::move(*refused);
    const auto base = key.empty() ? std::string(v1::kNoBase) : key;
    const auto id = v1::mapping_id(in.domainName, base);
    if (rest.shelf.find(context.scope, v1::kMappingKind, id))
      return conflict("ApiMapping key already exists for this domain name");
    Json made{{"basePath", base},       {"domainName", in.domainName},       {"createdDate", rest.now()},
              {"restApiId", *in.apiId}, {"apiMappingId", gateway.new_id(6)}, {"stage", *in.stage}};
    rest.shelf.put(context.scope, v1::kMappingKind, id, made);
    rest.domains_changed();
    return mapping_of(made);
  });
}

Result<ApiMapping> change_api_mapping(Gateway& gateway, Context& context, const std::string& id,
                                      ApiMappingOptions in) {
  return gateway.rest().alone([&]() -> Result<ApiMapping> {
    auto& rest = gateway.rest();
    auto found = find_mapping(gateway, context.scope, in.domainName, id);
    if (!found) return no_such_mapping();
    const auto before = v1::text(*found, "basePath");
    const auto key = in.apiMappingKey ? *in.apiMappingKey : before == v1::kNoBase ? "" : before;
    check_key(key);
    const auto now = mapping_of(*found);
    const auto api = in.apiId.value_or(now.apiId), stage = in.stage.value_or(now.stage);
    if (auto refused = check_target(gateway, context.scope, api, stage)) return std::move(*refused);
    const auto base = key.empty() ? std::string(v1::kNoBase) : key;
    if (base != before &&
        rest.shelf.find(context.scope, v1::kMappingKind, v1::mapping_id(in.domainName, base)))
      return conflict("ApiMapping key already exists for this domain name");
    found->update({{"basePath", base}, {"restApiId", api}, {"stage", stage}, {"apiMappingId", id}});
    rest.shelf.put(context.scope, v1::kMappingKind, v1::mapping_id(in.domainName, base), *found);
    if (base != before)
      rest.shelf.erase(context.scope, v1::kMappingKind, v1::mapping_id(in.domainName, before));
    rest.domains_changed();
    return mapping_of(*found);
  });
}

Result<Empty> remove_api_mapping(Gateway& gateway, Context& context, ApiMappingInput in) {
  return gateway.rest().alone([&]() -> Result<Empty> {
    const auto found = find_mapping(gateway, context.scope, in.domainName, in.apiMappingId);
    if (!found) return no_such_mapping();
    gateway.rest().shelf.erase(context.scope, v1::kMappingKind,
                               v1::mapping_id(in.domainName, v1::text(*found, "basePath")));
    gateway.rest().domains_changed();
    return Empty{};
  });
}
}  // namespace emu::gateway
