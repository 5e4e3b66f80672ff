// Conditions, filters and projections against an item (D6, D9). Pure, and total: what was checked (check.hpp)
// cannot fail here; a missing attribute or an unfitting type makes a comparison false.
#pragma once
#include "emulator/services/dynamodb/expression/bindings.hpp"

namespace emu::dynamodb::expression {
bool holds(const Condition& condition, const Bindings& bindings, const Item& item);
// The parts of the item that the paths name, nested as in the item, lists closed up.
Item project(const std::vector<const Path*>& paths, const Bindings& bindings, const Item& item);
// Membership, substring and prefix, as contains() and begins_with() have them; the legacy operators too.
bool contains(const Value& holder, const Value& wanted);
bool begins_with(const Value& whole, const Value& start);
}  // namespace emu::dynamodb::expression
