// Authorizers of the HTTP API (spec-iac 1.5): provider.httpApi.authorizers, and what an httpApi event says of
// its own. Used by http_api.cpp.
#pragma once
#include "emulator/deploy/serverless/service.hpp"

namespace emu::deploy::serverless {
// What a route says of its authorizer: AuthorizationType, AuthorizerId, AuthorizationScopes; none: an empty
// object. Adds the authorizer's resources the first time a route names it.
Json route_authorization(Service& service, const Node* given, const std::string& path,
                         const Section& settings);
}  // namespace emu::deploy::serverless
