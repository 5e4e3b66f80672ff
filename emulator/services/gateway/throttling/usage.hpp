// How many requests the keys of usage plans have made (spec-gateway 15): per day, as GetUsage tells them, and
// in the quota's period. Counted in memory and kept in Space::key_usage by RestApis::run(), at most a second
// later; a crash loses no more than that second's requests. Any loop may count: one short lock.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <set>

#include "emulator/api/records.hpp"
#include "emulator/base/guarded.hpp"

namespace emu::gateway {
struct Quota {
  enum class Period { day, week, month };
  std::int64_t limit = 0;
  Period period = Period::day;
  int offset = 0;
};
// When the period that `now` lies in began. Pure.
Time period_start(const Quota& quota, Time now);

// On disk: members may be added as optional ones, never renamed.
struct DayOfUse {
  std::int64_t day = 0;   // since 1970
  std::int64_t used = 0;  // requests
  std::int64_t left = 0;  // of the quota, after the last of them; -1: there is none
};
BOOST_DESCRIBE_STRUCT(DayOfUse, (), (day, used, left))
struct KeyUse {
  std::int64_t period = 0;  // when the quota's period began, in days since 1970
  std::int64_t used = 0;    // of the quota in it; less than nothing: UpdateUsage granted more
  std::vector<DayOfUse> days;
};
BOOST_DESCRIBE_STRUCT(KeyUse, (), (period, used, days))

class Usage {
 public:
  explicit Usage(storage::Engine& disk) : disk_(disk), records_(disk, storage::Space::key_usage) {}
  ~Usage();  // what has not been kept yet is
  Usage(const Usage&) = delete;
  Usage& operator=(const Usage&) = delete;

  struct Key {
    Scope scope;
    std::string plan, key;
    auto operator<=>(const Key&) const = default;
  };
  void load();
  void verify(Report& report) { records_.verify(report, "usage of an API key"); }
  // Counts a request; false: the quota is used up.
  bool admit(const Key& key, const std::optional<Quota>& quota, Time now);
  // What is left of the period's quota from now on.
  void grant(const Key& key, const Quota& quota, std::int64_t remaining, Time now);
  void forget(const Scope& scope, const std::string& plan);  // all keys of it
  void forget(const Key& key);
  // Used and remaining of each of these days, -1 remaining where there is no quota.
  std::vector<std::pair<std::int64_t, std::int64_t>> days(const Key& key, const std::optional<Quota>& quota,
                                                          std::chrono::sys_days from,
                                                          std::chrono::sys_days to) const;

  void save();  // writes what has changed since
  // Whether a key is in its plan still, told by who knows the plans; unset: all are. One that is not is
  // forgotten when it would be saved: a request that was let in while it was removed has counted it anew.
  std::function<bool(const Key&)> belongs;
  // Signals when there is something to save, perhaps at once.
  void when_changed(std::shared_ptr<Wakeup> wakeup);

 private:
  struct State {
    std::map<Key, KeyUse> counts;
    std::set<Key> changed;
    std::shared_ptr<Wakeup> wakeup;
  };
  static std::string name_of(const Key& key) { return key.plan + "/" + key.key; }
  static void touch(State& state, const Key& key);
  storage::Engine& disk_;
  Records<KeyUse> records_;
  mutable Guarded<State> state_;
};
}  // namespace emu::gateway
