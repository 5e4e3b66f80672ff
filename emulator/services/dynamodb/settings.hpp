// What hangs on a table beside its schema: TTL, point-in-time recovery, tags. Used by the resource type too.
#pragma once
#include <functional>

#include "emulator/services/dynamodb/table_inputs.hpp"

namespace emu::dynamodb {
struct TimeToLiveSpecification {
  bool Enabled = false;
  std::string AttributeName;
};
BOOST_DESCRIBE_STRUCT(TimeToLiveSpecification, (), (Enabled, AttributeName))
struct UpdateTimeToLiveInput {
  std::optional<std::string> TableName;
  dynamodb::TimeToLiveSpecification TimeToLiveSpecification;
};
BOOST_DESCRIBE_STRUCT(UpdateTimeToLiveInput, (), (TableName, TimeToLiveSpecification))
struct UpdateTimeToLiveOutput {
  dynamodb::TimeToLiveSpecification TimeToLiveSpecification;
};
BOOST_DESCRIBE_STRUCT(UpdateTimeToLiveOutput, (), (TimeToLiveSpecification))
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

Result<UpdateTimeToLiveOutput> update_time_to_live(DynamoDb& service, Context& context,
                                                   UpdateTimeToLiveInput in);
Result<ContinuousBackupsOutput> update_continuous_backups(DynamoDb& service, Context& context,
                                                          UpdateContinuousBackupsInput in);
// Changes a table's record under its lock, writes it and makes it known. edit may refuse.
Result<SharedSchema> edit_record(DynamoDb& service, const Table& table,
                                 const std::function<Result<Done>(TableRecord&)>& edit);
}  // namespace emu::dynamodb
