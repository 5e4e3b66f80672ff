#include "runtime-api/process_host.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "emulator/base/log.hpp"
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

// The machine's, with the names that an environment has for itself.
std::string hosts_file(const Place& place) {
  const auto path = place.directory / "hosts";
  std::error_code ignored;
  if (!fs::exists(path, ignored)) {
    fs::create_directories(place.directory, ignored);
    std::ifstream machine("/etc/hosts");
    std::ofstream out(path);
    if (machine) out << machine.rdbuf();
    out << "\n" << place.loopback << "\tsandbox.localdomain sandbox\n";
  }
  return path.string();
}

// Free now; nobody else asks for one in the moment until it is used.
std::uint16_t free_port() {
  const Descriptor probe(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  if (::bind(probe.number(), reinterpret_cast<sockaddr*>(&at), size) != 0) return 0;
  ::getsockname(probe.number(), reinterpret_cast<sockaddr*>(&at), &size);
  return ntohs(at.sin_port);
}

// An address of the environment's own, so that the extensions of several may listen on one port.
std::string loopback(std::string_view id) {
  const auto hash = std::hash<std::string_view>{}(id);
  return fmt::format("127.{}.{}.{}", 1 + hash % 254, (hash >> 8) % 256, 1 + (hash >> 16) % 254);
}

// As AWS sizes the heap for the function's memory (spec-lambda C.3). Threads of V8's own: one for each vCPU
// that the memory buys, at most Node's usual four, as each keeps some 300 kB of arena; index.cjs hides this.
std::vector<std::string> node_flags(int memory_mb) {
  constexpr int kMegabytesOfVcpu = 1769;
  const int threads = std::clamp((memory_mb + kMegabytesOfVcpu - 1) / kMegabytesOfVcpu, 1, 4);
  return {fmt::format("--v8-pool-size={}", threads), "--expose-gc", "--max-http-header-size=81920",
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
      tmp_limited(can_limit_tmp(tmp_mode)),
      opt_protected(can_protect_opt(tmp_mode)),
      processes_limited(tmp_mode == TmpMode::user_namespace && counts_processes_apart()),
      gate(std::make_shared<StartGate>(
          c, 2 * static_cast<int>(std::max(1U, std::thread::hardware_concurrency())))),
      ahead(options.switches.boot_ahead),
      shelf_(options.run_dir / "opt") {
  find_groups();
}

void ProcessHost::find_groups() {
  if (!options.switches.limit_cpu) {
    no_groups = "--cpu off";
    return;
  }
  auto found =
      options.control_group.empty() ? ControlGroups::find() : ControlGroups::Found{options.control_group, ""};
  no_groups = std::move(found.why_not);
  if (found.group) groups.emplace(*found.group);
}

// What is written to a /tmp in memory counts as memory, too.
Descriptor ProcessHost::group_of(const FunctionSpec& spec, const Place& place) const {
  if (!groups || debugged(spec)) return Descriptor();
  const std::int64_t mb = spec.memory_mb + (tmp_limited ? spec.tmp_mb : 0);
  return groups->entrance(place.id, options.switches.limit_memory ? mb * 1024 * 1024 : 0);
}

Place ProcessHost::place() const {
  Place out{.id = ids.uuid(), .spaces = std::make_shared<Namespaces>()};
  // Both marks are in the path, by which sweep() knows who lives in it.
  out.directory = options.run_dir / "environments" / options.mark / out.id;
  out.loopback = loopback(out.id);
  return out;
}

// Fills in program and arguments; false: why not is in `out`.
bool ProcessHost::choose(const FunctionSpec& spec, Command& command, Started& out) {
  const auto kind = family(spec.runtime);
  if (kind == Family::provided) {
    auto program = spec.task_root / "bootstrap";
    std::error_code unreadable;
    if (!fs::exists(program, unreadable) && executable(spec.task_root / spec.handler))
      program = spec.task_root / spec.handler;
    if (const auto opt = opt_of(spec); !opt.empty() && !fs::exists(program, unreadable))
      program = fs::path(opt) / "bootstrap";
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
  if (debugged(spec)) inspect(spec, command, out);
  // The wrapper gets the runtime's whole command line (spec-lambda C.2).
  const auto wrapper = spec.environment.find("AWS_LAMBDA_EXEC_WRAPPER");
  if (wrapper != spec.environment.end() && !wrapper->second.empty()) {
    command.program = wrapper->second;
    if (tmp_mode == TmpMode::variable && command.program.starts_with("/opt/"))
      command.program.replace(0, 4, opt_of(spec));
    command.arguments.insert(command.arguments.begin(), command.program);
  }
  return true;
}

// By its name, or as serverless.yml has it: without the service and the stage in front.
bool ProcessHost::debugged(const FunctionSpec& spec) const {
  return std::ranges::any_of(options.switches.debug, [&](const std::string& asked) {
    return spec.name == asked || spec.name.ends_with("-" + asked);
  });
}

// Starts an interpreter under its inspector, halted until a debugger is there.
void ProcessHost::inspect(const FunctionSpec& spec, Command& command, Started& out) {
  const auto at = fmt::format("127.0.0.1:{}", free_port());
  const bool node = family(spec.runtime) == Family::node;
  if (!node && !interpreters_.has_module(command.program, "debugpy")) {
    out.note += fmt::format("emu: {} is not debugged: {} has no debugpy (pip install debugpy)\n", spec.name,
                            command.program);
    log_warning(out.note.substr(5, out.note.size() - 6));
    return;
  }
  std::vector<std::string> flags = {"--inspect-brk=" + at};
  if (!node) flags = {"-m", "debugpy", "--listen", at, "--wait-for-client"};
  command.arguments.insert(command.arguments.begin() + 1, flags.begin(), flags.end());
  log_info(fmt::format("{} waits for a debugger at {}", spec.name, at));
}

std::string ProcessHost::opt_of(const FunctionSpec& spec) { return shelf_.prepare(spec.layers).string(); }

void ProcessHost::surround(const FunctionSpec& spec, const Place& place, TmpMode mode, Command& command,
                           bool extension) {
  const auto opt = opt_of(spec);
  const bool managed = family(spec.runtime) != Family::provided;
  const auto interpreter = managed && !extension ? fs::path(command.program).parent_path() : fs::path();
  command.tmp =
      plan_tmp(mode, place.directory / "tmp",
               {spec.task_root, options.runtime_dir, options.node_modules, interpreter.parent_path(), opt});
  auto& plan = command.tmp;
  if (spec.managed_instances()) command.open_files += spec.max_concurrency;  // a connection for each
  command.few_processes = processes_limited && plan.mode == TmpMode::user_namespace;
  std::error_code absent;  // a minimal machine has no place to show it at
  const bool shown = plan.mode != TmpMode::variable && !opt.empty() && fs::is_directory("/opt", absent);
  if (shown) plan.opt = opt;
  if (plan.mode != TmpMode::variable) {
    if (tmp_limited) plan.size = fmt::format("size={}m,mode=1777", spec.tmp_mb);
    if (fs::exists("/etc/hosts", absent)) plan.hosts = hosts_file(place);
    if (place.spaces && place.spaces->mounts.number() >= 0) {
      plan.user = place.spaces->user.number();
      plan.mounts = place.spaces->mounts.number();
    }
  }
  const auto dir = shown ? std::string("/opt") : opt;
  command.environment = process_environment(
      spec, {place.runtime_api, place.log_stream, plan.seen_as(), options.runtime_dir.string(),
             options.node_modules.string(), options.endpoint_url, interpreter.string(), options.mark,
             place.id, dir, command.framed_log ? kFramedLog : -1, place.credentials_token});
  if (extension) command.environment = extension_environment(command.environment);
}

void ProcessHost::spawn_in(const FunctionSpec& spec, const Place& place, Command& command, bool extension,
                           Started& out) {
  surround(spec, place, tmp_mode, command, extension);
  const auto group = group_of(spec, place);
  command.group = group.number();
  out.begun = clock.now();
  out.process = spawn(command);
  if (out.process.failed == kPrivateTmp) {
    surround(spec, place, TmpMode::variable, command, extension);
    out.process = spawn(command);
  }
  if (place.spaces && place.spaces->mounts.number() < 0 && out.process.failed.empty())
    *place.spaces = namespaces_of(out.process.pid, command.tmp.mode);
}

std::vector<std::string> ProcessHost::extensions(const FunctionSpec& spec) {
  std::vector<std::string> out;
  const auto opt = opt_of(spec);
  if (opt.empty()) return out;
  std::error_code failed;
  for (fs::directory_iterator it(fs::path(opt) / "extensions", failed); !failed && it != fs::end(it);
       it.increment(failed))
    if (executable(it->path())) out.push_back(it->path().filename().string());
  std::ranges::sort(out);
  return out;
}

ProcessHost::Started ProcessHost::start_extension(const FunctionSpec& spec, const Place& place,
                                                  const std::string& name) {
  Started out{.begun = clock.now()};
  const auto file = fs::path(opt_of(spec)) / "extensions" / name;
  Command command{
      .program = file.string(), .arguments = {file.string()}, .directory = spec.task_root.string()};
  spawn_in(spec, place, command, true, out);
  if (!out.process.failed.empty()) {
    out.error_type = "Extension.LaunchError";
    out.error = fmt::format("fork/exec /opt/extensions/{}: {}", name, reason(out.process.error));
  }
  return out;
}

ProcessHost::Started ProcessHost::start(const FunctionSpec& spec, const Place& place, Spawned& booted) {
  struct Unused {
    Spawned& process;
    ~Unused() { end(process); }
  } const unless_told{booted};
  Started out{.begun = clock.now(), .error_type = std::string(kInvalidEntrypoint)};
  if (closing) {
    out.error = "the daemon is stopping";
    return out;
  }
  Command command{.directory = spec.task_root.string()};
  if (!choose(spec, command, out)) return out;
  const bool managed = family(spec.runtime) != Family::provided;
  // Our own runtime clients write lines, in order with what the function prints; AWS's, brought along,
  // frames.
  command.framed_log = !managed;
  if (!become(spec, place, command, booted, out)) spawn_in(spec, place, command, false, out);
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
