// API keys as requests are checked by (spec-gateway 15): which plans a key may use a stage by, with their
// limits. Built when a key or plan changes, then only read.
#pragma once
#include <map>
#include <optional>

#include "emulator/base/clock.hpp"
#include "emulator/base/guarded.hpp"
#include "emulator/services/gateway/rest/shelf.hpp"
#include "emulator/services/gateway/throttling/throttles.hpp"
#include "emulator/services/gateway/throttling/usage.hpp"

namespace emu::gateway::v1 {
// A usage plan's; none: it has no quota.
std::optional<Quota> quota_of(const Json& plan);

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
}  // namespace emu::gateway::v1
