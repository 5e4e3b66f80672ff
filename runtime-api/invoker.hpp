// invoke(): admit, start an environment if none is warm, hand over the payload, wait, give the environment
// back. Owns no functions: whoever does (lambda) keeps a Function per version and hands it in.
#pragma once
#include "emulator/base/guarded.hpp"
#include "emulator/base/loops.hpp"
#include "runtime-api/launcher.hpp"
#include "runtime-api/pool.hpp"

namespace emu::runtime {
// A function version that can be invoked: its immutable spec and its live environments.
class Function {
 public:
  explicit Function(FunctionSpec spec);
  const std::shared_ptr<const FunctionSpec> spec;

 private:
  friend class Invoker;
  struct Live;
  std::shared_ptr<Guarded<Live>> live_;
};

class Invoker {
 public:
  Invoker(Clock& clock, Loops& loops, Launcher& launcher, Guarded<Concurrency>& concurrency);
  awaitable<Outcome> invoke(std::shared_ptr<Function> function, Invocation invocation);
  // The function was updated or deleted: idle environments end now, busy ones after their invocation.
  void retire(std::shared_ptr<Function> function);
  // Ends environments idle for longer than `idle`, until the loops stop.
  awaitable<void> reap();
  void close();  // ends every environment of every function; for shutdown

 private:
  Clock& clock_;
  Loops& loops_;
  Launcher& launcher_;
  Guarded<Concurrency>& concurrency_;
};
}  // namespace emu::runtime
