// Invocations of type Event: on disk before they are acknowledged, delivered at least once, retried as AWS
// does, their end told to destination and dead-letter queue, continued after a restart (spec-lambda F.3).
// Owned by Lambda; knows functions only by name and is told how to attempt one.
#pragma once
#include <functional>

#include "emulator/api/ports.hpp"
#include "emulator/api/records.hpp"
#include "emulator/base/guarded.hpp"
#include "emulator/base/loops.hpp"
#include "emulator/services/lambda/async/async_pace.hpp"
#include "runtime-api/function.hpp"

namespace emu::lambda {
// On disk under these names.
struct AsyncInvoke {
  std::string request_id;  // the same in every attempt
  std::string function, qualifier, payload, trace_id;
  std::int64_t accepted_us = 0, due_us = 0;
  int attempts = 0;   // that ended in a function error
  int throttles = 0;  // since the last attempt that ran; they are not counted as attempts
  std::optional<std::string> tenant_id;
};
BOOST_DESCRIBE_STRUCT(AsyncInvoke, (),
                      (request_id, function, qualifier, payload, trace_id, accepted_us, due_us, attempts,
                       throttles, tenant_id))

// An invocation that took place: what came of it, and the version that was executed.
struct Ran {
  runtime::Outcome outcome;
  std::string version;
};
struct AsyncEnd;

// How one event is treated, looked up before every attempt: settings may change between them.
struct AsyncPolicy {
  int retries = 2;                                   // MaximumRetryAttempts
  Duration oldest = std::chrono::seconds(21'600);    // MaximumEventAgeInSeconds
  std::string on_success, on_failure, dead_letters;  // ARNs, or empty
  bool stopped = false;                              // reserved concurrency 0: its events are not tried
  bool in_loop = false;                              // its chain of events has come back too often
};

class AsyncInvokes {
 public:
  using Attempt = std::function<awaitable<Result<Ran>>(Scope, AsyncInvoke)>;
  using Policy = std::function<std::optional<AsyncPolicy>(const Scope&, const AsyncInvoke&)>;  // none: gone
  // How many of a function's events may be in flight: its concurrency.
  using Most = std::function<int(const Scope&, const std::string& function)>;
  AsyncInvokes(storage::Engine& disk, Clock& clock, Loops& loops, const Ports& ports, Policy policy,
               Most most, Attempt attempt)
      : clock_(clock),
        loops_(loops),
        ports_(ports),
        policy_(std::move(policy)),
        most_(std::move(most)),
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
    AsyncPace pace;
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
  // The attempt: what is to be tried again later, if anything is.
  awaitable<std::optional<AsyncInvoke>> tried(Scope scope, AsyncInvoke invoke);
  // How an event ends that is not worth an attempt.
  std::optional<std::string> refused(const AsyncPolicy& policy, const AsyncInvoke& invoke) const;
  // After an attempt: how the event ended, or none, with the time of the next attempt in `invoke`.
  std::optional<std::string> judge(const AsyncPolicy& policy, const Result<Ran>& result,
                                   AsyncInvoke& invoke) const;
  awaitable<void> tell(Scope scope, AsyncPolicy policy, AsyncInvoke invoke, AsyncEnd end);

  Clock& clock_;
  Loops& loops_;
  const Ports& ports_;
  const Policy policy_;
  const Most most_;
  const Attempt attempt_;
  Records<AsyncInvoke> records_;
  Guarded<Queue> queue_;
};
}  // namespace emu::lambda
