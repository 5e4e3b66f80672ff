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
  std::shared_ptr<Live> live_;
};

class Invoker {
 public:
  // idle: how long an unused environment is kept (spec-lambda I.3: ten minutes is the usual model).
  Invoker(Clock& clock, Launcher& launcher, Guarded<Concurrency>& concurrency,
          Duration idle = std::chrono::minutes(10));
  awaitable<Outcome> invoke(std::shared_ptr<Function> function, Invocation invocation);
  // The function was updated or deleted: idle environments end now, busy ones after their invocation.
  void retire(std::shared_ptr<Function> function);
  // Ends environments idle for longer than `idle`, until the loops stop.
  awaitable<void> reap();
  void close();  // ends every environment of every function; for shutdown

 private:
  using Live = Function::Live;
  struct Known {
    std::vector<std::weak_ptr<Live>> functions;
    bool closed = false;
  };
  struct Admission;
  // One try. Warm or cold; or a throttle; or, if `wakeup` is given, a promise to signal it when an
  // environment of this function that has already answered is free.
  Admission admit(const Function& function, bool& entered, const std::shared_ptr<Wakeup>& wakeup);
  awaitable<Admission> admitted(const Function& function);
  awaitable<std::shared_ptr<Sandbox>> launch(std::shared_ptr<Function> function, SandboxId id);
  void give_back(std::shared_ptr<Function> function, SandboxId id, bool usable);
  std::vector<std::shared_ptr<Live>> known();

  Clock& clock_;
  Launcher& launcher_;
  Guarded<Concurrency>& concurrency_;
  const Duration idle_;
  Guarded<Known> known_;
};
}  // namespace emu::runtime
