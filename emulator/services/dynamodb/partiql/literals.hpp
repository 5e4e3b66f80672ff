// The values that a PartiQL text writes out, as DynamoDB stores them. Throws AWS's texts, which say where in
// the literal a value is bad (B4): "under root.x[1]".
#pragma once
#include "emulator/services/dynamodb/partiql/tree.hpp"

namespace emu::dynamodb::partiql {
Value literal(const Tree& tree);
bool is_literal(const Tree& tree);
// What AWS calls a piece of syntax when it does not support it there.
std::string_view node_name(const Tree& tree);
}  // namespace emu::dynamodb::partiql
