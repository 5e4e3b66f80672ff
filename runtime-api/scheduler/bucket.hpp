// A rate as AWS has them: so many at once, refilled continuously up to that. Pure, told the time; the limits
// of concurrency.hpp and the allocation of provisioned environments are such buckets.
#pragma once
#include <algorithm>

#include "emulator/base/clock.hpp"

namespace emu::runtime {
class Bucket {
 public:
  Bucket(double capacity, double per_second)
      : capacity_(capacity), per_second_(per_second), level_(capacity) {}

  bool take(Time now) {
    fill(now);
    if (level_ < 1) return false;
    level_ -= 1;
    return true;
  }
  // When the next one can be taken.
  Time next(Time now) {
    fill(now);
    if (level_ >= 1) return now;
    return now + Duration(static_cast<std::int64_t>((1 - level_) / per_second_ * 1e6) + 1);
  }

 private:
  void fill(Time now) {
    if (now > at_) level_ = std::min(capacity_, level_ + seconds(now - at_) * per_second_);
    at_ = std::max(at_, now);
  }
  static double seconds(Duration d) { return static_cast<double>(d.count()) / 1e6; }
  double capacity_, per_second_, level_;
  Time at_{};
};
}  // namespace emu::runtime
