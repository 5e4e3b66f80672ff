// When a batch is closed: when it has as many records as it may, when the next would not fit into a payload
// of 6 MB, or when the window since its first record has passed (spec-lambda G.2). Pure; told the time.
#pragma once
#include "emulator/base/clock.hpp"

namespace emu::lambda {
class Closing {
 public:
  Closing(std::size_t most, Duration window) : most_(most), window_(window) {}
  // A record of so many bytes; false: it does not fit, the batch is closed without it.
  bool add(std::size_t bytes, Time now);
  bool closed(Time now) const { return full_ || (count_ > 0 && now >= until_); }
  bool empty() const { return count_ == 0; }
  std::size_t room() const { return most_ - count_; }
  Time until() const { return count_ == 0 ? kNever : until_; }  // when its window has passed

 private:
  const std::size_t most_;
  const Duration window_;
  std::size_t count_ = 0;
  std::size_t bytes_ = 0;
  bool full_ = false;
  Time until_{};
};
}  // namespace emu::lambda
