#include "emulator/services/lambda/port.hpp"

#include "emulator/services/lambda/payload.hpp"

namespace emu::lambda {
awaitable<Result<Done>> FunctionTarget::deliver(std::string arn, Json event) {
  auto scope = scope_of(arn);
  if (!scope) co_return function_not_found(arn);
  const auto name = parse_name(*scope, arn);
  auto found = lambda_.find_invocable(*scope, name);
  if (!found) co_return std::move(found.error());
  AsyncInvoke invoke;
  invoke.request_id = lambda_.ids.uuid();
  invoke.function = name.name;
  invoke.qualifier = name.qualifier;
  invoke.payload = event.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (auto error = check_size(invoke.payload, kAsyncPayload)) co_return std::move(*error);
  lambda_.async_invokes.accept(*scope, std::move(invoke));
  co_return Done{};
}
}  // namespace emu::lambda
