// Deletes what has expired (G), as DeleteItem would: under the item's row lock, with its index entries and
// its stream record. Run by the service every few seconds on its Clock, on the blocking pool.
#pragma once
#include "emulator/services/dynamodb/dynamodb.hpp"

namespace emu::dynamodb {
// One table; how many items it deleted.
std::size_t sweep_expired(DynamoDb& service, const Table& table);
// Every table that has time to live on.
void sweep_expired(DynamoDb& service);
}  // namespace emu::dynamodb
