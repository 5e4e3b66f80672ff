// Interpreters ahead of need, as processes: how they are started, told which function they are, and ended.
// Which function may have which is decided in boot_ahead.hpp.
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "emulator/base/log.hpp"
#include "runtime-api/process_host.hpp"

namespace emu::runtime {
namespace {
bool send_all(int to, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::send(to, text.data(), text.size(), MSG_NOSIGNAL);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

void end(const Spawned& booted) {
  if (booted.pid < 0) return;
  ::kill(-booted.pid, SIGKILL);
  while (::waitpid(booted.pid, nullptr, 0) < 0 && errno == EINTR) continue;
}

void end(const BootAhead::Booted& booted) {
  end(booted.process);
  std::error_code ignored;
  std::filesystem::remove_all(booted.place.directory, ignored);
}

void ProcessHost::end_unused(const BootAhead::Booted& booted) {
  end(booted);
  if (groups) groups->remove(booted.place.id);
}

std::optional<BootAhead::Booted> ProcessHost::boot(std::shared_ptr<const FunctionSpec> like) {
  FunctionSpec nobody = *like;
  nobody.environment.clear();
  Started out;
  Command command{.directory = like->task_root.string(), .told = true};
  if (!choose(nobody, command, out)) return std::nullopt;
  command.arguments.emplace_back("--wait");
  BootAhead::Booted booted{.like = std::move(like), .place = place(), .process = {}};
  spawn_in(nobody, booted.place, command, false, out);
  booted.process = std::move(out.process);
  if (booted.process.failed.empty() && command.tmp.mode == tmp_mode) return booted;
  if (booted.process.failed.empty()) end_unused(booted);  // with less around it than its function is to have
  return std::nullopt;
}

void ProcessHost::boot_ahead(std::shared_ptr<const FunctionSpec> like) {
  if (closing || debugged(*like) || !ahead.claim(*like)) return;
  std::optional<BootAhead::Booted> booted;
  try {
    booted = boot(std::move(like));
  } catch (const std::exception& e) {
    log_warning(fmt::format("no interpreter is booted ahead: {}", e.what()));
  }
  for (const auto& surplus : ahead.put(std::move(booted))) end_unused(surplus);
  if (closing)
    for (const auto& late : ahead.give_up()) end_unused(late);
}

std::optional<BootAhead::Booted> ProcessHost::booted(const FunctionSpec& spec) {
  if (debugged(spec)) return std::nullopt;
  return ahead.take(spec);
}

// False: it has died while it waited, or there is none. The place serves another process as well.
bool ProcessHost::become(const FunctionSpec& spec, const Place& place, Command& command, Spawned& booted,
                         Started& out) {
  if (booted.pid < 0) return false;
  surround(spec, place, tmp_mode, command, false);
  std::string told = command.directory + '\0';
  for (const auto& variable : command.environment) told += variable + '\0';
  out.begun = clock.now();
  if (!send_all(booted.input.number(), told)) return false;
  booted.input = {};
  out.process = std::exchange(booted, {});
  return true;
}
}  // namespace emu::runtime
