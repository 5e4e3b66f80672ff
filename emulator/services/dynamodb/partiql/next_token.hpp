// NextToken of ExecuteStatement: where to go on, bound to the statement and the parameters it was given for.
// Limit and ConsistentRead may change from page to page.
#pragma once
#include "emulator/services/dynamodb/partiql/prepared.hpp"

namespace emu::dynamodb::partiql {
std::string next_token(std::string_view statement, const Parameters& parameters, const Item& last_key);
// Throws for a token that is none, or that belongs to another request.
Item last_key(std::string_view token, std::string_view statement, const Parameters& parameters);
}  // namespace emu::dynamodb::partiql
