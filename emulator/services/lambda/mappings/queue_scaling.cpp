#include "emulator/services/lambda/mappings/queue_scaling.hpp"

#include <algorithm>

namespace emu::lambda {
namespace {
// Ours: AWS tells only that it goes back on errors and throttles.
constexpr int kFailuresInARow = 5;
constexpr Duration kCutEvery = std::chrono::seconds(1);

double seconds(Duration d) { return static_cast<double>(d.count()) / 1e6; }
}  // namespace

void QueueScaling::follow(const Rates& rates) {
  if (rates == rates_) return;
  allowed_ += std::max(0, rates.first - rates_.first);
  rates_ = rates;
}

// Only the time in which every one allowed is in use counts.
void QueueScaling::grow(Time now) {
  if (in_flight_ >= allowed() && grown_ != Time{})
    allowed_ =
        std::min(allowed_ + rates_.per_minute * seconds(now - grown_) / 60, static_cast<double>(rates_.most));
  grown_ = now;
}

void QueueScaling::cut(Time now) {
  grow(now);
  if (cut_ != Time{} && now - cut_ < kCutEvery) return;
  cut_ = now;
  allowed_ = std::max(1.0, allowed_ / 2);
}

bool QueueScaling::may_start(Time now) {
  grow(now);
  return in_flight_ < std::max(1, allowed());
}

Time QueueScaling::next(Time now) const {
  if (allowed() >= rates_.most) return kNever;
  const double missing = in_flight_ + 1 - allowed_;
  return now + Duration(1 + static_cast<std::int64_t>(std::max(0.0, missing / rates_.per_minute) * 60e6));
}

void QueueScaling::ended(End end, Time now) {
  grow(now);
  --in_flight_;
  failures_ = end == End::failed ? failures_ + 1 : 0;
  if (end == End::throttled || failures_ >= kFailuresInARow) cut(now);
  if (in_flight_ == 0) allowed_ = std::min<double>(allowed_, rates_.first);  // nothing is left to do
}
}  // namespace emu::lambda
