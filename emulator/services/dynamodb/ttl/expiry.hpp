// When items expire (G): the rows of Space::expiries, one per item with a valid time-to-live attribute while
// its table has time to live on. stage() keeps them beside the items; the sweep (sweep.hpp) reads those due.
// Pure: knows neither clock nor disk.
#pragma once
#include "emulator/base/clock.hpp"
#include "emulator/services/dynamodb/schema.hpp"
#include "storage/engine.hpp"

namespace emu::dynamodb {
// Whether the sweep may delete this item: its attribute lies before now, and not more than five years.
bool is_expired(const Schema& schema, const Item& item, Time now);

// Adds to the batch what the change of the item in this row does to its expiry row.
void stage_expiry(storage::Batch& batch, const Schema& schema, const storage::Key& row, const Item* old,
                  const Item* now);

storage::Range expiry_rows(const Schema& schema);         // of all its items
storage::Range due_rows(const Schema& schema, Time now);  // what is_expired() must be asked about
storage::Bytes expiring_row(
    storage::BytesView expiry_row);  // the row of the item that an expiry row is about
}  // namespace emu::dynamodb
