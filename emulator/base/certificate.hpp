// Self-signed certificates, made from nothing: for TLS on this machine (own_certificate.cpp), and for the
// gateway as a client of backends. Pure but for the randomness of their keys.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "emulator/base/clock.hpp"

namespace emu {
struct KeyedCertificate {
  std::string certificate, key;  // PEM
};
struct Subject {
  std::string_view common_name, use;             // "serverAuth", "clientAuth"
  std::span<const std::string_view> names = {};  // "DNS:localhost", "IP:127.0.0.1"
};
// Not a CA: who trusts it trusts these names and no others.
KeyedCertificate self_signed(const Subject& subject, Time from, Time until);

bool belong_together(const KeyedCertificate& pair);

// What a PEM certificate says; none: it is not one.
struct CertificateFacts {
  Time until;
  std::string fingerprint;  // SHA-256, as tools print it: "AB:CD:…"
};
std::optional<CertificateFacts> facts_of(std::string_view certificate);
}  // namespace emu
