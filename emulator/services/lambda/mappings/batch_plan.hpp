// What happens to one batch of a shard until all of it is done with: retried whole, in halves, or from the
// first record that failed; given up when its attempts are used up or its records are too old (spec-lambda
// G.3). Pure; told what came of each attempt.
#pragma once
#include <deque>
#include <optional>

#include "emulator/base/clock.hpp"
#include "emulator/services/lambda/mappings/record.hpp"

namespace emu::lambda {
class BatchPlan {
 public:
  struct Part {
    std::size_t from = 0, to = 0;  // places in the batch
    int attempts = 0;              // that ended in an error of the function
    std::size_t size() const { return to - from; }
  };
  BatchPlan(std::size_t records, const StreamSettings& settings);
  bool done() const { return parts_.empty(); }
  const Part& next() const { return parts_.front(); }  // to be handed to the function now
  Duration pause() const;                              // before that

  void succeeded();
  // What was given up, if this was the last attempt. `failed`: the place in the batch from which on it
  // reported failures; none: all of the part failed.
  std::optional<Part> failed(std::optional<std::size_t> failed = std::nullopt);
  void throttled() { ++setbacks_; }
  // The first records of the next part, up to this place, are too old: given up.
  Part expired(std::size_t to);

 private:
  std::deque<Part> parts_;
  const bool bisects_;
  const int retries_;
  int setbacks_ = 0;  // since anything succeeded
};
}  // namespace emu::lambda
