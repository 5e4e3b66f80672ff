// GetAccount and UpdateAccount: what API Gateway knows of an account in a region.
#include <array>

#include "emulator/services/gateway/rest/patch.hpp"
#include "emulator/services/gateway/rest/rest_apis.hpp"
#include "emulator/services/gateway/rest/rows.hpp"

namespace emu::gateway::v1 {
namespace {
constexpr std::array<Member, 0> kNothing{};
constexpr Member kUpdate[] = {kPatch};
constexpr Patchable kPaths[] = {{"/cloudwatchRoleArn"}, {"/features/*", At::set}};

Json account_of(RestApis& apis, const Scope& scope) {
  auto out = apis.shelf.find(scope, "account", "")
                 .value_or(Json{{"features", {"UsagePlans"}}, {"apiKeyVersion", "4"}});
  out["throttleSettings"] = {{"burstLimit", static_cast<std::int64_t>(apis.account.burst)},
                             {"rateLimit", apis.account.rate}};
  return out;
}

Result<Json> get(RestApis& apis, Context& context, const Json&) { return account_of(apis, context.scope); }

Result<Json> update(RestApis& apis, Context& context, const Json& in) {
  Json account = account_of(apis, context.scope);
  apply_patch(account, kPaths, in.value("patchOperations", Json()));
  apis.shelf.put(context.scope, "account", "", account);
  return account;
}

constexpr Operation kRows[] = {
    row<get, kNothing>("GetAccount", "GET /account"),
    row<update, kUpdate>("UpdateAccount", "PATCH /account"),
};
}  // namespace

std::span<const Operation> account_rows() { return kRows; }
}  // namespace emu::gateway::v1
