// Waiting for work no longer than its answer is wanted: the work goes on when nobody waits any more
// (spec-gateway 12.1). Used by whoever invokes functions or asks other services for a request.
#pragma once
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include <optional>

#include "emulator/base/clock.hpp"
#include "emulator/base/error.hpp"
#include "emulator/base/log.hpp"
#include "emulator/base/loops.hpp"

namespace emu::gateway {
template <class T>
struct Awaited {
  std::shared_ptr<Wakeup> done;
  T value;  // until then: what is said if the work throws
};

template <class T>
awaitable<void> await_into(std::shared_ptr<Awaited<T>> into, awaitable<T> work, std::string_view what) {
  try {
    into->value = co_await std::move(work);
  } catch (const std::exception& e) {
    log_fault(what, e.what());
  } catch (const AwsError& e) {
    if constexpr (std::is_constructible_v<T, AwsError>)
      into->value = e;
    else
      log_fault(what, e.message);
  }
  into->done->signal();
}

// None: it did not come in time. What the work refers to outlives it; `what` is for the log.
template <class T>
awaitable<std::optional<T>> in_time(Clock& clock, awaitable<T> work, T otherwise, Duration patience,
                                    std::string_view what) {
  const auto executor = co_await asio::this_coro::executor;
  const auto awaited = std::make_shared<Awaited<T>>(std::make_shared<Wakeup>(executor), std::move(otherwise));
  asio::co_spawn(executor, await_into(awaited, std::move(work), what), asio::detached);
  if (!co_await clock.wait(awaited->done, clock.now() + patience)) co_return std::nullopt;
  co_return std::move(awaited->value);
}
}  // namespace emu::gateway
