#include "runtime-api/pool.hpp"

namespace emu::runtime {
namespace {
// The Reason of the 429 (spec-lambda D.1).
constexpr std::string_view kAccountFull = "ConcurrentInvocationLimitExceeded";
constexpr std::string_view kReservedFull = "ReservedFunctionConcurrentInvocationLimitExceeded";
}  // namespace

std::string_view Concurrency::enter(const std::string& function) {
  const auto at = shares_.find(function);
  if (at != shares_.end() && at->second.reserved >= 0) {
    if (at->second.in_flight >= at->second.reserved) return kReservedFull;
    ++at->second.in_flight;
    return {};
  }
  if (unreserved_in_flight_ >= unreserved()) return kAccountFull;
  ++unreserved_in_flight_;
  ++(at != shares_.end() ? at->second : shares_[function]).in_flight;
  return {};
}

void Concurrency::leave(const std::string& function) {
  const auto at = shares_.find(function);
  if (at == shares_.end() || at->second.in_flight == 0) return;
  --at->second.in_flight;
  if (at->second.reserved < 0) {
    --unreserved_in_flight_;
    if (at->second.in_flight == 0) shares_.erase(at);
  }
}

// What is in flight moves with the function between the shared part and its own.
void Concurrency::reserve(const std::string& function, int concurrent) {
  auto& share = shares_[function];
  if (share.reserved < 0) {
    unreserved_in_flight_ -= share.in_flight;
  } else {
    reserved_total_ -= share.reserved;
  }
  share.reserved = concurrent;
  reserved_total_ += concurrent;
}

void Concurrency::unreserve(const std::string& function) {
  const auto at = shares_.find(function);
  if (at == shares_.end() || at->second.reserved < 0) return;
  reserved_total_ -= at->second.reserved;
  at->second.reserved = -1;
  unreserved_in_flight_ += at->second.in_flight;
  if (at->second.in_flight == 0) shares_.erase(at);
}

Placement Pool::place() {
  if (idle_.empty()) return Cold{++last_};
  const auto id = idle_.back().id;
  idle_.pop_back();
  return Warm{id};
}

void Pool::release(SandboxId id, Time now) { idle_.push_back({id, now}); }

void Pool::lost(SandboxId id) {
  std::erase_if(idle_, [&](const Idle& i) { return i.id == id; });
}

std::vector<SandboxId> Pool::expire(Time now, Duration idle) {
  std::vector<SandboxId> out;
  std::erase_if(idle_, [&](const Idle& i) {
    const bool gone = now - i.since >= idle;
    if (gone) out.push_back(i.id);
    return gone;
  });
  return out;
}
}  // namespace emu::runtime
