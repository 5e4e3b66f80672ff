// The operations on log groups that the resource row uses too.
#pragma once
#include "emulator/services/logs/logs.hpp"

namespace emu::logs {
struct CreateLogGroupInput {
  std::string logGroupName;
  std::optional<std::string> kmsKeyId, logGroupClass;
  std::optional<std::map<std::string, std::string>> tags;
};
BOOST_DESCRIBE_STRUCT(CreateLogGroupInput, (), (logGroupName, kmsKeyId, logGroupClass, tags))
struct PutRetentionPolicyInput {
  std::string logGroupName;
  int retentionInDays = 0;
};
BOOST_DESCRIBE_STRUCT(PutRetentionPolicyInput, (), (logGroupName, retentionInDays))
struct LogGroupInput {
  std::string logGroupName;
};
BOOST_DESCRIBE_STRUCT(LogGroupInput, (), (logGroupName))

Result<Empty> create_log_group(Logs& logs, Context& context, CreateLogGroupInput in);
Result<Empty> put_retention_policy(Logs& logs, Context& context, PutRetentionPolicyInput in);
Result<Empty> delete_retention_policy(Logs& logs, Context& context, LogGroupInput in);
Result<Empty> delete_log_group(Logs& logs, Context& context, LogGroupInput in);
std::span<const ResourceType> resource_rows();
}  // namespace emu::logs
