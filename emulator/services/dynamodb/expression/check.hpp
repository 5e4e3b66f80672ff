// The checks of an expression that need the request's names and values but no item and no table (D5, D7, D9),
// in AWS's order. They throw.
#pragma once
#include <functional>

#include "emulator/services/dynamodb/expression/bindings.hpp"

namespace emu::dynamodb::expression {
void check(const Condition& condition, const Bindings& bindings, const ExpressionVoice& voice);
void check(const Update& update, const Bindings& bindings, const ExpressionVoice& voice);
void check(const Paths& projection, const Bindings& bindings, const ExpressionVoice& voice);

// Calls visit(path) for every document path of a condition, in order of writing.
void each_path(const Condition& condition, const std::function<void(const Path&)>& visit);
}  // namespace emu::dynamodb::expression
