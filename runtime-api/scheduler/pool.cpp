#include "runtime-api/scheduler/pool.hpp"

#include <algorithm>

#include "runtime-api/scheduler/draw.hpp"

namespace emu::runtime {
void Pool::add(SandboxId id, Environment environment, Time now) {
  environment.born = environment.since = now;
  environment.life = uniform(mixed(seed_) ^ static_cast<std::uint64_t>(id));
  all_.insert_or_assign(id, std::move(environment));
}

SandboxId Pool::use(std::vector<SandboxId>& idle, std::vector<SandboxId>::iterator at, Time now) {
  const auto id = *at;
  idle.erase(at);
  auto& environment = all_.at(id);
  environment.state = Environment::State::busy;
  environment.since = now;
  ++environment.invocations;
  return id;
}

bool Pool::has_idle(std::string_view tenant) const {
  return std::ranges::any_of(idle_, [&](SandboxId id) { return all_.at(id).tenant == tenant; });
}

Placement Pool::place(Time now, std::string_view tenant) {
  const auto at =
      std::find_if(idle_.rbegin(), idle_.rend(), [&](SandboxId id) { return all_.at(id).tenant == tenant; });
  if (at != idle_.rend()) return Warm{use(idle_, std::prev(at.base()), now)};
  add(++last_, {.tenant = std::string(tenant), .invocations = 1}, now);
  return Cold{last_};
}

void Pool::release(SandboxId id, Time now) {
  const auto at = all_.find(id);
  if (at == all_.end() || at->second.state == Environment::State::idle) return;
  at->second.state = Environment::State::idle;
  at->second.since = now;
  (at->second.provisioned ? provisioned_idle_ : idle_).push_back(id);
}

void Pool::lost(SandboxId id) {
  std::erase(idle_, id);
  std::erase(provisioned_idle_, id);
  all_.erase(id);
}

std::vector<SandboxId> Pool::expire(Time now, const Keep& keep) {
  const auto spread = static_cast<double>((keep.longest_life - keep.least_life).count());
  std::vector<SandboxId> out;
  for (const auto* idle : {&idle_, &provisioned_idle_})
    for (const auto id : *idle) {
      const auto& environment = all_.at(id);
      const bool unused = !environment.provisioned && now - environment.since >= keep.idle;
      const auto lifetime = keep.least_life + Duration(static_cast<std::int64_t>(spread * environment.life));
      if (now == kNever || unused || now - environment.born >= lifetime) out.push_back(id);
    }
  for (const auto id : out) lost(id);
  return out;
}

SandboxId Pool::place_provisioned(Time now) {
  return use(provisioned_idle_, std::prev(provisioned_idle_.end()), now);
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
  for (int left = -missing(); left > 0 && !provisioned_idle_.empty(); --left) {
    out.push_back(provisioned_idle_.front());
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
