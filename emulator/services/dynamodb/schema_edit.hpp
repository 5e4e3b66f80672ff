// Changes of a table's record that several operations make.
#pragma once
#include <functional>

#include "emulator/services/dynamodb/dynamodb.hpp"

namespace emu::dynamodb {
// Changes a table's record alone in its core, writes it and makes it known. edit may refuse.
Result<SharedSchema> edit_record(DynamoDb& service, const Table& table,
                                 const std::function<Result<Done>(TableRecord&)>& edit);
// Attributes are declared for keys only: what no key uses any more goes.
void prune_definitions(TableRecord& record);
}  // namespace emu::dynamodb
