#include "emulator/services/gateway/invoke.hpp"

#include "emulator/services/gateway/in_time.hpp"

namespace emu::gateway {
awaitable<Invoked> invoke_in_time(Clock& clock, runtime::Functions& functions, Ids& ids, std::string arn,
                                  std::string event, std::string trace_id, Duration patience) {
  runtime::Invocation invocation;
  const auto request_id = ids.uuid();
  invocation.request_id = request_id;
  invocation.payload = std::move(event);
  invocation.invoked_arn = arn;
  invocation.trace_id = std::move(trace_id);
  auto invoking = functions.invoke_function(std::move(arn), std::move(invocation));
  Result<runtime::Outcome> otherwise = AwsError::internal("");
  auto outcome = co_await in_time(clock, std::move(invoking), std::move(otherwise), patience,
                                  "a gateway invoking its function");
  if (!outcome) co_return Invoked{.late = true, .request_id = request_id};
  co_return Invoked{std::move(*outcome), false, request_id};
}
}  // namespace emu::gateway
