// Starts execution environments. ProcessLauncher runs the function's program; ModelLauncher stands in for it
// with drawn durations, so that an experiment runs the same pool and invoker on virtual time.
#pragma once
#include <functional>
#include <memory>

#include "runtime-api/function.hpp"

namespace emu::runtime {
// One execution environment. It serves one invocation at a time.
class Sandbox {
 public:
  virtual ~Sandbox() = default;
  // Hands over an invocation and waits for its end: the runtime's answer, a time-out, or the death of the
  // process, each as the payload that a caller on AWS gets. After a time-out or crash the environment is kept
  // and initialised anew inside the next invocation, as on AWS.
  virtual awaitable<Outcome> invoke(Invocation invocation) = 0;
  // Calls `then` once the environment may serve again. An answer comes before that: the runtime still has to
  // ask for its next invocation, and what it does until then counts as this one (spec-lambda A.3). False: it
  // died meanwhile and is not worth keeping. From any thread, on any thread, exactly once.
  virtual void when_idle(std::function<void(bool usable)> then) { then(true); }
  // Waits for the end of an initialisation that goes on ahead of an invocation; false: it failed.
  virtual awaitable<bool> warmed() { co_return true; }
  virtual int peak_memory_mb() const { return 0; }  // of what runs in it; 0: not known
  // Ends the environment and every process it started. Idempotent, from any thread.
  virtual void close() = 0;
};

class Launcher {
 public:
  virtual ~Launcher() = default;
  // Starts an environment. Returns at once when the program has been started, or failed to: a failed
  // initialisation is reported by the first invoke(), as on AWS.
  virtual awaitable<std::shared_ptr<Sandbox>> launch(std::shared_ptr<const FunctionSpec> spec) = 0;
};
}  // namespace emu::runtime
