// Authorizers of the HTTP API (spec-iac 1.5): provider.httpApi.authorizers, and what an httpApi event says of
// its own. Used by http_api.cpp.
#pragma once
#include "emulator/deploy/serverless/service.hpp"

namespace emu::deploy::serverless {
// Those of provider.httpApi.authorizers, whether a route names them or not.
void add_http_authorizers(Service& service, const Section& settings);
// What a route says of its authorizer: AuthorizationType, AuthorizerId, AuthorizationScopes; none: an empty
// object.
Json route_authorization(Service& service, const Node* given, const std::string& path,
                         const Section& settings);
}  // namespace emu::deploy::serverless
