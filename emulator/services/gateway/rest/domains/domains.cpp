// Custom domain names and the APIs below them (spec-gateway 23). Served by Host: domain_names.hpp.
#include <fmt/format.h>

#include "emulator/api/origin.hpp"
#include "emulator/services/gateway/rest/domains/domains.hpp"
#include "emulator/services/gateway/rest/patch.hpp"
#include "emulator/services/gateway/rest/rows.hpp"

namespace emu::gateway::v1 {
namespace {
constexpr Member kNameId{"domainNameId"};
constexpr Member kName{"domainName", Shape::text, true}, kBase{"basePath", Shape::text, true};
constexpr Member kCreate[] = {kName,
                              {"certificateName"},
                              {"certificateBody"},
                              {"certificatePrivateKey"},
                              {"certificateChain"},
                              {"certificateArn"},
                              {"regionalCertificateName"},
                              {"regionalCertificateArn"},
                              {"endpointConfiguration", Shape::any},
                              {"tags", Shape::text_map},
                              {"securityPolicy"},
                              {"mutualTlsAuthentication", Shape::any},
                              {"ownershipVerificationCertificateArn"},
                              {"endpointAccessMode"},
                              {"policy"},
                              {"routingMode"}};
constexpr std::string_view kIdWithoutEffect[] = {"domainNameId"};  // of private domain names
constexpr std::string_view kOwnerWithoutEffect[] = {"resourceOwner"};
constexpr std::string_view kWithoutEffect[] = {"endpointAccessMode",
                                               "policy",
                                               "routingMode",
                                               "certificateArn",
                                               "certificateBody",
                                               "certificateChain",
                                               "certificateName",
                                               "certificatePrivateKey",
                                               "mutualTlsAuthentication",
                                               "ownershipVerificationCertificateArn",
                                               "regionalCertificateArn",
                                               "regionalCertificateName",
                                               "securityPolicy"};
constexpr Member kOne[] = {kName, kNameId};
constexpr Member kUpdate[] = {kName, kNameId, kPatch};
constexpr Member kCreateMapping[] = {
    kName, kNameId, {"basePath"}, {"restApiId", Shape::text, true}, {"stage"}};
constexpr Member kMapping[] = {kName, kNameId, kBase};
constexpr Member kMappings[] = {kName, kNameId, kPosition, kLimit};
constexpr Member kUpdateMapping[] = {kName, kNameId, kBase, kPatch};
constexpr Member kDomains[] = {kPosition, kLimit, {"resourceOwner"}};
constexpr Patchable kPaths[] = {{"/certificateName"},        {"/certificateArn"},
                                {"/regionalCertificateArn"}, {"/regionalCertificateName"},
                                {"/securityPolicy"},         {"/endpointConfiguration/types/*", At::set}};
constexpr Patchable kMappingPaths[] = {{"/basePath"}, {"/restapiId"}, {"/restApiId"}, {"/stage"}};

AwsError no_such_mapping() { return absent("Invalid base path mapping identifier specified"); }

Result<Json> get(RestApis& apis, Context& context, const Json& in) {
  auto found = apis.shelf.find(context.scope, kDomainKind, text(in, "domainName"));
  if (!found) return no_such_domain();
  return std::move(*found);
}

Result<Json> list(RestApis& apis, Context& context, const Json& in) {
  return page(apis.shelf.all(context.scope, kDomainKind), in);
}

Result<Json> update(RestApis& apis, Context& context, const Json& in) {
  return apis.alone([&]() -> Result<Json> {
    return apis.shelf.change(context.scope, kDomainKind, text(in, "domainName"), no_such_domain(),
                             [&](Json& domain) -> Result<Json> {
                               apply_patch(domain, kPaths, in.value("patchOperations", Json()));
                               return domain;
                             });
  });
}

Json shown(Json mapping) {
  mapping.erase("domainName");
  mapping.erase("createdDate");
  mapping.erase("apiMappingId");
  return mapping;
}

Result<Json> create_mapping(RestApis& apis, Context& context, const Json& in) {
  return apis.alone([&]() -> Result<Json> {
    const auto domain = text(in, "domainName");
    if (!apis.shelf.find(context.scope, kDomainKind, domain)) return no_such_domain();
    const auto api = apis.find(context.scope, text(in, "restApiId"));
    if (!api) return bad_request("Invalid REST API identifier specified");
    const auto stage = text(in, "stage");
    if (!stage.empty() && !part_of(api->record, {"stages", stage}))
      return bad_request("Invalid stage identifier specified");
    auto base = text(in, "basePath");
    if (base.empty()) base = kNoBase;
    if (apis.shelf.find(context.scope, kMappingKind, mapping_id(domain, base)))
      return conflict("Base path already exists for this domain name");
    Json made{{"basePath", base},
              {"domainName", domain},
              {"createdDate", apis.now()},
              {"apiMappingId", apis.new_id(6)}};
    take(made, in, {"restApiId", "stage"});
    apis.shelf.put(context.scope, kMappingKind, mapping_id(domain, base), made);
    apis.domains_changed();
    return shown(std::move(made));
  });
}

Result<Json> get_mapping(RestApis& apis, Context& context, const Json& in) {
  auto found =
      apis.shelf.find(context.scope, kMappingKind, mapping_id(text(in, "domainName"), text(in, "basePath")));
  if (!found) return no_such_mapping();
  return shown(std::move(*found));
}

Result<Json> list_mappings(RestApis& apis, Context& context, const Json& in) {
  std::vector<Json> all;
  for (auto& each : mappings_of(apis, context.scope, text(in, "domainName")))
    all.push_back(shown(std::move(each)));
  return page(std::move(all), in);
}

Result<Json> update_mapping(RestApis& apis, Context& context, const Json& in) {
  return apis.alone([&]() -> Result<Json> {
    const auto domain = text(in, "domainName"), base = text(in, "basePath");
    auto found = apis.shelf.find(context.scope, kMappingKind, mapping_id(domain, base));
    if (!found) return no_such_mapping();
    apply_patch(*found, kMappingPaths, in.value("patchOperations", Json()));
    if (found->contains("restapiId")) (*found)["restApiId"] = (*found)["restapiId"];
    found->erase("restapiId");
    const auto renamed = text(*found, "basePath");
    if (renamed != base) apis.shelf.erase(context.scope, kMappingKind, mapping_id(domain, base));
    apis.shelf.put(context.scope, kMappingKind, mapping_id(domain, renamed), *found);
    apis.domains_changed();
    return shown(std::move(*found));
  });
}

Result<Json> remove_mapping(RestApis& apis, Context& context, const Json& in) {
  return apis.alone([&]() -> Result<Json> {
    if (!apis.shelf.erase(context.scope, kMappingKind,
                          mapping_id(text(in, "domainName"), text(in, "basePath"))))
      return no_such_mapping();
    apis.domains_changed();
    return Json::object();
  });
}

#define EMU_DOMAIN "/domainnames/{domainName}"
constexpr Operation kRows[] = {
    row<create_domain, kCreate>("CreateDomainName", "POST /domainnames", 201).ignoring(kWithoutEffect),
    row<get, kOne>("GetDomainName", "GET " EMU_DOMAIN "?domainNameId").ignoring(kIdWithoutEffect),
    row<list, kDomains>("GetDomainNames", "GET /domainnames?position&limit&resourceOwner")
        .ignoring(kOwnerWithoutEffect),
    row<update, kUpdate>("UpdateDomainName", "PATCH " EMU_DOMAIN "?domainNameId").ignoring(kIdWithoutEffect),
    row<remove_domain, kOne>("DeleteDomainName", "DELETE " EMU_DOMAIN "?domainNameId", 202)
        .ignoring(kIdWithoutEffect),
    row<create_mapping, kCreateMapping>("CreateBasePathMapping",
                                        "POST " EMU_DOMAIN "/basepathmappings?domainNameId", 201)
        .ignoring(kIdWithoutEffect),
    row<get_mapping, kMapping>("GetBasePathMapping",
                               "GET " EMU_DOMAIN "/basepathmappings/{basePath}?domainNameId")
        .ignoring(kIdWithoutEffect),
    row<list_mappings, kMappings>("GetBasePathMappings",
                                  "GET " EMU_DOMAIN "/basepathmappings?position&limit&domainNameId")
        .ignoring(kIdWithoutEffect),
    row<update_mapping, kUpdateMapping>("UpdateBasePathMapping",
                                        "PATCH " EMU_DOMAIN "/basepathmappings/{basePath}?domainNameId")
        .ignoring(kIdWithoutEffect),
    row<remove_mapping, kMapping>("DeleteBasePathMapping",
                                  "DELETE " EMU_DOMAIN "/basepathmappings/{basePath}?domainNameId", 202)
        .ignoring(kIdWithoutEffect),
};
#undef EMU_DOMAIN
}  // namespace

std::span<const Operation> domain_rows() { return kRows; }

Result<Json> create_domain(RestApis& apis, Context& context, const Json& in) {
  return apis.alone([&]() -> Result<Json> {
    const auto name = text(in, "domainName");
    if (name.empty() || name.find('/') != name.npos) return bad_request("Invalid domain name specified");
    if (is_endpoint_name(name))
      return bad_request(fmt::format("Invalid domain name specified: clients reach emu itself as {}", name));
    if (apis.shelf.find(context.scope, kDomainKind, name))
      return conflict("The domain name you provided already exists.");
    const auto target = "d-" + apis.new_id(10);
    Json made{
        {"domainName", name},
        {"createdDate", apis.now()},
        {"domainNameStatus", "AVAILABLE"},
        {"endpointConfiguration", {{"types", {"EDGE"}}}},
        {"regionalDomainName", fmt::format("{}.execute-api.{}.amazonaws.com", target, context.scope.region)},
        {"regionalHostedZoneId", "Z1UJRXOUMOOFQ8"},
        {"distributionDomainName", target + ".cloudfront.net"},
        {"distributionHostedZoneId", "Z2FDTNDATAQYW2"},
        {"securityPolicy", "TLS_1_2"}};
    take(made, in,
         {"certificateName", "certificateArn", "regionalCertificateName", "regionalCertificateArn",
          "endpointConfiguration", "tags", "securityPolicy", "mutualTlsAuthentication",
          "ownershipVerificationCertificateArn"});
    apis.shelf.put(context.scope, kDomainKind, name, made);
    apis.domains_changed();
    return made;
  });
}

std::vector<Json> mappings_of(RestApis& apis, const Scope& scope, const std::string& domain) {
  std::vector<Json> out;
  for (auto& each : apis.shelf.all(scope, kMappingKind))
    if (text(each, "domainName") == domain) out.push_back(std::move(each));
  return out;
}

std::string mapping_id(const std::string& domain, const std::string& base) { return domain + "/" + base; }

Result<Json> remove_domain(RestApis& apis, Context& context, const Json& in) {
  return apis.alone([&]() -> Result<Json> {
    const auto name = text(in, "domainName");
    if (!apis.shelf.erase(context.scope, kDomainKind, name)) return no_such_domain();
    for (const auto& each : mappings_of(apis, context.scope, name))
      apis.shelf.erase(context.scope, kMappingKind, mapping_id(name, text(each, "basePath")));
    apis.domains_changed();
    return Json::object();
  });
}
}  // namespace emu::gateway::v1
