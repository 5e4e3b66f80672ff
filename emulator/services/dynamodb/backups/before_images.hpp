// What items were before they changed (C12): the rows of Space::before_images, written with each change while
// a table has point-in-time recovery on or is being copied. With them, a copy of the items made while writers
// go on becomes the items of one moment, and a table can be restored to a past one. A table without pays
// nothing.
#pragma once
#include "emulator/services/dynamodb/dynamodb.hpp"

namespace emu::dynamodb {
bool keeps_before_images(const Core& core);
// `time` is the service's change_time(): larger for every later change.
void stage_before_image(storage::Batch& batch, const Schema& schema, std::uint64_t time,
                        const storage::Key& row, const Item* old);
// Turns a copy of the table's items, each read at `time` or later, into the items of that time.
void rewind_copy(DynamoDb& service, const Schema& table, std::uint64_t copy_storage_id, std::uint64_t time);
// Erases those nobody can ask for any more, if there are any; the caller is alone in the core or sure that
// nobody copies.
void trim_before_images(DynamoDb& service, const Core& core, Time now);
storage::Range before_images(std::uint64_t storage_id);
}  // namespace emu::dynamodb
