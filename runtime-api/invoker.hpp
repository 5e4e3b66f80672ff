// invoke(): admit, start an environment if none is warm, hand over the payload, wait, give the environment
// back. Owns no functions: whoever does (lambda) keeps a Function per version and hands it in. Decides
// nothing itself: scheduler/ does, and is told the time.
#pragma once
#include "emulator/base/guarded.hpp"
#include "emulator/base/loops.hpp"
#include "runtime-api/launcher.hpp"
#include "runtime-api/scheduler/cold_start.hpp"
#include "runtime-api/scheduler/concurrency.hpp"
#include "runtime-api/scheduler/pool.hpp"

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

// An environment as `emu inspect` shows it.
struct EnvironmentView {
  std::shared_ptr<const FunctionSpec> spec;
  Environment environment;
  int peak_memory_mb = 0;
};

// How far a version's provisioned concurrency has come.
struct ProvisionedView {
  int wanted = 0, allocated = 0;
  bool failed = false;  // an initialisation failed and none has succeeded since; it is retried
};

class Invoker {
 public:
  Invoker(Clock& clock, Launcher& launcher, Guarded<Concurrency>& concurrency, Keep keep = {},
          ColdStarts cold_starts = {});
  awaitable<Outcome> invoke(std::shared_ptr<Function> function, Invocation invocation);
  // Keeps so many environments initialised, and returns when they have been started. Whoever asks for them
  // has told Concurrency.
  awaitable<void> provision(std::shared_ptr<Function> function, int environments);
  ProvisionedView provisioned(const Function& function);
  // The function was updated or deleted: idle environments end now, busy ones after their invocation.
  void retire(std::shared_ptr<Function> function);
  // Ends environments that have been kept long enough and replaces provisioned ones, until the loops stop.
  awaitable<void> reap();
  void close();  // ends every environment of every function; for shutdown

  std::vector<EnvironmentView> environments();
  Guarded<ColdStarts>& cold_starts() { return cold_starts_; }

 private:
  using Live = Function::Live;
  struct Known {
    std::vector<std::weak_ptr<Live>> functions;
    bool closed = false;
  };
  struct Admission;
  // One try. Warm or cold; or a throttle; or, if `wakeup` is given, a promise to signal it when an
  // environment of this function that has already answered is free.
  Admission admit(Live& live, std::string_view tenant, const std::shared_ptr<Wakeup>& wakeup);
  awaitable<Admission> admitted(std::shared_ptr<Live> live, std::string tenant);
  awaitable<std::shared_ptr<Sandbox>> launch(std::shared_ptr<Live> live, SandboxId id, bool provisioned);
  awaitable<Outcome> invoke_once(std::shared_ptr<Live> live, Invocation invocation);
  awaitable<std::shared_ptr<Sandbox>> join(std::shared_ptr<Live> live, SandboxId id);
  awaitable<void> top_up(std::shared_ptr<Live> live);
  awaitable<void> start_provisioned(std::shared_ptr<Live> live, SandboxId id);
  void give_back(const std::shared_ptr<Live>& live, SandboxId id, bool provisioned, bool usable);
  std::vector<std::shared_ptr<Live>> known();

  Clock& clock_;
  Launcher& launcher_;
  Guarded<Concurrency>& concurrency_;
  const Keep keep_;
  Guarded<ColdStarts> cold_starts_;
  Guarded<Known> known_;
};
}  // namespace emu::runtime
