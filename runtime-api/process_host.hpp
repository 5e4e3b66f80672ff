// Turns a function into a running program: which one, with which arguments, variables and /tmp. Shared by all
// environments of a ProcessLauncher. A handler file that is itself executable runs a custom runtime that
// ships no `bootstrap`, so that a compiled function needs no renaming; AWS would refuse it.
#pragma once
#include "emulator/base/ids.hpp"
#include "emulator/base/loops.hpp"
#include "runtime-api/boot_ahead.hpp"
#include "runtime-api/control_groups.hpp"
#include "runtime-api/function_log.hpp"
#include "runtime-api/interpreters.hpp"
#include "runtime-api/opt_shelf.hpp"
#include "runtime-api/process.hpp"
#include "runtime-api/start_gate.hpp"
#include "runtime-api/switches.hpp"

namespace emu::runtime {
struct ProcessOptions {
  std::filesystem::path run_dir;      // below it each environment has its /tmp; nobody else may use it
  std::filesystem::path runtime_dir;  // nodejs/index.cjs, python/bootstrap.py
  std::filesystem::path
      node_modules;          // AWS SDK for JavaScript v3, for functions that ship none; may be empty
  std::string endpoint_url;  // AWS_ENDPOINT_URL: the daemon
  FunctionLogs& logs;
  std::string mark = {};  // Guard's; empty: one is made
  Switches switches = {};
  std::filesystem::path control_group = {};           // to be divided; empty: the daemon's own, where it may
  Duration restore_limit = std::chrono::seconds(10);  // for SnapStart's hooks (spec-lambda A.6)
};

class ProcessHost {
 public:
  ProcessHost(Loops& loops, Clock& clock, Ids& ids, ProcessOptions options);

  Place place() const;  // a new one, with nothing in it
  struct Started {
    Time begun;
    Spawned process;
    std::string error_type, error;  // if it could not be started (spec-lambda A.5)
    std::string note;               // for the function's log
  };
  // Blocking. booted: what waits in that place, perhaps nothing: it is told, or ended.
  Started start(const FunctionSpec& spec, const Place& place, Spawned& booted);
  // Keeps an interpreter waiting for a function like this one, if there are too few. Blocking.
  void boot_ahead(std::shared_ptr<const FunctionSpec> like);
  std::optional<BootAhead::Booted> booted(const FunctionSpec& spec);
  void end_unused(const BootAhead::Booted& booted);  // and what it lived in. Blocking
  // The executables in /opt/extensions, and one of them as a program (spec-lambda B.1). Blocking, both.
  std::vector<std::string> extensions(const FunctionSpec& spec);
  Started start_extension(const FunctionSpec& spec, const Place& place, const std::string& name);
  bool debugged(const FunctionSpec& spec) const;

  Loops& loops;
  Clock& clock;
  Ids& ids;
  const ProcessOptions options;
  const TmpMode tmp_mode;
  const bool tmp_limited;    // /tmp has the size that the function has
  const bool opt_protected;  // /opt is read-only
  std::optional<ControlGroups> groups;
  std::string no_groups;         // why there are none
  const bool processes_limited;  // no more than 1024 in an environment
  const std::shared_ptr<StartGate> gate;
  std::atomic<bool> stopping = false;  // the daemon ends soon: extensions have less time than on AWS
  std::atomic<int> leaving = 0;        // environments whose extensions are being told of the end
  std::atomic<bool> closing = false;   // one sweep for all will do
  std::atomic<int> busy = 0;           // environments that somebody attends to
  BootAhead ahead;

 private:
  bool choose(const FunctionSpec& spec, Command& command, Started& out);
  // process_boot.cpp
  std::optional<BootAhead::Booted> boot(std::shared_ptr<const FunctionSpec> like);
  bool become(const FunctionSpec& spec, const Place& place, Command& command, Spawned& booted, Started& out);
  // Fills in what the process sees around it, and starts it; in a lesser mode where this one fails.
  void spawn_in(const FunctionSpec& spec, const Place& place, Command& command, bool extension, Started& out);
  Descriptor group_of(const FunctionSpec& spec, const Place& place) const;
  void find_groups();
  void surround(const FunctionSpec& spec, const Place& place, TmpMode mode, Command& command, bool extension);
  std::string opt_of(const FunctionSpec& spec);
  void inspect(const FunctionSpec& spec, Command& command, Started& out);
  Interpreters interpreters_;
  OptShelf shelf_;
};
}  // namespace emu::runtime
