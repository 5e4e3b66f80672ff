// Asking those who decide on a request: functions, whose answers are kept as long as the authorizer says, and
// issuers of tokens, whose keys are kept for a while. Used by both kinds of API.
#pragma once
#include <unordered_map>

#include "emulator/base/guarded.hpp"
#include "emulator/base/ids.hpp"
#include "emulator/services/gateway/authorizers/jwt.hpp"
#include "runtime-api/functions.hpp"

namespace emu::gateway {
class Authorizers {
 public:
  Authorizers(Clock& clock, Ids& ids, runtime::Functions& functions)
      : clock_(clock), ids_(ids), functions_(functions) {}

  // A function's answer, or how it failed.
  struct Answer {
    Json document;              // null: it failed
    bool unauthorized = false;  // it failed with the message "Unauthorized"
    Duration took{};
  };
  struct Question {
    std::string function_arn, event, trace_id;
    std::string cache_key;  // empty, or no time to live: not kept
    Duration ttl{};
  };
  awaitable<Answer> ask(Question question);
  void forget(std::string_view prefix);  // answers whose cache keys begin so

  // The keys of an issuer, by its openid-configuration.
  awaitable<Json> keys_of(std::string issuer);  // null: it has none that can be reached
  // A JWKS document for issuers of https://, who are then not asked, and for others that cannot be reached;
  // null: none. Set before the first request.
  Json local_keys;

 private:
  struct Kept {
    Json document;
    Time until{};
  };
  using Cache = std::unordered_map<std::string, Kept>;
  std::optional<Json> kept(Guarded<Cache>& cache, const std::string& key);
  void keep(Guarded<Cache>& cache, const std::string& key, const Json& document, Duration ttl);
  Clock& clock_;
  Ids& ids_;
  runtime::Functions& functions_;
  Guarded<Cache> answers_, keys_;
};
}  // namespace emu::gateway
