#include "emulator/base/clock.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace emu {
Wakeup::Wakeup(asio::any_io_executor executor) : timer_(executor, asio::steady_timer::time_point::max()) {}

void Wakeup::signal() {
  signalled_ = true;
  rouse();
}

void Wakeup::rouse() {
  asio::dispatch(timer_.get_executor(), [self = shared_from_this()] {
    self->roused_ = true;
    self->timer_.cancel();
  });
}

awaitable<void> Wakeup::rest() {
  boost::system::error_code cancelled;
  co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
}

awaitable<void> Clock::sleep(Duration length) {
  auto wakeup = std::make_shared<Wakeup>(co_await asio::this_coro::executor);
  co_await wait(wakeup, now() + length);
}

Time RealClock::now() const {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

awaitable<bool> RealClock::wait(std::shared_ptr<Wakeup> wakeup, Time deadline) {
  if (!wakeup->signalled()) {
    if (deadline != kNever) wakeup->timer_.expires_after(deadline - now());
    co_await wakeup->rest();
  }
  co_return wakeup->signalled();
}

Time time_at(double epoch_seconds) {
  using namespace std::chrono_literals;
  constexpr std::chrono::sys_seconds kFirst = std::chrono::sys_days{1y / 1 / 1};
  constexpr std::chrono::sys_seconds kEnd = std::chrono::sys_days{10000y / 1 / 1};
  const auto at = [](std::chrono::sys_seconds t) {
    return static_cast<double>(t.time_since_epoch().count());
  };
  if (!(epoch_seconds >= at(kFirst))) return kFirst;  // not a number neither
  if (epoch_seconds >= at(kEnd)) return kEnd - 1s;
  return Time(Duration(static_cast<std::int64_t>(epoch_seconds * 1e6)));
}

std::string iso8601(Time t) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}Z", fmt::gmtime(static_cast<std::time_t>(epoch_ms(t) / 1000)));
}

std::string iso8601_ms(Time t) {
  auto text = iso8601(t);
  text.insert(text.size() - 1, fmt::format(".{:03}", epoch_ms(t) % 1000));
  return text;
}

std::string http_date(Time t) {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT",
                     fmt::gmtime(static_cast<std::time_t>(epoch_ms(t) / 1000)));
}
}  // namespace emu
