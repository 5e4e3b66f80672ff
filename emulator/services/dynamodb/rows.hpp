// The operation rows and resource types of this service, one array per file of operations.
#pragma once
#include "emulator/api/service.hpp"

namespace emu::dynamodb {
std::span<const Operation> table_operations();
std::span<const Operation> table_update_operations();
std::span<const Operation> item_operations();
std::span<const Operation> query_operations();
std::span<const Operation> batch_operations();
std::span<const Operation> account_operations();
std::span<const Operation> transact_write_operations();
std::span<const Operation> transact_read_operations();
std::span<const Operation> tag_operations();
std::span<const Operation> statement_operations();
std::span<const Operation> batch_statement_operations();
std::span<const Operation> statement_transaction_operations();
std::span<const Operation> time_to_live_operations();
std::span<const Operation> continuous_backup_operations();
std::span<const Operation> backup_operations();
std::span<const Operation> restore_operations();
std::span<const Operation> export_operations();
std::span<const Operation> import_operations();
std::span<const Operation> kinesis_operations();
std::span<const Operation> policy_operations();
std::span<const Operation> insights_operations();
std::span<const Operation> replica_operations();
std::span<const ResourceType> table_resource_types();
}  // namespace emu::dynamodb
