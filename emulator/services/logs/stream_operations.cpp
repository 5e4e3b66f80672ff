// CreateLogStream, DeleteLogStream, DescribeLogStreams.
#include <fmt/format.h>

#include <algorithm>

#include "emulator/services/logs/groups.hpp"

namespace emu::logs {
namespace {
struct StreamInput {
  std::string logGroupName, logStreamName;
};
BOOST_DESCRIBE_STRUCT(StreamInput, (), (logGroupName, logStreamName))
struct DescribeInput {
  std::optional<std::string> logGroupName, logGroupIdentifier, logStreamNamePrefix, orderBy;
  std::optional<bool> descending;
  std::optional<std::string> nextToken;
  std::optional<int> limit;
};
BOOST_DESCRIBE_STRUCT(DescribeInput, (),
                      (logGroupName, logGroupIdentifier, logStreamNamePrefix, orderBy, descending, nextToken,
                       limit))
struct ShownStream : Stream {
  std::string arn, uploadSequenceToken;
};
BOOST_DESCRIBE_STRUCT(ShownStream, (),
                      (logStreamName, creationTime, firstEventTimestamp, lastEventTimestamp,
                       lastIngestionTime, storedBytes, arn, uploadSequenceToken))
struct DescribeOutput {
  std::vector<ShownStream> logStreams;
  std::optional<std::string> nextToken;
};
BOOST_DESCRIBE_STRUCT(DescribeOutput, (), (logStreams, nextToken))

constexpr std::string_view kSequence = "49039859585604960416300270904018421436290165310203333970";

void check_stream_name(const std::string& name) {
  if (name.empty() || name.size() > 512)
    throw violated(name, "logStreamName",
                   name.empty() ? "Member must have length greater than or equal to 1"
                                : "Member must have length less than or equal to 512");
  if (name.find_first_of(":*") != name.npos)
    throw violated(name, "logStreamName", "Member must satisfy regular expression pattern: [^:*]*");
}

Result<Empty> create_stream(Logs& logs, Context& context, StreamInput in) {
  check_stream_name(in.logStreamName);
  const auto group = group_of(logs, context.scope, in.logGroupName);
  return logs.with(context.scope, [&](const auto& groups) -> Result<Empty> {  // which may have gone meanwhile
    if (!groups.contains(group.name)) return no_such_group();
    if (!logs.streams.create(group, in.logStreamName))
      return AwsError{"ResourceAlreadyExistsException", "The specified log stream already exists"};
    return Empty{};
  });
}

Result<Empty> delete_stream(Logs& logs, Context& context, StreamInput in) {
  const auto group = group_of(logs, context.scope, in.logGroupName);
  logs.streams.write_gathered();
  if (!logs.streams.remove(group, in.logStreamName)) return no_such_stream();
  return Empty{};
}

Result<DescribeOutput> describe(Logs& logs, Context& context, DescribeInput in) {
  const auto group = group_of(logs, context.scope, in.logGroupName, in.logGroupIdentifier);
  const auto limit = in.limit.value_or(50);
  if (limit < 1 || limit > 50)
    return violated(std::to_string(limit), "limit",
                    limit < 1 ? "Member must have value greater than or equal to 1"
                              : "Member must have value less than or equal to 50");
  const auto order = in.orderBy.value_or("LogStreamName");
  if (order != "LogStreamName" && order != "LastEventTime")
    return violated(order, "orderBy", "Member must satisfy enum value set: [LogStreamName, LastEventTime]");
  if (order == "LastEventTime" && in.logStreamNamePrefix)
    return invalid("Cannot order by LastEventTime with a logStreamNamePrefix.");
  logs.streams.write_gathered();
  auto all = logs.streams.all(group);
  std::erase_if(all, [&](const Stream& s) {
    return !s.logStreamName.starts_with(in.logStreamNamePrefix.value_or(""));
  });
  if (order == "LastEventTime")
    std::ranges::sort(all, {},
                      [](const Stream& s) { return std::tie(s.lastEventTimestamp, s.logStreamName); });
  if (in.descending.value_or(false)) std::ranges::reverse(all);
  auto at = all.begin();
  if (in.nextToken) {  // the last stream of the page before
    at = std::ranges::find(all, *in.nextToken, &Stream::logStreamName);
    if (at == all.end()) return invalid("The specified nextToken is invalid.");
    ++at;
  }
  DescribeOutput out;
  for (; at != all.end() && out.logStreams.size() < static_cast<std::size_t>(limit); ++at)
    out.logStreams.push_back({*at,
                              fmt::format("arn:aws:logs:{}:{}:log-group:{}:log-stream:{}", group.scope.region,
                                          group.scope.account, group.name, at->logStreamName),
                              std::string(kSequence)});
  if (at != all.end()) out.nextToken = out.logStreams.back().logStreamName;
  return out;
}

constexpr Operation kStreamRows[] = {
    op<create_stream>("CreateLogStream"),
    op<delete_stream>("DeleteLogStream"),
    op<describe>("DescribeLogStreams"),
};
}  // namespace

std::span<const Operation> stream_operations() { return kStreamRows; }

AwsError no_such_stream() { return AwsError::not_found("The specified log stream does not exist."); }

Group group_of(Logs& logs, const Scope& scope, const std::optional<std::string>& name,
               const std::optional<std::string>& identifier) {
  if (name && identifier)
    throw invalid("LogGroup name and LogGroup identifier are mutually exclusive parameters.");
  if (!name && !identifier) throw invalid("Either logGroupName or logGroupIdentifier must be provided.");
  Group group{scope, name ? *name : *identifier};
  if (const auto at = group.name.rfind(":log-group:"); at != group.name.npos)
    group.name = group.name.substr(at + 11);
  if (group.name.ends_with(":*")) group.name.resize(group.name.size() - 2);
  if (!logs.has(group)) throw no_such_group();
  return group;
}
}  // namespace emu::logs
