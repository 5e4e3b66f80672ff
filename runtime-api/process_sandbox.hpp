// One execution environment as a process: its Runtime API, its log stream, its /tmp, and the phases of its
// life (spec-lambda F.4): initialise, invoke, again after a time-out or crash. All of it happens on the loop
// that launched it; invoke(), when_idle() and close() may be called from any.
#pragma once
#include <atomic>

#include "runtime-api/api_server.hpp"
#include "runtime-api/launcher.hpp"
#include "runtime-api/log_lines.hpp"
#include "runtime-api/process_host.hpp"

namespace emu::runtime {
class ProcessSandbox final : public Sandbox, public std::enable_shared_from_this<ProcessSandbox> {
 public:
  ProcessSandbox(std::shared_ptr<ProcessHost> host, std::shared_ptr<const FunctionSpec> spec,
                 asio::any_io_executor loop);
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

  awaitable<void> begin();  // starts a process, when it is its turn
  awaitable<void> start_process();
  awaitable<bool> warm();
  Duration init_limit() const;
  awaitable<Init> initialised(Time deadline);  // waits for it to ask for work
  awaitable<void> end();                       // kills it, and what it started
  awaitable<bool> event(Time deadline);        // waits for a change of mailbox or process; false: too late
  awaitable<void> serve(std::shared_ptr<Call> call);
  awaitable<std::optional<Duration>> first_init();
  awaitable<void> run(Run& run);
  awaitable<void> settle(Run& run);
  awaitable<void> last_words();
  void fail_init(Run& run, Init how);
  void time_out(Run& run);
  void crash(Run& run, std::string_view type, std::string_view text);
  void report(Run& run, std::string status, std::string error_type);
  void answer(Run& run);
  void report_init(std::string_view phase, Init how);
  Outcome init_failure(std::string_view request_id, std::string& text);
  void changed();
  void idle(bool usable);
  awaitable<void> clean_up();
  Mailbox& mailbox() { return api_->mailbox(); }

  const std::shared_ptr<ProcessHost> host_;
  const std::shared_ptr<const FunctionSpec> spec_;
  const asio::any_io_executor loop_;
  ProcessHost::Place place_;
  std::shared_ptr<LogStream> log_;
  std::shared_ptr<ApiServer> api_;

  bool fresh_ = true;  // the process initialises, or will, ahead of its first invocation
  std::shared_ptr<Process> process_;
  Time begun_{};
  std::optional<Time> ready_;
  std::atomic<int> peak_mb_ = 0;
  std::optional<std::pair<std::string, std::string>> not_started_;  // error type and text
  std::shared_ptr<Wakeup> initialised_, waiting_;

  struct Outside {  // what other loops may touch
    std::shared_ptr<Process> process;
    bool closed = false, busy = false, usable = true;
    std::function<void(bool)> then;
  };
  Guarded<Outside> outside_;
};
}  // namespace emu::runtime
