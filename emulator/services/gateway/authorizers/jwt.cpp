#include "emulator/services/gateway/authorizers/jwt.hpp"

#include <algorithm>

#include "emulator/base/bounded_json.hpp"
#include "emulator/base/digest.hpp"
#include "emulator/base/rsa.hpp"
#include "emulator/base/text.hpp"

namespace emu::gateway {
namespace {
constexpr std::size_t kLongest = 64 * 1024;

std::optional<std::string> base64url(std::string_view text) {
  std::string out(text);
  std::ranges::replace(out, '-', '+');
  std::ranges::replace(out, '_', '/');
  while (out.size() % 4 != 0) out += '=';
  return base64_decode(out);
}

std::optional<Json> object_in(std::string_view part) {
  const auto bytes = base64url(part);
  if (!bytes) return std::nullopt;
  auto out = bounded_parse(*bytes);
  return out.is_object() ? std::optional(std::move(out)) : std::nullopt;
}

std::string text_of(const Json& object, const char* member) {
  const auto it = object.find(member);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

JwtRefusal invalid(std::string why) { return {"invalid_token", std::move(why)}; }

bool signature_holds(const JwtParts& token, const Json& keys) {
  const auto alg = text_of(token.header, "alg"), kid = text_of(token.header, "kid");
  const auto hash = alg == "RS256" ? Hash::sha256 : alg == "RS384" ? Hash::sha384 : Hash::sha512;
  if (alg != "RS256" && alg != "RS384" && alg != "RS512") return false;
  const auto all = keys.find("keys");
  if (all == keys.end() || !all->is_array()) return false;
  for (const auto& key : *all) {
    if (!key.is_object() || text_of(key, "kty") != "RSA" || (!kid.empty() && text_of(key, "kid") != kid))
      continue;
    const auto n = base64url(text_of(key, "n")), e = base64url(text_of(key, "e"));
    if (n && e && rsa_verifies(hash, *n, *e, token.signed_text, token.signature)) return true;
  }
  return false;
}

std::vector<std::string> words(const Json& claims, const char* member) {
  std::vector<std::string> out;
  const auto it = claims.find(member);
  if (it == claims.end()) return out;
  if (it->is_array())
    for (const auto& each : *it)
      if (each.is_string()) out.push_back(each.get<std::string>());
  if (it->is_string())
    for (auto rest = it->get<std::string>(); !rest.empty();) {
      const auto space = std::min(rest.find(' '), rest.size());
      if (space > 0) out.push_back(rest.substr(0, space));
      rest.erase(0, std::min(rest.size(), space + 1));
    }
  return out;
}

bool meets(const std::vector<std::string>& some, const std::vector<std::string>& others) {
  return std::ranges::any_of(
      some, [&](const auto& each) { return std::ranges::find(others, each) != others.end(); });
}

bool has_audience(const Json& claims, const std::vector<std::string>& audience) {
  if (audience.empty()) return true;
  auto said = claims.contains("aud") && claims["aud"].is_string()
                  ? std::vector{claims["aud"].get<std::string>()}
                  : words(claims, "aud");
  if (said.empty()) said = {text_of(claims, "client_id")};
  return meets(said, audience);
}
}  // namespace

std::string_view bearer(std::string_view header) {
  static constexpr std::string_view kBearer = "Bearer ";
  if (header.size() > kBearer.size() && same_text(header.substr(0, kBearer.size()), kBearer))
    header.remove_prefix(kBearer.size());
  return header;
}

std::optional<JwtParts> take_apart(std::string_view token) {
  const auto first = token.find('.'), second = first == token.npos ? token.npos : token.find('.', first + 1);
  if (second == token.npos || token.size() > kLongest) return std::nullopt;
  auto header = object_in(token.substr(0, first)),
       claims = object_in(token.substr(first + 1, second - first - 1));
  auto signature = base64url(token.substr(second + 1));
  if (!header || !claims || !signature) return std::nullopt;
  return JwtParts{std::move(*header), std::move(*claims), std::string(token.substr(0, second)),
                  std::move(*signature)};
}

std::variant<Jwt, JwtRefusal> check_token(const JwtParts& token, const JwtRules& rules, const Json& keys,
                                          Time now) {
  const auto& claims = token.claims;
  const double at = epoch_seconds(now);
  const auto number = [&](const char* member) -> std::optional<double> {
    const auto it = claims.find(member);
    return it != claims.end() && it->is_number() ? std::optional(it->get<double>()) : std::nullopt;
  };
  if (!signature_holds(token, keys)) return invalid("signature verification failed");
  if (text_of(claims, "iss") != rules.issuer) return invalid("the token has an invalid issuer");
  if (!has_audience(claims, rules.audience)) return invalid("the token does not have a valid audience");
  const auto until = number("exp");
  if (!until || *until <= at) return invalid("the token has expired");
  if (const auto from = number("nbf"); from && *from > at) return invalid("the token is not yet valid");
  if (const auto issued = number("iat"); issued && *issued > at)
    return invalid("the token was issued in the future");
  auto scopes = words(claims, "scope");
  if (scopes.empty()) scopes = words(claims, "scp");
  if (!rules.scopes.empty() && !meets(scopes, rules.scopes))
    return JwtRefusal{"insufficient_scope", "the token does not have a valid scope", true};
  return Jwt{claims};
}

Json claims_as_text(const Json& claims) {
  Json out = Json::object();
  for (const auto& [name, value] : claims.items()) {
    if (value.is_array()) {
      std::string joined = "[";
      for (const auto& each : value)
        joined +=
            (joined.size() > 1 ? " " : "") + (each.is_string() ? each.get<std::string>() : json_text(each));
      out[name] = joined + "]";
    } else {
      out[name] = value.is_string() ? value.get<std::string>() : json_text(value);
    }
  }
  return out;
}
}  // namespace emu::gateway
