// An event source mapping of a stream at work (spec-lambda G.3): its shards one after another, parents before
// children, each by a ShardReader. All of it runs on one loop, so its parts need no locks.
#pragma once
#include "emulator/services/lambda/lambda.hpp"

namespace emu::lambda {
class StreamRunner final : public Runner {
 public:
  StreamRunner(Lambda& lambda, Scope scope, SharedMapping mapping)
      : Runner(std::move(mapping)), lambda_(lambda), scope_(std::move(scope)) {}
  awaitable<void> run() override;

  // For its ShardReader.
  using Runner::interrupted_by_change;
  using Runner::mapping;
  using Runner::wake;
  using Runner::working;
  Lambda& lambda() const { return lambda_; }
  const Scope& scope() const { return scope_; }

 private:
  // Reads the shards, each to its end; when to look again, if the settings stay as they are.
  awaitable<Time> read(SharedMapping mapping);
  awaitable<void> rest(SharedMapping before, Time until);  // or until the settings are others
  Lambda& lambda_;
  const Scope scope_;
};
}  // namespace emu::lambda
