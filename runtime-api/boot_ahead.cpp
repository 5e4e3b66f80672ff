#include "runtime-api/boot_ahead.hpp"

#include <poll.h>

#include <algorithm>
#include <array>

#include "runtime-api/interpreters.hpp"

namespace emu::runtime {
namespace fs = std::filesystem;
namespace {
constexpr int kMostKinds = 4;  // each waits with some forty megabytes

bool read_at_start(std::string_view name) {
  static constexpr std::array<std::string_view, 10> kBeginnings{
      "NODE_", "PYTHON", "LD_", "LC_", "LANG", "OPENSSL", "SSL_", "ICU", "MALLOC_", "GLIBC_"};
  return name == "AWS_LAMBDA_EXEC_WRAPPER" || name == "TZ" || name == "HOME" ||
         name == "UV_THREADPOOL_SIZE" ||
         std::ranges::any_of(kBeginnings, [&](auto beginning) { return name.starts_with(beginning); });
}

// The loader looks for a function's libraries where they were when the process began.
bool brings_libraries(const fs::path& code) {
  std::error_code failed;
  if (fs::exists(code / "lib", failed)) return true;
  for (fs::directory_iterator at(code, failed), end; !failed && at != end; at.increment(failed))
    if (at->path().filename().native().find(".so") != std::string::npos) return true;
  return false;
}

// Code below /tmp is shown to its own environments only.
bool below_tmp(const fs::path& code) {
  std::error_code failed;
  const auto tmp = fs::canonical("/tmp", failed).native() + "/";
  return fs::weakly_canonical(code, failed).native().starts_with(tmp);
}

bool alive(const Spawned& process) {
  pollfd ended{process.ended.number(), POLLIN, 0};
  return ::poll(&ended, 1, 0) == 0;
}
}  // namespace

Candidate::Candidate(const FunctionSpec& of)
    : Candidate(of, below_tmp(of.task_root) || brings_libraries(of.task_root)) {}

bool fits(const Candidate& like, const Candidate& wanted) {
  const auto &a = like.spec, &b = wanted.spec;
  const auto kind = family(b.runtime);
  if (kind != Family::node && kind != Family::python) return false;
  if (a.runtime != b.runtime || a.memory_mb != b.memory_mb || a.tmp_mb != b.tmp_mb || a.layers != b.layers ||
      a.architecture != b.architecture || a.managed_instances() != b.managed_instances())
    return false;
  if (std::ranges::any_of(b.environment, [](const auto& variable) { return read_at_start(variable.first); }))
    return false;
  return a.task_root == b.task_root || (!like.alone && !wanted.alone);
}

std::optional<BootAhead::Booted> BootAhead::take(const FunctionSpec& spec) {
  if (each_ == 0) return std::nullopt;
  const Candidate wanted(spec);
  return state_.with([&](State& s) -> std::optional<Booted> {
    const auto at = std::ranges::find_if(
        s.waiting, [&](const Booted& b) { return fits({*b.like, b.alone}, wanted) && alive(b.process); });
    if (at == s.waiting.end()) return std::nullopt;
    Booted out = std::move(*at);
    s.waiting.erase(at);
    ++s.taken[{spec.runtime, spec.memory_mb}];
    return out;
  });
}

bool BootAhead::claim(const FunctionSpec& spec) {
  if (each_ == 0) return false;
  const Candidate wanted(spec);
  if (!fits(wanted, wanted)) return false;
  return state_.with([&](State& s) {
    const auto fitting = std::ranges::count_if(
        s.waiting, [&](const Booted& b) { return fits({*b.like, b.alone}, wanted) && alive(b.process); });
    if (fitting + s.starting >= each_) return false;
    ++s.starting;
    return true;
  });
}

std::vector<BootAhead::Booted> BootAhead::put(std::optional<Booted> booted) {
  if (booted) booted->alone = Candidate(*booted->like).alone;
  return state_.with([&](State& s) {
    --s.starting;
    if (booted) s.waiting.push_back(std::move(*booted));
    std::vector<Booted> out, kept;
    auto too_many = std::ssize(s.waiting) - each_ * kMostKinds;
    for (auto& each : s.waiting) {
      const bool ends = too_many > 0 || !alive(each.process);
      (ends ? out : kept).push_back(std::move(each));
      too_many -= ends ? 1 : 0;
    }
    s.waiting = std::move(kept);
    return out;
  });
}

std::vector<BootAhead::Booted> BootAhead::give_up() {
  return state_.with([](State& s) { return std::exchange(s.waiting, {}); });
}

std::vector<BootAhead::Kind> BootAhead::kinds() const {
  return state_.with([](const State& s) {
    std::map<std::pair<std::string, int>, Kind> out;
    const auto kind = [&](const std::string& runtime, int memory_mb) -> Kind& {
      auto& found = out[{runtime, memory_mb}];
      found.runtime = runtime;
      found.memory_mb = memory_mb;
      return found;
    };
    for (const auto& booted : s.waiting) ++kind(booted.like->runtime, booted.like->memory_mb).waiting;
    for (const auto& [of, taken] : s.taken) kind(of.first, of.second).taken = taken;
    std::vector<Kind> all;
    for (auto& [of, found] : out) all.push_back(std::move(found));
    return all;
  });
}
}  // namespace emu::runtime
