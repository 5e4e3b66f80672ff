// What the service does unasked, on its Clock: deletes expired items every few seconds; every hour drops
// expired backups and before-images that are older than their table's recovery period.
#pragma once
#include "emulator/services/dynamodb/dynamodb.hpp"

namespace emu::dynamodb {
awaitable<void> keep_up(DynamoDb& service);  // until the loops stop
}  // namespace emu::dynamodb
