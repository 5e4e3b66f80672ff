#include "runtime-api/process_host.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "runtime-api/environment.hpp"
#include "runtime-api/platform_error.hpp"

namespace emu::runtime {
namespace fs = std::filesystem;
namespace {
constexpr std::string_view kInvalidEntrypoint = "Runtime.InvalidEntrypoint";

std::string reason(int error) {
  std::string text = std::strerror(error);
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

bool executable(const fs::path& path) {
  struct stat found{};
  return ::stat(path.c_str(), &found) == 0 && S_ISREG(found.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

// As AWS sizes the heap for the function's memory (spec-lambda C.3).
std::vector<std::string> node_flags(int memory_mb) {
  return {"--expose-gc", "--max-http-header-size=81920",
          fmt::format("--max-semi-space-size={}", std::max(1, memory_mb / 20)),
          fmt::format("--max-old-space-size={}", memory_mb * 9 / 10)};
}
}  // namespace

ProcessHost::ProcessHost(Loops& l, Clock& c, Ids& i, ProcessOptions o)
    : loops(l),
      clock(c),
      ids(i),
      options(std::move(o)),
      tmp_mode(detect_tmp_mode()),
      gate(std::make_shared<StartGate>(
          c, 2 * static_cast<int>(std::max(1U, std::thread::hardware_concurrency())))) {}

// Fills in program and arguments; false: why not is in `out`.
bool ProcessHost::choose(const FunctionSpec& spec, Command& command, Started& out) {
  const auto kind = family(spec.runtime);
  if (kind == Family::provided) {
    auto program = spec.task_root / "bootstrap";
    std::error_code unreadable;
    if (!fs::exists(program, unreadable) && executable(spec.task_root / spec.handler))
      program = spec.task_root / spec.handler;
    if (!fs::exists(program, unreadable)) out.error = kNoBootstrap;
    command.program = program.string();
    command.arguments = {command.program};
    return out.error.empty();
  }
  if (kind == Family::unknown) {
    out.error = fmt::format("the runtime {} is not supported by this emulator yet", spec.runtime);
    return false;
  }
  const bool node = kind == Family::node;
  const auto found = interpreters_.find(spec.runtime);
  if (!found) {
    out.error = fmt::format("no {} was found on PATH to run {}",
                            node ? "Node.js 18 or newer" : "Python 3.9 or newer", spec.runtime);
    return false;
  }
  if (!found->exact)
    out.note = fmt::format("emu: {} runs on {} {}: its own version is not on PATH\n", spec.runtime,
                           node ? "Node.js" : "Python", found->version);
  command.program = found->path;
  command.arguments = {found->path};
  if (node)
    for (auto& flag : node_flags(spec.memory_mb)) command.arguments.push_back(std::move(flag));
  command.arguments.push_back(
      (options.runtime_dir / (node ? "nodejs/index.cjs" : "python/bootstrap.py")).string());
  // The wrapper gets the runtime's whole command line (spec-lambda C.2).
  const auto wrapper = spec.environment.find("AWS_LAMBDA_EXEC_WRAPPER");
  if (wrapper != spec.environment.end() && !wrapper->second.empty()) {
    command.program = wrapper->second;
    command.arguments.insert(command.arguments.begin(), wrapper->second);
  }
  return true;
}

ProcessHost::Started ProcessHost::start(const FunctionSpec& spec, const Place& place) {
  Started out{.begun = clock.now(), .error_type = std::string(kInvalidEntrypoint)};
  if (closing) {
    out.error = "the daemon is stopping";
    return out;
  }
  Command command{.directory = spec.task_root.string()};
  if (!choose(spec, command, out)) return out;
  const bool managed = family(spec.runtime) != Family::provided;
  const auto interpreter = managed ? fs::path(command.program).parent_path() : fs::path();
  auto set_tmp = [&](TmpMode mode) {
    command.tmp =
        plan_tmp(mode, place.directory / "tmp",
                 {spec.task_root, options.runtime_dir, options.node_modules, interpreter.parent_path()});
    command.environment =
        process_environment(spec, {place.runtime_api, place.log_stream, command.tmp.seen_as(),
                                   options.runtime_dir.string(), options.node_modules.string(),
                                   options.endpoint_url, interpreter.string(), options.mark, place.id});
  };
  set_tmp(tmp_mode);
  out.begun = clock.now();
  out.process = spawn(command);
  if (out.process.failed == kPrivateTmp) {
    set_tmp(TmpMode::variable);
    out.process = spawn(command);
  }
  if (out.process.failed.empty()) {
    out.error_type.clear();
  } else if (managed && spec.environment.contains("AWS_LAMBDA_EXEC_WRAPPER")) {
    out.error_type = "Runtime.ExitError";  // on AWS a shell starts the wrapper
    out.error = exit_text(127 << 8);
  } else {
    const auto shown =
        managed ? command.program : "/var/task/" + fs::path(command.program).filename().string();
    out.error = fmt::format("fork/exec {}: {}", shown, reason(out.process.error));
  }
  return out;
}
}  // namespace emu::runtime
