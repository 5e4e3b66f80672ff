#include "emulator/services/lambda/mappings/batch_plan.hpp"

#include <algorithm>

namespace emu::lambda {
namespace {
using namespace std::chrono_literals;
constexpr Duration kFirstPause = 1s, kLongestPause = 60s;
}  // namespace

BatchPlan::BatchPlan(std::size_t records, const StreamSettings& settings)
    : parts_{{0, records, 0}}, bisects_(settings.bisect), retries_(settings.retries) {}

Duration BatchPlan::pause() const {
  if (setbacks_ == 0) return Duration{0};
  return std::min<Duration>(kFirstPause * (1LL << std::min(setbacks_ - 1, 10)), kLongestPause);
}

void BatchPlan::succeeded() {
  parts_.pop_front();
  setbacks_ = 0;
}

std::optional<BatchPlan::Part> BatchPlan::failed(std::optional<std::size_t> failed) {
  auto& part = parts_.front();
  ++setbacks_;
  const auto from = failed.value_or(part.from);
  const bool smaller = from > part.from;
  part.from = from;
  if (bisects_ && smaller) return std::nullopt;  // the split costs no attempt
  if (bisects_ && !failed && part.size() > 1) {
    const auto middle = part.from + part.size() / 2;
    const Part second{middle, part.to, part.attempts};
    part.to = middle;
    parts_.insert(parts_.begin() + 1, second);
    return std::nullopt;
  }
  ++part.attempts;
  if (retries_ < 0 || part.attempts <= retries_) return std::nullopt;
  auto given_up = part;
  succeeded();
  return given_up;
}

BatchPlan::Part BatchPlan::expired(std::size_t to) {
  auto& part = parts_.front();
  const Part out{part.from, to, part.attempts};
  part.from = to;
  if (part.size() == 0) succeeded();
  return out;
}
}  // namespace emu::lambda
