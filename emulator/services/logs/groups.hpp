// The operations on log groups that the resource row uses too, and what the files of this folder share.
#pragma once
#include "emulator/services/logs/logs.hpp"

namespace emu::logs {
struct CreateLogGroupInput {
  std::string logGroupName;
  std::optional<std::string> kmsKeyId, logGroupClass;
  std::optional<std::map<std::string, std::string>> tags;
  std::optional<Json> deletionProtectionEnabled;
};
BOOST_DESCRIBE_STRUCT(CreateLogGroupInput, (),
                      (logGroupName, kmsKeyId, logGroupClass, tags, deletionProtectionEnabled))
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
std::span<const Operation> stream_operations();
std::span<const Operation> event_operations();

AwsError invalid(std::string message);
AwsError violated(std::string_view value, std::string_view member, std::string_view constraint);
AwsError no_such_group();
AwsError no_such_stream();
// The group that a request names, by name or by ARN; throws for both, neither and one that is not there.
Group group_of(Logs& logs, const Scope& scope, const std::optional<std::string>& name,
               const std::optional<std::string>& identifier = {});
}  // namespace emu::logs
