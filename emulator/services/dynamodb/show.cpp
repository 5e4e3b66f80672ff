#include "emulator/services/dynamodb/show.hpp"

#include "emulator/services/dynamodb/expression/evaluate.hpp"
#include "emulator/services/dynamodb/table_keys.hpp"

namespace emu::dynamodb {
std::optional<Shown> show(const DynamoDb& service, const Schema& schema, const Item& key,
                          const std::optional<BoundPaths>& projection) {
  Shown out;
  if (!projection) {
    const auto bytes = service.disk.get(item_row(schema, key).bytes());
    if (!bytes) return std::nullopt;
    out.item.json.reserve(2 * bytes->size());
    const auto size = write_stored(out.item.json, *bytes);
    if (!size) throw unreadable(schema);
    out.billed = *size;
    return out;
  }
  const auto item = service.read(schema, key);
  if (!item) return std::nullopt;
  out.billed = billed_size(*item);
  std::vector<const expression::Path*> paths;
  for (const auto& path : projection->tree()) paths.push_back(&path);
  write_json(out.item.json, project(paths, projection->bindings, *item));
  return out;
}
}  // namespace emu::dynamodb
