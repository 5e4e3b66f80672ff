#include "runtime-api/scheduler/pool.hpp"

#include <algorithm>

#include "runtime-api/scheduler/draw.hpp"

namespace emu::runtime {
void Pool::add(SandboxId id, Environment environment, Time now) {
  environment.born = environment.since = now;
  environment.life = uniform(mixed(seed_) ^ static_cast<std::uint64_t>(id));
  all_.insert_or_assign(id, std::move(environment));
}

SandboxId Pool::use(std::vector<SandboxId>& free, std::vector<SandboxId>::iterator at, Time now) {
  const auto id = *at;
  auto& environment = all_.at(id);
  if (++environment.in_use == slots_) free.erase(at);
  if (environment.in_use == 1) {
    environment.state = Environment::State::busy;
    environment.since = now;
  }
  ++environment.invocations;
  return id;
}

bool Pool::has_free(std::string_view tenant) const {
  return std::ranges::any_of(free_, [&](SandboxId id) { return all_.at(id).tenant == tenant; });
}

Placement Pool::place(Time now, std::string_view tenant) {
  const auto at =
      std::find_if(free_.rbegin(), free_.rend(), [&](SandboxId id) { return all_.at(id).tenant == tenant; });
  if (at != free_.rend()) return Warm{use(free_, std::prev(at.base()), now)};
  add(++last_, {.tenant = std::string(tenant), .invocations = 1, .in_use = 1}, now);
  if (slots_ > 1) free_.push_back(last_);
  return Cold{last_};
}

void Pool::release(SandboxId id, Time now) {
  const auto at = all_.find(id);
  if (at == all_.end() || at->second.state == Environment::State::idle) return;
  auto& environment = at->second;
  auto& free = environment.provisioned ? provisioned_free_ : free_;
  if (environment.state == Environment::State::initialising || --environment.in_use == 0) {
    environment.state = Environment::State::idle;
    environment.since = now;
  }
  std::erase(free, id);
  free.push_back(id);
}

void Pool::lost(SandboxId id) {
  std::erase(free_, id);
  std::erase(provisioned_free_, id);
  all_.erase(id);
}

std::vector<SandboxId> Pool::expire(Time now, const Keep& keep) {
  const auto spread = static_cast<double>((keep.longest_life - keep.least_life).count());
  std::vector<SandboxId> out;
  for (const auto* free : {&free_, &provisioned_free_})
    for (const auto id : *free) {
      const auto& environment = all_.at(id);
      if (environment.state != Environment::State::idle) continue;
      const bool unused = !environment.provisioned && now - environment.since >= keep.idle;
      const auto lifetime = keep.least_life + Duration(static_cast<std::int64_t>(spread * environment.life));
      if (now == kNever || unused || now - environment.born >= lifetime) out.push_back(id);
    }
  for (const auto id : out) lost(id);
  return out;
}

SandboxId Pool::place_provisioned(Time now) {
  return use(provisioned_free_, std::prev(provisioned_free_.end()), now);
}

void Pool::provision(int wanted) { wanted_ = wanted; }

int Pool::missing() const {
  return wanted_ -
         static_cast<int>(std::ranges::count_if(all_, [](const auto& e) { return e.second.provisioned; }));
}

std::vector<SandboxId> Pool::to_start(Time now) {
  std::vector<SandboxId> out;
  for (int left = missing(); left > 0 && allocation_.take(now); --left) {
    add(++last_, {.state = Environment::State::initialising, .provisioned = true}, now);
    out.push_back(last_);
  }
  return out;
}

std::vector<SandboxId> Pool::surplus() {
  std::vector<SandboxId> out;
  for (int left = -missing(); left > 0; --left) {
    const auto idle = std::ranges::find_if(
        provisioned_free_, [&](SandboxId id) { return all_.at(id).state == Environment::State::idle; });
    if (idle == provisioned_free_.end()) break;
    out.push_back(*idle);
    lost(out.back());
  }
  return out;
}

int Pool::allocated() const {
  return static_cast<int>(std::ranges::count_if(all_, [](const auto& e) {
    return e.second.provisioned && e.second.state != Environment::State::initialising;
  }));
}
}  // namespace emu::runtime
