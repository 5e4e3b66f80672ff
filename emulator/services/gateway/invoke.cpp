#include "emulator/services/gateway/invoke.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include "emulator/base/log.hpp"
#include "emulator/base/loops.hpp"

namespace emu::gateway {
namespace {
// An invocation whose answer may come too late to be wanted.
struct Pending {
  explicit Pending(asio::any_io_executor executor) : done(std::make_shared<Wakeup>(std::move(executor))) {}
  std::shared_ptr<Wakeup> done;
  Result<runtime::Outcome> outcome = AwsError::internal("");
};

awaitable<void> invoke_into(runtime::Functions& functions, std::string arn, runtime::Invocation invocation,
                            std::shared_ptr<Pending> pending) {
  try {
    pending->outcome = co_await functions.invoke_function(std::move(arn), std::move(invocation));
  } catch (const std::exception& e) {
    log_fault("a gateway invoking its function", e.what());
  } catch (const AwsError& e) {
    pending->outcome = e;
  }
  pending->done->signal();
}
}  // namespace

awaitable<Invoked> invoke_in_time(Clock& clock, runtime::Functions& functions, Ids& ids, std::string arn,
                                  std::string event, std::string trace_id, Duration patience) {
  runtime::Invocation invocation;
  const auto request_id = ids.uuid();
  invocation.request_id = request_id;
  invocation.payload = std::move(event);
  invocation.invoked_arn = arn;
  invocation.trace_id = std::move(trace_id);
  const auto executor = co_await asio::this_coro::executor;
  const auto pending = std::make_shared<Pending>(executor);
  asio::co_spawn(executor, invoke_into(functions, std::move(arn), std::move(invocation), pending),
                 asio::detached);
  const auto deadline = clock.now() + patience;
  if (!co_await clock.wait(pending->done, deadline))
    co_return Invoked{.late = true, .request_id = request_id};
  co_return Invoked{std::move(pending->outcome), false, request_id};
}
}  // namespace emu::gateway
