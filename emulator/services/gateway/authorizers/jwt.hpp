// JSON Web Tokens as HTTP APIs check them (spec-gateway 16.1): the signature against an issuer's keys, then
// what the token claims. Pure, told the time and the keys.
#pragma once
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "emulator/base/clock.hpp"
#include "emulator/base/json.hpp"

namespace emu::gateway {
struct JwtRules {
  std::string issuer;
  std::vector<std::string> audience;
  std::vector<std::string> scopes = {};  // of the route; one of them is enough
};
struct JwtRefusal {
  std::string error, description;  // of www-authenticate: "invalid_token", "the token has expired"
  bool forbidden = false;          // 403: the token is good, its scopes are not
};
struct Jwt {
  Json claims;
};

// A token's parts, not yet checked. None: it is none.
struct JwtParts {
  Json header, claims;
  std::string signed_text, signature;
};
std::optional<JwtParts> take_apart(std::string_view token);
// "Bearer x" or "x" -> "x".
std::string_view bearer(std::string_view header);

// `keys`: the issuer's JWKS document.
std::variant<Jwt, JwtRefusal> check_token(const JwtParts& token, const JwtRules& rules, const Json& keys,
                                          Time now);
// requestContext.authorizer.jwt.claims: every value a text, lists as "[a b]".
Json claims_as_text(const Json& claims);
}  // namespace emu::gateway
