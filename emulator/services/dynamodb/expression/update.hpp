// An update expression applied to an item (D7). Pure: every right-hand side reads the old item, list indices
// mean the old lists, and the outcome is a new item or AWS's error.
#pragma once
#include "emulator/services/dynamodb/expression/bindings.hpp"

namespace emu::dynamodb::expression {
// `existed`: whether `old` is a stored item or only the key of one to be made.
Result<Item> apply(const Update& update, const Bindings& bindings, const Item& old, bool existed);
// The places the update touches, for UPDATED_OLD and UPDATED_NEW, and the checks against key attributes.
std::vector<const Path*> targets(const Update& update);
}  // namespace emu::dynamodb::expression
