#include "emulator/services/dynamodb/ttl/sweep.hpp"

#include "emulator/services/dynamodb/ttl/expiry.hpp"
#include "emulator/services/dynamodb/writes.hpp"

namespace emu::dynamodb {
namespace {
constexpr std::size_t kAtOnce = 500;  // rows read before their items are deleted

// Whether it was deleted: the item may have changed since its expiry row was read.
bool delete_expired(DynamoDb& service, const Table& table, storage::BytesView row) {
  const auto seen = service.read_row(*table.schema, row);
  if (!seen) return false;
  bool expired = false;
  const auto decide = [&](const Schema& schema, const Item* old, Item&) -> Result<const Item*> {
    expired = old && is_expired(schema, *old, service.clock.now());
    return expired ? nullptr : old;
  };
  const Item key = key_of(table.schema->key, *seen);
  Change change{key};
  change.by = By::time_to_live;
  return write(service, table, change, decide) && expired;
}
}  // namespace

std::size_t sweep_expired(DynamoDb& service, const Table& table) {
  std::size_t deleted = 0;
  const auto due = due_rows(*table.schema, service.clock.now());
  storage::each_slice(service.disk, due, kAtOnce, [&](const std::vector<storage::Row>& expiries) {
    for (const auto& expiry : expiries) deleted += delete_expired(service, table, expiring_row(expiry.first));
  });
  return deleted;
}

void sweep_expired(DynamoDb& service) {
  for (const auto& table : service.tables.all())
    if (table.schema->record.TimeToLiveAttribute) sweep_expired(service, table);
}
}  // namespace emu::dynamodb
