#include "emulator/services/sqs/system_attributes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "emulator/services/sqs/send.hpp"

namespace emu::sqs {
namespace {
constexpr std::string_view kNames[] = {"SenderId",
                                       "SentTimestamp",
                                       "ApproximateReceiveCount",
                                       "ApproximateFirstReceiveTimestamp",
                                       "SequenceNumber",
                                       "MessageDeduplicationId",
                                       "MessageGroupId",
                                       "AWSTraceHeader",
                                       "DeadLetterQueueSourceArn"};
constexpr std::uint32_t kAll = (1u << std::size(kNames)) - 1;
// AttributeNames is a list of QueueAttributeName in AWS's model: a queue's own names are taken, and none of
// them applies.
constexpr std::string_view kOfQueues[] = {"Policy",
                                          "VisibilityTimeout",
                                          "MaximumMessageSize",
                                          "MessageRetentionPeriod",
                                          "ApproximateNumberOfMessages",
                                          "ApproximateNumberOfMessagesNotVisible",
                                          "CreatedTimestamp",
                                          "LastModifiedTimestamp",
                                          "QueueArn",
                                          "ApproximateNumberOfMessagesDelayed",
                                          "DelaySeconds",
                                          "ReceiveMessageWaitTimeSeconds",
                                          "RedrivePolicy",
                                          "FifoQueue",
                                          "ContentBasedDeduplication",
                                          "KmsMasterKeyId",
                                          "KmsDataKeyReusePeriodSeconds",
                                          "DeduplicationScope",
                                          "FifoThroughputLimit",
                                          "RedriveAllowPolicy",
                                          "SqsManagedSseEnabled"};

std::string text_of(std::string_view name, const Received& r, bool fifo) {
  const auto& m = r.message;
  if (name == "SenderId") return m.sender;
  if (name == "SentTimestamp") return std::to_string(epoch_ms(m.sent));
  if (name == "ApproximateReceiveCount") return std::to_string(r.receives);
  if (name == "ApproximateFirstReceiveTimestamp") return std::to_string(epoch_ms(r.first_received));
  if (name == "SequenceNumber") return fifo ? sequence_text(r.sequence) : "";
  if (name == "MessageDeduplicationId") return m.deduplication;
  if (name == "MessageGroupId") return m.group;
  if (name == "AWSTraceHeader") return m.trace;
  return m.source_arn;
}
}  // namespace

SystemAttributes SystemAttributes::all() {
  SystemAttributes out;
  out.wanted_ = kAll;
  return out;
}

std::optional<AwsError> SystemAttributes::add(const std::vector<std::string>& names) {
  for (const auto& name : names) {
    if (name == "All") {
      wanted_ = kAll;
      continue;
    }
    const auto at = std::ranges::find(kNames, name);
    if (at != std::end(kNames))
      wanted_ |= 1u << (at - std::begin(kNames));
    else if (std::ranges::find(kOfQueues, name) == std::end(kOfQueues))
      return AwsError{"InvalidAttributeName", fmt::format("Unknown Attribute {}.", name)};
  }
  return std::nullopt;
}

std::map<std::string, std::string> SystemAttributes::of(const Received& received, bool fifo) const {
  std::map<std::string, std::string> out;
  for (std::size_t i = 0; i < std::size(kNames); ++i) {
    if (!(wanted_ & 1u << i)) continue;
    auto text = text_of(kNames[i], received, fifo);
    if (!text.empty()) out.emplace(kNames[i], std::move(text));
  }
  return out;
}
}  // namespace emu::sqs
