#include "runtime-api/process_launcher.hpp"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>

#include "runtime-api/process_sandbox.hpp"
#include "runtime-api/sweep.hpp"

namespace emu::runtime {
namespace {
ProcessOptions ready(ProcessOptions options, Ids& ids) {
  if (options.mark.empty()) options.mark = ids.uuid();
  // What a function sees must not depend on where the daemon was started, nor on links that its own /tmp
  // hides.
  std::error_code ignored;
  for (auto* path : {&options.run_dir, &options.runtime_dir, &options.node_modules})
    if (!path->empty()) *path = std::filesystem::weakly_canonical(std::filesystem::absolute(*path), ignored);
  std::filesystem::remove_all(options.run_dir / "environments", ignored);
  return options;
}

// Once the cold start that is under way has had the processor.
awaitable<void> boot_another(std::shared_ptr<ProcessHost> host, std::shared_ptr<const FunctionSpec> like) {
  constexpr Duration kAfter = std::chrono::milliseconds(100);
  co_await host->clock.sleep(kAfter);
  co_await host->gate->enter();
  host->gate->leave();
  co_await host->loops.blocking([host, like] { host->boot_ahead(like); });
}
}  // namespace

ProcessLauncher::ProcessLauncher(Loops& loops, Clock& clock, Ids& ids, ProcessOptions options)
    : host_(std::make_shared<ProcessHost>(loops, clock, ids, ready(std::move(options), ids))) {}

ProcessLauncher::~ProcessLauncher() { close(); }

awaitable<std::shared_ptr<Sandbox>> ProcessLauncher::launch(std::shared_ptr<const FunctionSpec> spec) {
  const auto loop = co_await asio::this_coro::executor;
  auto sandbox = std::make_shared<ProcessSandbox>(host_, spec, loop);
  co_await sandbox->start();
  if (host_->options.switches.boot_ahead > 0)
    asio::co_spawn(loop, boot_another(host_, std::move(spec)), [](std::exception_ptr) {});
  co_return sandbox;
}

std::string ProcessLauncher::isolation() const {
  const auto& switches = host_->options.switches;
  const auto* layers = host_->tmp_mode == TmpMode::variable ? "by search paths, not at /opt"
                       : host_->opt_protected               ? "at /opt"
                                                            : "at /opt, which functions can write";
  const auto cpu = host_->groups ? std::string("cpu by control groups, in proportion to memory")
                                 : fmt::format("cpu not limited ({})", host_->no_groups);
  return fmt::format("{}{}; layers {}; {}memory {} by {}; {}; {} between invocations", text(host_->tmp_mode),
                     host_->tmp_limited ? " of the function's size" : ", not limited", layers,
                     host_->processes_limited ? "" : "processes not counted; ",
                     switches.limit_memory ? "limited" : "measured",
                     host_->groups ? "control groups and looking at /proc" : "looking at /proc", cpu,
                     switches.freeze ? "frozen" : "running on");
}

awaitable<void> ProcessLauncher::farewell() {
  constexpr Duration kLongest = std::chrono::milliseconds(500), kLook = std::chrono::milliseconds(2);
  for (const Time until = host_->clock.now() + kLongest; host_->leaving > 0 && host_->clock.now() < until;)
    co_await host_->clock.sleep(kLook);
}

std::filesystem::path ProcessLauncher::environments() const {
  return host_->options.run_dir / "environments" / host_->options.mark;
}

void ProcessLauncher::close() {
  if (host_->closing.exchange(true)) return;
  for (const auto& booted : host_->ahead.give_up()) host_->end_unused(booted);
  sweep(fmt::format("{}{}", kDaemonMark, host_->options.mark), std::chrono::milliseconds(500));
  if (host_->groups) host_->groups->clear();
}
}  // namespace emu::runtime
