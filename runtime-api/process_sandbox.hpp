// One execution environment as processes: its Runtime API, its log stream, its /tmp, and the phases of its
// life (spec-lambda F.4): initialise, invoke, again after a time-out or crash, shut down. All of it happens
// on the loop that launched it; invoke(), warmed(), when_idle() and close() may be called from any.
#pragma once
#include "runtime-api/api_server.hpp"
#include "runtime-api/environment_log.hpp"
#include "runtime-api/launcher.hpp"
#include "runtime-api/process_host.hpp"

namespace emu::runtime {
class ProcessSandbox final : public Sandbox, public std::enable_shared_from_this<ProcessSandbox> {
 public:
  ProcessSandbox(std::shared_ptr<ProcessHost> host, std::shared_ptr<const FunctionSpec> spec,
                 asio::any_io_executor loop);
  ~ProcessSandbox() override;
  awaitable<void> start();  // opens the Runtime API and starts the program
  awaitable<Outcome> invoke(Invocation invocation) override;
  awaitable<bool> warmed() override;
  int peak_memory_mb() const override { return peak_mb_; }
  void when_idle(std::function<void(bool usable)> then) override;
  void close() override;

 private:
  // Somebody waiting for an outcome, perhaps on another loop.
  struct Call {
    Invocation invocation;
    std::shared_ptr<Wakeup> answered;
    Outcome outcome;
  };
  struct Run;  // an invocation under way
  enum class Init { ready, failed, late };
  struct Cause {
    std::string type, text;
  };

  // process_start.cpp: from nothing to an environment that waits for work.
  awaitable<void> begin(std::string_view phase);  // starts the processes, when it is its turn
  awaitable<void> start_extensions();
  awaitable<void> start_when_registered();
  awaitable<void> start_process();
  void put_away(Spawned spawned);  // a process that came too late
  std::shared_ptr<Process> watched(Spawned spawned, Process::Events events);
  void extension_ended(const std::string& name);
  awaitable<Init> initialised(Time deadline);  // waits for all of them to ask for work
  awaitable<void> first_init();
  void note_init(Init how);
  void changed();
  Duration init_limit() const;

  // process_invocation.cpp: one invocation.
  awaitable<void> serve(std::shared_ptr<Call> call);
  awaitable<void> run(Run& run);
  awaitable<void> settle(Run& run);
  awaitable<bool> died_streaming();
  awaitable<void> last_words(std::string request_id);
  bool answered(std::string_view request_id);
  void describe(Run& run);  // from its call
  void fail_init(Run& run, Init how);
  void time_out(Run& run);
  void crash(Run& run, const Cause& cause);
  void runtime_done(Run& run, std::string_view status, std::string_view error_type);
  void report(Run& run, std::string_view status, std::string_view error_type);
  void answer(Run& run);
  Cause exit_cause() const;

  // process_shared.cpp: one of several invocations at a time.
  awaitable<void> serve_beside(std::shared_ptr<Call> call);
  bool lost();
  awaitable<bool> usable(Run& run);
  awaitable<void> run_beside(Run& run);
  void conclude(Run& run, std::string_view status);

  // process_sandbox.cpp: between invocations, and the end.
  awaitable<bool> event(Time deadline);          // waits for a change of any process or API; false: too late
  awaitable<void> end(std::string_view reason);  // kills the processes, and what they started
  awaitable<void> dismiss(std::string_view reason, Time deadline);
  awaitable<void> shut_down();
  awaitable<void> clean_up(bool gently);
  void attend();
  awaitable<void> attendant();
  void freeze();
  void thaw();
  bool limit_memory();  // true: it held more, and was killed
  int measure_memory();
  void idle(bool usable);
  bool closed();
  bool all_ended() const;
  Mailbox& mailbox() { return api_->mailbox(); }
  Switchboard& switchboard() { return api_->switchboard(); }
  const Extensions& extensions() { return api_->extensions().states(); }

  const std::shared_ptr<ProcessHost> host_;
  const std::shared_ptr<const FunctionSpec> spec_;
  const asio::any_io_executor loop_;
  const bool debugged_;
  Place place_;
  Spawned booted_;  // what waits in that place
  std::shared_ptr<ApiServer> api_;
  std::optional<EnvironmentLog> log_;

  struct External {
    std::string name;
    std::shared_ptr<Process> process;
  };
  bool fresh_ = true;          // the processes initialise, or will, ahead of the first invocation
  bool initialising_ = false;  // somebody waits for that already
  std::string phase_;
  int begins_ = 0;
  std::shared_ptr<Process> process_;  // the runtime's
  std::vector<External> externals_;
  Time begun_{};
  std::optional<Time> ready_, restoring_;
  std::optional<Duration> init_, restore_;     // for the REPORT of the first invocation
  std::optional<Cause> not_started_, broken_;  // why there is no runtime; what became of an extension
  std::optional<Cause> not_restored_;          // which is not tried again within the invocation
  bool ending_ = false;
  std::shared_ptr<Wakeup> initialised_;
  Waiters waiting_;

  int serving_ = 0;  // invocations
  bool attending_ = false, frozen_ = false;
  Time idle_since_{}, measured_{}, looked_{};
  std::atomic<int> peak_mb_ = 0;

  struct Outside {  // what other loops may touch
    std::vector<std::shared_ptr<Process>> processes;
    bool closed = false, usable = true;
    int busy = 0;         // invocations
    bool gentle = false;  // it has extensions, so it ends in an order
    std::function<void(bool)> then;
  };
  Guarded<Outside> outside_;
};

// An invocation under way.
struct ProcessSandbox::Run {
  std::shared_ptr<Call> call;
  std::string request_id, trace_id, tenant_id;
  bool log_tail = false, answered = false, streaming = false;
  bool usable = true;
  std::shared_ptr<const ResponseTimes> times = nullptr;  // of one among several
  bool runtime_done = false;                             // said
  bool function_error = false;                           // the runtime's own words
  std::string error_type;
  Time begun, deadline;
  std::optional<Duration> init, restore;
};
}  // namespace emu::runtime
