// Custom domain names and what is mapped below them, as both control planes see them: HTTP APIs' operations
// (apis/domains.cpp) work on the same documents.
#pragma once
#include "emulator/services/gateway/rest/rest_apis.hpp"

namespace emu::gateway::v1 {
inline constexpr std::string_view kDomainKind = "domainnames", kMappingKind = "basepathmappings";
inline constexpr std::string_view kNoBase = "(none)";  // the mapping of a domain's root

Result<Json> create_domain(RestApis& apis, Context& context, const Json& in);
Result<Json> remove_domain(RestApis& apis, Context& context, const Json& in);
std::vector<Json> mappings_of(RestApis& apis, const Scope& scope, const std::string& domain);
// Where a mapping is kept.
std::string mapping_id(const std::string& domain, const std::string& base);
inline AwsError no_such_domain() { return absent("Invalid domain name identifier specified"); }
}  // namespace emu::gateway::v1
