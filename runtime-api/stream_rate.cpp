#include "runtime-api/stream_rate.hpp"

#include <algorithm>

namespace emu::runtime {
std::size_t StreamRate::take(Time now, std::size_t wanted) {
  const auto steps = std::max<std::int64_t>(0, (now - refilled_) / kStreamStep);
  refilled_ += steps * kStreamStep;
  left_ = std::min(kStreamBurst, left_ + static_cast<std::size_t>(steps) * kStreamRefill);
  const auto taken = std::min(left_, wanted);
  left_ -= taken;
  return taken;
}
}  // namespace emu::runtime
