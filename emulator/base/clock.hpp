// Time as an object. Everything that reads the time or waits takes a Clock&; RealClock serves `emu up`,
// VirtualClock (virtual_clock.hpp) serves tests and experiments, where hours pass in milliseconds and every
// run is the same.
#pragma once
#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>

namespace emu {
namespace asio = boost::asio;
using asio::awaitable;
using Time = std::chrono::sys_time<std::chrono::microseconds>;
using Duration = std::chrono::microseconds;
inline constexpr Time kNever{std::chrono::years(200)};  // Time::max() overflows when Asio counts nanoseconds

inline std::int64_t epoch_ms(Time t) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(t.time_since_epoch()).count();
}
Time time_at(double epoch_seconds);  // of a request: what lies beyond the years 1 to 9999 is moved there
inline double epoch_seconds(Time t) { return static_cast<double>(t.time_since_epoch().count()) / 1e6; }

// Something a coroutine waits for. signal() may be called from any thread, before or after the wait begins.
class Wakeup : public std::enable_shared_from_this<Wakeup> {
 public:
  explicit Wakeup(asio::any_io_executor executor);
  void signal();
  bool signalled() const { return signalled_; }

 private:
  friend class RealClock;
  friend class VirtualClock;
  void rouse();
  awaitable<void> rest();  // until roused or the timer fires
  std::atomic<bool> signalled_ = false;
  bool roused_ = false;  // touched only on timer_'s executor
  asio::steady_timer timer_;
};

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
  // Waits for the wakeup or the deadline, whichever comes first; true if signalled. Must be awaited on the
  // executor the wakeup was made with.
  virtual awaitable<bool> wait(std::shared_ptr<Wakeup> wakeup, Time deadline) = 0;
  awaitable<void> sleep(Duration length);
};

class RealClock final : public Clock {
 public:
  Time now() const override;
  awaitable<bool> wait(std::shared_ptr<Wakeup> wakeup, Time deadline) override;
};

// In UTC.
std::string iso8601(Time t);     // "2024-01-01T00:00:00Z"
std::string iso8601_ms(Time t);  // "2024-01-01T00:00:00.000Z"
std::string http_date(Time t);   // "Mon, 01 Jan 2024 00:00:00 GMT", as a Date header has it
}  // namespace emu
