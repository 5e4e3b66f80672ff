// Client certificates, which the gateway shows to HTTPS backends: by the operations of certificates.cpp, and
// by whoever sends a request of a stage that has one.
#pragma once
#include "emulator/base/certificate.hpp"
#include "emulator/services/gateway/rest/rest_apis.hpp"

namespace emu::gateway::v1 {
// None: there is no such certificate.
std::optional<KeyedCertificate> client_certificate(const Shelf& shelf, const Scope& scope,
                                                   const std::string& id);
}  // namespace emu::gateway::v1
