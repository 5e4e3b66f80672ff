// How fast a streamed response may leave an environment (spec-lambda A.4): six mebibytes at once, then two
// per second, in steps of an eighth of a second. A plain value told the time; one for each response.
#pragma once
#include <cstddef>

#include "emulator/base/clock.hpp"

namespace emu::runtime {
inline constexpr std::size_t kStreamBurst = 6 * 1024 * 1024;
inline constexpr std::size_t kStreamRefill = 256 * 1024;
inline constexpr Duration kStreamStep = std::chrono::milliseconds(125);

class StreamRate {
 public:
  explicit StreamRate(Time begun) : refilled_(begun) {}
  // Takes up to `wanted` bytes from what may go now; 0: nothing until next().
  std::size_t take(Time now, std::size_t wanted);
  Time next() const { return refilled_ + kStreamStep; }

 private:
  Time refilled_;
  std::size_t left_ = kStreamBurst;
};
}  // namespace emu::runtime
