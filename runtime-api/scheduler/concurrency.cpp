#include "runtime-api/scheduler/concurrency.hpp"

namespace emu::runtime {
namespace {
// "arn:aws:lambda:us-east-1:000000000000:function" of a function's ARN.
std::string_view account_part(std::string_view function) {
  const auto colon = function.rfind(':');
  return function.substr(0, colon == function.npos ? 0 : colon);
}
template <class Map>
auto& at_or_new(Map& map, std::string_view key, auto... arguments) {
  const auto found = map.find(key);
  return found != map.end() ? found->second : map.try_emplace(std::string(key), arguments...).first->second;
}
}  // namespace

int Concurrency::Share::in_use() const {
  int all = on_demand;
  for (const auto& [version, provisioned] : versions) all += std::max(provisioned.granted, provisioned.busy);
  return all;
}

Concurrency::Account& Concurrency::account(std::string_view function) {
  return at_or_new(accounts_, account_part(function), limit_);
}

const Concurrency::Account* Concurrency::find_account(std::string_view function) const {
  const auto at = accounts_.find(account_part(function));
  return at == accounts_.end() ? nullptr : &at->second;
}

Concurrency::Share& Concurrency::share(Account& account, std::string_view function) {
  return at_or_new(account.shares, function);
}

template <class F>
void Concurrency::change(std::string_view function, F edit) {
  auto& all = account(function);
  auto& own = share(all, function);
  if (own.reserved < 0) all.shared -= own.in_use();
  edit(all, own);
  if (own.reserved < 0) all.shared += own.in_use();
}

std::string_view Concurrency::count_request(Account& account, Share& share, Time now) {
  const bool reserved = share.reserved >= 0;
  if ((reserved ? share.requests : account.requests).take(now)) return {};
  return reserved ? kReservedRate : kAccountRate;
}

std::string_view Concurrency::enter(std::string_view function, Time now) {
  auto& all = account(function);
  auto& own = share(all, function);
  if (own.reserved >= 0) {
    if (own.in_use() >= own.reserved) return kReservedFull;
  } else if (all.shared >= limit_ - all.reserved) {
    return kAccountFull;
  }
  if (const auto reason = count_request(all, own, now); !reason.empty()) return reason;
  ++own.on_demand;
  if (own.reserved < 0) ++all.shared;
  return {};
}

void Concurrency::leave(std::string_view function) {
  change(function, [](Account&, Share& own) { own.on_demand = std::max(own.on_demand - 1, 0); });
}

std::string_view Concurrency::start(std::string_view function, Time now) {
  return share(account(function), function).starts.take(now) ? std::string_view() : kAccountFull;
}

std::string_view Concurrency::enter_provisioned(std::string_view function, std::string_view version,
                                                Time now) {
  auto& all = account(function);
  if (const auto reason = count_request(all, share(all, function), now); !reason.empty()) return reason;
  change(function, [&](Account&, Share& own) { ++at_or_new(own.versions, version).busy; });
  return {};
}

void Concurrency::leave_provisioned(std::string_view function, std::string_view version) {
  change(function, [&](Account&, Share& own) {
    const auto at = own.versions.find(version);
    if (at == own.versions.end()) return;
    at->second.busy = std::max(at->second.busy - 1, 0);
    if (at->second.busy == 0 && at->second.granted == 0) own.versions.erase(at);
  });
}

void Concurrency::provision(std::string_view function, std::string_view version, int environments) {
  change(function, [&](Account&, Share& own) {
    auto& provisioned = at_or_new(own.versions, version);
    provisioned.granted = environments;
    if (provisioned.busy == 0 && environments == 0) own.versions.erase(own.versions.find(version));
  });
}

// What is in flight moves with the function between the shared part and its own.
void Concurrency::reserve(std::string_view function, int concurrent) {
  change(function, [&](Account& all, Share& own) {
    all.reserved += concurrent - std::max(own.reserved, 0);
    if (own.reserved != concurrent)
      own.requests = Bucket(kRequestsPerSecond * concurrent, kRequestsPerSecond * concurrent);
    own.reserved = concurrent;
  });
}

void Concurrency::unreserve(std::string_view function) {
  change(function, [&](Account& all, Share& own) {
    all.reserved -= std::max(own.reserved, 0);
    own.reserved = -1;
  });
}

void Concurrency::forget(std::string_view function) {
  unreserve(function);
  change(function, [](Account&, Share& own) {
    for (auto& [version, provisioned] : own.versions) provisioned.granted = 0;
    std::erase_if(own.versions, [](const auto& v) { return v.second.busy == 0; });
  });
  auto& shares = account(function).shares;
  const auto at = shares.find(function);
  if (at != shares.end() && at->second.in_use() == 0) shares.erase(at);
}

int Concurrency::in_use(std::string_view function) const {
  const auto* all = find_account(function);
  if (!all) return 0;
  const auto at = all->shares.find(function);
  return at == all->shares.end() ? 0 : at->second.in_use();
}

int Concurrency::unreserved(std::string_view function) const {
  const auto* all = find_account(function);
  return limit_ - (all ? all->reserved : 0);
}

void Concurrency::count_throttle(std::string_view function, std::string_view reason) {
  ++share(account(function), function).throttled[reason];
}

std::map<std::string, Concurrency::Throttles> Concurrency::throttles() const {
  std::map<std::string, Throttles> out;
  for (const auto& [account, all] : accounts_)
    for (const auto& [function, share] : all.shares)
      if (!share.throttled.empty()) out[function] = share.throttled;
  return out;
}
}  // namespace emu::runtime
