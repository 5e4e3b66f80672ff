// A rate as AWS has them: so many at once, refilled continuously up to that. Pure, told the time; the limits
// of concurrency.hpp and the allocation of provisioned environments are such buckets.
#pragma once
#include <algorithm>
#include <cmath>

#include "emulator/base/clock.hpp"

namespace emu::runtime {
class Bucket {
 public:
  Bucket(double capacity, double per_second)
      : capacity_(parts(capacity)),
        per_microsecond_(per_second > 0 ? std::max<std::int64_t>(1, parts(per_second) / 1'000'000) : 0),
        level_(capacity_) {}

  bool take(Time now) {
    fill(now);
    if (level_ < kOne) return false;
    level_ -= kOne;
    return true;
  }
  // When the next one can be taken.
  Time next(Time now) {
    fill(now);
    if (level_ >= kOne) return now;
    if (per_microsecond_ <= 0 || capacity_ < kOne) return kNever;
    return now + Duration((kOne - level_ + per_microsecond_ - 1) / per_microsecond_);
  }

 private:
  // Counted in whole parts, so that a rate is kept exactly, however many small steps time takes.
  static constexpr std::int64_t kOne = 1'000'000'000;
  static std::int64_t parts(double of) { return std::llround(std::clamp(of, 0.0, 1e8) * 1e9); }
  void fill(Time now) {
    if (now <= at_) return;
    const auto passed = (now - at_).count();
    at_ = now;
    if (per_microsecond_ <= 0) return;
    const auto missing = capacity_ - level_;
    level_ = passed > missing / per_microsecond_ ? capacity_ : level_ + passed * per_microsecond_;
  }
  std::int64_t capacity_, per_microsecond_, level_;
  Time at_{};
};
}  // namespace emu::runtime
