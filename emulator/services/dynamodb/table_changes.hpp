// The parts of UpdateTable (C4), each a change of the table's record that may be refused. Pure.
#pragma once
#include "emulator/services/dynamodb/table_inputs.hpp"

namespace emu::dynamodb {
// What is refused before the table is looked at: constraints, and changes that may not go together. Throws.
void check_update(const UpdateTableInput& in, const Scope& scope);
std::string_view index_of(const IndexUpdate& update);  // its name, in whichever action
Result<Done> change_billing(TableRecord& record, const UpdateTableInput& in, double now);
// Creates, updates and deletes global secondary indexes.
Result<Done> change_indexes(TableRecord& record, const UpdateTableInput& in);
Result<Done> change_encryption(TableRecord& record, const SSESpecification& wanted);
}  // namespace emu::dynamodb
