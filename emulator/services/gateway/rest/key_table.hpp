// API keys as requests are checked by (spec-gateway 15): which plans a key may use a stage by, with their
// limits. Built when a key or plan changes, then only read. And how much of a quota a key has used.
#pragma once
#include <map>
#include <optional>

#include "emulator/base/clock.hpp"
#include "emulator/base/guarded.hpp"
#include "emulator/services/gateway/rest/shelf.hpp"
#include "emulator/services/gateway/throttling/throttles.hpp"

namespace emu::gateway::v1 {
struct Quota {
  enum class Period { day, week, month };
  std::int64_t limit = 0;
  Period period = Period::day;
  int offset = 0;
};
// When the period that `now` lies in began. Pure.
Time period_start(const Quota& quota, Time now);

// A key's use of one stage by one plan.
struct Grant {
  std::string plan, key_id;
  std::optional<Quota> quota;
  Limit limit;                             // of the plan
  std::map<std::string, Limit> by_method;  // "/path/METHOD"
};

class KeyTable {
 public:
  KeyTable(const Shelf& shelf, const Scope& scope);
  const Grant* find(std::string_view value, std::string_view api,
                    std::string_view stage) const;  // null: none

 private:
  std::map<std::string, Grant, std::less<>> grants_;  // "value\napi/stage"
};

// Requests that keys have made, per plan and period.
class Usage {
 public:
  bool admit(const Grant& grant, Time now);  // counts it; false: the quota is used up
  struct Count {
    Time start{};
    std::int64_t used = 0;
    std::map<Time, std::int64_t> by_day = {};
  };
  Count of(const std::string& plan, const std::string& key) const;

 private:
  mutable Guarded<std::map<std::pair<std::string, std::string>, Count>> counts_;
};
}  // namespace emu::gateway::v1
