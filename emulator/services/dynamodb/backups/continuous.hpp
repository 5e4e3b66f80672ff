// Point-in-time recovery (C12): its operations' structs and its window. Used by the resource type, restores
// and exports.
#pragma once
#include "emulator/services/dynamodb/table_inputs.hpp"

namespace emu::dynamodb {
struct PointInTimeRecoverySpecification {
  bool PointInTimeRecoveryEnabled = false;
  std::optional<int> RecoveryPeriodInDays;
};
BOOST_DESCRIBE_STRUCT(PointInTimeRecoverySpecification, (),
                      (PointInTimeRecoveryEnabled, RecoveryPeriodInDays))
struct UpdateContinuousBackupsInput {
  std::optional<std::string> TableName;
  dynamodb::PointInTimeRecoverySpecification PointInTimeRecoverySpecification;
};
BOOST_DESCRIBE_STRUCT(UpdateContinuousBackupsInput, (), (TableName, PointInTimeRecoverySpecification))
struct ContinuousBackupsOutput {
  Json ContinuousBackupsDescription;
};
BOOST_DESCRIBE_STRUCT(ContinuousBackupsOutput, (), (ContinuousBackupsDescription))

Result<ContinuousBackupsOutput> update_continuous_backups(DynamoDb& service, Context& context,
                                                          UpdateContinuousBackupsInput in);

// The times a table can be restored to, in seconds since the epoch; none while recovery is off.
struct RecoveryWindow {
  double earliest = 0, latest = 0;
};
std::optional<RecoveryWindow> recovery_window(const TableRecord& record, Time now);
AwsError no_recovery(std::string_view table);
}  // namespace emu::dynamodb
