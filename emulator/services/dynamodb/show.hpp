// One stored item as a reply shows it, whole or projected: GetItem and BatchGetItem.
#pragma once
#include "emulator/services/dynamodb/item_text.hpp"
#include "emulator/services/dynamodb/request_expressions.hpp"

namespace emu::dynamodb {
struct Shown {
  ItemText item;
  std::size_t billed = 0;  // bytes of the whole item, projected or not
};
// None if there is no such item. The key must fit the schema.
std::optional<Shown> show(const DynamoDb& service, const Schema& schema, const Item& key,
                          const std::optional<BoundPaths>& projection);
}  // namespace emu::dynamodb
