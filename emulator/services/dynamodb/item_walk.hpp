// Going through all items of a table to write something beside them: the entries of a new index, expiry rows.
// In chunks, so that neither memory nor a Batch grows with the table. Long: never on a loop; the caller keeps
// writers out where it must not miss any.
#pragma once
#include "emulator/services/dynamodb/dynamodb.hpp"

namespace emu::dynamodb {
using StageItem = std::function<void(storage::Batch& batch, const storage::Key& row, const Item& item)>;
void walk_items(DynamoDb& service, const Schema& schema, const StageItem& stage);
// The entries of one index for the items that are there. An item whose index key a write would refuse is
// skipped, as AWS's backfill does (C4).
void fill_index(DynamoDb& service, const Schema& schema, const Index& index);
}  // namespace emu::dynamodb
