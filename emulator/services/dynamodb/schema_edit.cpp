#include "emulator/services/dynamodb/schema_edit.hpp"

#include <set>

namespace emu::dynamodb {
Result<SharedSchema> edit_record(DynamoDb& service, const Table& table,
                                 const std::function<Result<Done>(TableRecord&)>& edit) {
  return table.core->alone([&](Core& core) -> Result<SharedSchema> {
    if (!core.schema) return no_such_table(table.schema->name);
    TableRecord record = core.schema->record;
    if (auto done = edit(record); !done) return std::move(done.error());
    auto schema = make_schema(core.schema->scope, core.schema->name, std::move(record));
    service.replace_schema(core, schema);
    return schema;
  });
}

void prune_definitions(TableRecord& record) {
  std::set<std::string_view> used;
  for (const auto& k : record.KeySchema) used.insert(k.AttributeName);
  for (const auto& index : record.Indexes)
    for (const auto& k : index.KeySchema) used.insert(k.AttributeName);
  std::erase_if(record.AttributeDefinitions, [&](const auto& d) { return !used.contains(d.AttributeName); });
}
}  // namespace emu::dynamodb
