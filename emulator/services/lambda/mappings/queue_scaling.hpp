// How many batches of one queue may be with the function at once (spec-lambda G.2): five to begin with, 300
// more per minute while they are all in use, never more than the limit, or as many as provisioned pollers
// take; fewer when the function is throttled or keeps failing. Pure; told the time.
#pragma once
#include "emulator/base/clock.hpp"

namespace emu::lambda {
class QueueScaling {
 public:
  struct Rates {
    int first = 5, most = 1250, per_minute = 300;
    bool operator==(const Rates&) const = default;
  };
  enum class End { good, failed, throttled };

  void follow(const Rates& rates);
  bool may_start(Time now);
  Time next(Time now) const;  // when another may start, if none ends before
  void started() { ++in_flight_; }
  void ended(End end, Time now);
  void throttled(Time now) { cut(now); }  // and tried again
  int in_flight() const { return in_flight_; }

 private:
  int allowed() const { return static_cast<int>(std::min(allowed_, static_cast<double>(rates_.most))); }
  void grow(Time now);
  void cut(Time now);
  Rates rates_;
  double allowed_ = Rates{}.first;
  int in_flight_ = 0, failures_ = 0;  // in a row
  Time grown_{}, cut_{};
};
}  // namespace emu::lambda
