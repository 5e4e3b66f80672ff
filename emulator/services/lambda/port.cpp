#include "emulator/services/lambda/port.hpp"

#include "emulator/services/lambda/payload.hpp"

namespace emu::lambda {
awaitable<Result<Done>> FunctionTarget::deliver(std::string arn, Delivery delivery) {
  const auto parts = split_name(arn, NameShape::namespaced);
  if (!parts) co_return function_not_found(arn);
  const auto scope = scope_of(*parts);
  const auto name = parse_name(scope, arn);
  auto found = lambda_.find_invocable(scope, name);
  if (!found) co_return std::move(found.error());
  AsyncInvoke invoke;
  invoke.request_id = lambda_.ids.uuid();
  invoke.function = name.name;
  invoke.qualifier = name.qualifier;
  invoke.payload = std::move(delivery.body);
  invoke.trace_id = std::move(delivery.trace_id);
  if (auto error = check_size(invoke.payload, kAsyncPayload)) co_return std::move(*error);
  lambda_.async_invokes.accept(scope, std::move(invoke));
  co_return Done{};
}
}  // namespace emu::lambda
