// Turns a function into a running program: which one, with which arguments, variables and /tmp. Shared by all
// environments of a ProcessLauncher. A handler file that is itself executable runs a custom runtime that
// ships no `bootstrap`, so that a compiled function needs no renaming; AWS would refuse it.
#pragma once
#include "emulator/base/ids.hpp"
#include "emulator/base/loops.hpp"
#include "runtime-api/function_log.hpp"
#include "runtime-api/interpreters.hpp"
#include "runtime-api/process.hpp"
#include "runtime-api/start_gate.hpp"

namespace emu::runtime {
struct ProcessOptions {
  std::filesystem::path run_dir;      // below it each environment has its /tmp; nobody else may use it
  std::filesystem::path runtime_dir;  // nodejs/index.cjs, python/bootstrap.py
  std::filesystem::path
      node_modules;          // AWS SDK for JavaScript v3, for functions that ship none; may be empty
  std::string endpoint_url;  // AWS_ENDPOINT_URL: the daemon
  FunctionLogs& logs;
  std::string mark = {};  // Guard's; empty: one is made
};

class ProcessHost {
 public:
  ProcessHost(Loops& loops, Clock& clock, Ids& ids, ProcessOptions options);

  struct Place {  // of one environment
    std::string id, runtime_api, log_stream;
    std::filesystem::path directory;
  };
  struct Started {
    Time begun;
    Spawned process;
    std::string error_type, error;  // if it could not be started (spec-lambda A.5)
    std::string note;               // for the function's log
  };
  Started start(const FunctionSpec& spec, const Place& place);  // blocking

  Loops& loops;
  Clock& clock;
  Ids& ids;
  const ProcessOptions options;
  const TmpMode tmp_mode;
  const std::shared_ptr<StartGate> gate;
  std::atomic<bool> closing = false;  // one sweep for all will do

 private:
  bool choose(const FunctionSpec& spec, Command& command, Started& out);
  Interpreters interpreters_;
};
}  // namespace emu::runtime
