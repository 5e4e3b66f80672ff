// TableDescription as CreateTable, DescribeTable, UpdateTable and DeleteTable show it (C2, C3).
#pragma once
#include "emulator/services/dynamodb/dynamodb.hpp"

namespace emu::dynamodb {
enum class Moment { creating, described, updating, deleting };
Json describe(const Schema& schema, Moment moment, const std::map<unsigned, Extent>& extents);
// The counts so far, however old.
std::map<unsigned, Extent> known_extents(Core& core);
// Counts the items and bytes of a table and its indexes when they changed since; long, so never on a loop.
std::map<unsigned, Extent> count(DynamoDb& service, const Table& table);
}  // namespace emu::dynamodb
