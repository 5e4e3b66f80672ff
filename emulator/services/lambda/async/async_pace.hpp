// How many events of one function are delivered at once. Pure: told the time. Used by AsyncInvokes' lanes.
// Never above the function's concurrency; below it, it grows only where events take long, so that a burst of
// short ones does not start a thousand processes.
#pragma once
#include <algorithm>
#include <optional>

#include "emulator/base/clock.hpp"

namespace emu::lambda {
class AsyncPace {
 public:
  // Whether one more may begin beside `in_flight`, with `most` the function's concurrency.
  bool admits(int in_flight, int most, Time now) {
    if (in_flight < std::min(allowed_, std::max(most, 1))) return true;
    if (allowed_ >= most) {
      full_since_.reset();
      return false;
    }
    if (!full_since_) begin(now);
    if (now - *full_since_ < kPatience) return false;
    const bool slow = ended_ < allowed_;
    if (slow) allowed_ *= 2;
    begin(now);
    return slow;
  }
  void ended() { ++ended_; }                 // one event, that the function took
  void caught_up() { full_since_.reset(); }  // nothing due waits
  // When it may grow next; never in the past of the admits() before.
  Time due() const { return full_since_ ? *full_since_ + kPatience : kNever; }

 private:
  void begin(Time now) {
    full_since_ = now;
    ended_ = 0;
  }
  static constexpr int kAtFirst = 32;  // ours
  static constexpr Duration kPatience =
      std::chrono::seconds(10);  // ours: a few cold starts on a small machine
  int allowed_ = kAtFirst;
  int ended_ = 0;  // since then
  std::optional<Time> full_since_;
};
}  // namespace emu::lambda
