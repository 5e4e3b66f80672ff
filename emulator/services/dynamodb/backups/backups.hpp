// What the operations of backups share: finding one, refusing in AWS's words, keeping a deleted table's
// items.
#pragma once
#include "emulator/services/dynamodb/backups/backup.hpp"
#include "emulator/services/dynamodb/constraints.hpp"
#include "emulator/services/dynamodb/dynamodb.hpp"

namespace emu::dynamodb {
struct BackupArnInput {
  std::optional<std::string> BackupArn;
};
BOOST_DESCRIBE_STRUCT(BackupArnInput, (), (BackupArn))

AwsError no_table_to_back_up(std::string_view name_or_arn);
Result<Table> table_to_back_up(DynamoDb& service, Context& context, const std::optional<std::string>& name);
void constrain_backup_arn(Constraints& constraints, const std::optional<std::string>& arn);
// A backup of this scope, or BackupNotFoundException.
Result<BackupRecord> find_backup(DynamoDb& service, const Scope& scope, const BackupKey& name);
// Makes the items of a table that is being deleted a SYSTEM backup of 35 days: they stay where they are.
void keep_deleted_table(DynamoDb& service, storage::Batch& batch, const Schema& schema, const Extent& extent);
void expire_backups(DynamoDb& service);  // those past their time
}  // namespace emu::dynamodb
