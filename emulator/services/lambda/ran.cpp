#include "emulator/services/lambda/ran.hpp"

#include "emulator/services/lambda/payload.hpp"

namespace emu::lambda {
awaitable<Result<Ran>> run_once(Lambda& lambda, Scope scope, FunctionName name,
                                runtime::Invocation invocation) {
  auto found = lambda.find_invocable(scope, name, invocation.tenant_id);
  if (!found && found.error().http_status == 409)  // not active yet: to be tried again, as a throttle is
    co_return Ran{{.kind = runtime::Outcome::Kind::throttled}, {}};
  if (!found) co_return std::move(found.error());
  if (auto error = check_size(invocation.payload, kSyncPayload)) co_return std::move(*error);
  invocation.invoked_arn = name.arn(scope);
  auto version = found->version->record.version;
  auto outcome = co_await lambda.invoke(std::move(*found), std::move(invocation));
  co_return Ran{std::move(outcome), std::move(version)};
}
}  // namespace emu::lambda
