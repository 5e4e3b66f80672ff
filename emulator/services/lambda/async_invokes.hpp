// Invocations of type Event: on disk before they are acknowledged, delivered at least once, retried as AWS
// does (spec-lambda F.3), continued after a restart. Owned by Lambda; knows functions only by name and is
// told how to attempt one.
#pragma once
#include <functional>

#include "emulator/api/records.hpp"
#include "emulator/base/guarded.hpp"
#include "emulator/base/loops.hpp"
#include "runtime-api/function.hpp"

namespace emu::lambda {
// On disk under these names.
struct AsyncInvoke {
  std::string request_id;  // the same in every attempt
  std::string function, qualifier, payload, trace_id;
  std::int64_t accepted_us = 0, due_us = 0;
  int attempts = 0;   // that ended in a function error
  int throttles = 0;  // since the last attempt that ran; they are not counted as attempts
};
BOOST_DESCRIBE_STRUCT(AsyncInvoke, (),
                      (request_id, function, qualifier, payload, trace_id, accepted_us, due_us, attempts,
                       throttles))

// An attempt's throttle_reason when the function's reserved concurrency is 0: its events are not retried.
inline constexpr std::string_view kZeroReserved = "ZeroReservedConcurrency";

class AsyncInvokes {
 public:
  using Attempt = std::function<awaitable<Result<runtime::Outcome>>(Scope, AsyncInvoke)>;
  AsyncInvokes(storage::Engine& disk, Clock& clock, Loops& loops, Attempt attempt)
      : clock_(clock),
        loops_(loops),
        attempt_(std::move(attempt)),
        records_(disk, storage::Space::async_invokes) {}

  void accept(const Scope& scope, AsyncInvoke invoke);  // durable on return
  void load();
  void verify(Report& report) const { records_.verify(report, "asynchronous invocation"); }
  awaitable<void> run();  // delivers what is due, until the loops stop
  std::size_t waiting();  // not counting those in flight

 private:
  // One function's events: a slow function delays no other.
  struct Lane {
    std::multimap<Time, AsyncInvoke> waiting;
    int in_flight = 0;
  };
  struct LaneKey {
    Scope scope;
    std::string function;
    auto operator<=>(const LaneKey&) const = default;
  };
  struct Queue {
    std::map<LaneKey, Lane> lanes;
    std::shared_ptr<Wakeup> wakeup;  // of run(), while it waits
  };
  struct Due {
    LaneKey lane;
    AsyncInvoke invoke;
  };
  void enqueue(LaneKey lane, AsyncInvoke invoke);
  std::vector<Due> take_due(const std::shared_ptr<Wakeup>& wakeup, Time& next);
  awaitable<void> deliver(Due due);
  std::optional<AsyncInvoke> again(const Result<runtime::Outcome>& result, AsyncInvoke invoke) const;

  Clock& clock_;
  Loops& loops_;
  const Attempt attempt_;
  Records<AsyncInvoke> records_;
  Guarded<Queue> queue_;
};
}  // namespace emu::lambda
