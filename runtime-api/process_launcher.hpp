// Runs functions as processes of this machine: the Launcher of `emu up`. What belongs to one environment is
// in process_sandbox.hpp, what all share in process_host.hpp.
#pragma once
#include "runtime-api/launcher.hpp"
#include "runtime-api/process_host.hpp"

namespace emu::runtime {
class ProcessLauncher final : public Launcher {
 public:
  // Empties what an earlier daemon left in run_dir.
  ProcessLauncher(Loops& loops, Clock& clock, Ids& ids, ProcessOptions options);
  ~ProcessLauncher() override;  // as close()
  awaitable<std::shared_ptr<Sandbox>> launch(std::shared_ptr<const FunctionSpec> spec) override;
  // When the daemon ends: stop(), then Invoker::close(), then farewell(), in which extensions hear of it.
  void stop() { host_->stopping = true; }
  awaitable<void> farewell();
  // Kills every process that any function of this launcher has started, however well hidden. Blocking, for
  // some milliseconds; after Invoker::close(). Their files stay: Guard removes them.
  void close();
  std::filesystem::path environments() const;  // in which each has its directory; nobody else's
  TmpMode tmp_mode() const { return host_->tmp_mode; }
  std::string isolation() const;  // what environments have for themselves on this machine, in words
  std::vector<BootAhead::Kind> booted_ahead() const { return host_->ahead.kinds(); }
  bool tmp_limited() const { return host_->tmp_limited; }
  bool opt_protected() const { return host_->opt_protected; }

 private:
  std::shared_ptr<ProcessHost> host_;
};
}  // namespace emu::runtime
