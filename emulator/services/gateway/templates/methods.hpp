// The Java methods that mapping templates call on texts, maps and lists. Used by template.cpp.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "emulator/base/json.hpp"

namespace emu::gateway::velocity {
// None: the value has no such method. Those that change the value (put, add, remove) change it in place.
std::optional<Json> call_method(Json& value, const std::string& name, const std::vector<Json>& arguments);
std::string shown(const Json& value);  // as Java prints it: {a=1, b=[…]}
}  // namespace emu::gateway::velocity
