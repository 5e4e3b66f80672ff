#include "emulator/services/gateway/throttling/usage.hpp"

#include <algorithm>

#include "emulator/base/log.hpp"

namespace emu::gateway {
namespace {
using std::chrono::days;
using std::chrono::sys_days;
constexpr std::size_t kMostDays = 100;  // GetUsage goes back 90

std::int64_t day_of(Time now) { return std::chrono::floor<days>(now).time_since_epoch().count(); }

// The period's count, begun anew where another period has begun.
void enter(KeyUse& use, const Quota& quota, Time now) {
  const auto period = day_of(period_start(quota, now));
  if (use.period == period) return;
  use.period = period;
  use.used = 0;
}

DayOfUse& today(KeyUse& use, Time now) {
  const auto day = day_of(now);
  if (use.days.empty() || use.days.back().day != day) use.days.push_back({day, 0, -1});
  if (use.days.size() > kMostDays) use.days.erase(use.days.begin());
  return use.days.back();
}
}  // namespace

// Days begin at 00:00 UTC; weeks on Sunday, months on the first, each that many days later (spec-gateway 15).
Time period_start(const Quota& quota, Time now) {
  using namespace std::chrono;
  const auto day = floor<std::chrono::days>(now);
  if (quota.period == Quota::Period::day) return day;
  const std::chrono::days offset(quota.offset);
  const auto shifted = day - offset;
  if (quota.period == Quota::Period::week)
    return shifted - std::chrono::days(weekday(shifted).c_encoding()) + offset;
  const year_month_day date{shifted};
  return sys_days{date.year() / date.month() / 1} + offset;
}

Usage::~Usage() {
  try {
    save();
  } catch (const std::exception& e) {
    log_fault("keeping the usage of API keys", e.what());
  }
}

void Usage::load() {
  state_.with([&](State& state) {
    state.counts.clear();
    records_.each([&](const Scope& scope, const std::string& name, KeyUse use) {
      const auto slash = std::min(name.find('/'), name.size());
      Key key{scope, name.substr(0, slash), name.substr(std::min(name.size(), slash + 1))};
      if (belongs && !belongs(key)) state.changed.insert(key);
      state.counts.emplace(std::move(key), std::move(use));
    });
  });
}

void Usage::touch(State& state, const Key& key) {
  state.changed.insert(key);
  if (state.wakeup) std::exchange(state.wakeup, nullptr)->signal();
}

bool Usage::admit(const Key& key, const std::optional<Quota>& quota, Time now) {
  return state_.with([&](State& state) {
    auto& use = state.counts[key];
    if (quota) {
      enter(use, *quota, now);
      if (use.used >= quota->limit) return false;
      ++use.used;
    }
    auto& day = today(use, now);
    ++day.used;
    day.left = quota ? quota->limit - use.used : -1;
    touch(state, key);
    return true;
  });
}

void Usage::grant(const Key& key, const Quota& quota, std::int64_t remaining, Time now) {
  state_.with([&](State& state) {
    auto& use = state.counts[key];
    enter(use, quota, now);
    use.used = quota.limit - remaining;
    today(use, now).left = remaining;
    touch(state, key);
  });
  save();
}

void Usage::forget(const Scope& scope, const std::string& plan) {
  state_.with([&](State& state) {
    storage::Batch batch;
    for (auto it = state.counts.lower_bound({scope, plan, ""});
         it != state.counts.end() && it->first.scope == scope && it->first.plan == plan;
         it = state.counts.erase(it)) {
      records_.erase(batch, scope, name_of(it->first));
      state.changed.erase(it->first);
    }
    if (!batch.changes.empty()) disk_.write(batch);
  });
}

void Usage::forget(const Key& key) {
  state_.with([&](State& state) {
    if (state.counts.erase(key) == 0) return;
    state.changed.erase(key);
    records_.erase(key.scope, name_of(key));
  });
}

std::vector<std::pair<std::int64_t, std::int64_t>> Usage::days(const Key& key,
                                                               const std::optional<Quota>& quota,
                                                               sys_days from, sys_days to) const {
  const auto use = state_.with([&](const State& state) {
    const auto it = state.counts.find(key);
    return it == state.counts.end() ? KeyUse{} : it->second;
  });
  std::vector<std::pair<std::int64_t, std::int64_t>> out;
  for (auto day = from; day <= to; day += std::chrono::days(1)) {
    std::int64_t used = 0, left = quota ? quota->limit : -1;
    for (const auto& each : use.days) {
      const sys_days at{std::chrono::days(each.day)};
      if (at > day) break;
      if (quota && period_start(*quota, at) == period_start(*quota, day)) left = each.left;
      if (at == day) used = each.used;
    }
    out.emplace_back(used, quota ? std::max<std::int64_t>(0, left) : -1);
  }
  return out;
}

void Usage::save() {
  state_.with([&](State& state) {
    if (state.changed.empty()) return;
    storage::Batch batch;
    std::vector<Key> gone;
    for (const auto& key : state.changed) {
      const auto use = state.counts.find(key);
      if (use != state.counts.end() && (!belongs || belongs(key))) {
        records_.put(batch, key.scope, name_of(key), use->second);
      } else {
        records_.erase(batch, key.scope, name_of(key));
        gone.push_back(key);
      }
    }
    disk_.write(batch);
    for (const auto& key : gone) state.counts.erase(key);
    state.changed.clear();
  });
}

void Usage::when_changed(std::shared_ptr<Wakeup> wakeup) {
  state_.with([&](State& state) {
    if (state.changed.empty())
      state.wakeup = std::move(wakeup);
    else
      wakeup->signal();
  });
}
}  // namespace emu::gateway
