// GetQueueAttributes, SetQueueAttributes.
#include <algorithm>

#include "emulator/services/sqs/attributes/setting.hpp"
#include "emulator/services/sqs/errors.hpp"
#include "emulator/services/sqs/queue_url.hpp"

namespace emu::sqs {
namespace {
constexpr std::string_view kShown[] = {"ApproximateNumberOfMessages",
                                       "ApproximateNumberOfMessagesDelayed",
                                       "ApproximateNumberOfMessagesNotVisible",
                                       "CreatedTimestamp",
                                       "LastModifiedTimestamp",
                                       "QueueArn"};

std::string seconds(std::int64_t microseconds) { return std::to_string(microseconds / 1'000'000); }

AttributeMap all_of(Sqs& service, Queue& queue) {
  const auto record = queue.record();
  auto out = effective(record.Attributes, queue.fifo);
  const auto counts = queue.counts(service.clock);
  out["ApproximateNumberOfMessages"] = std::to_string(counts.visible);
  out["ApproximateNumberOfMessagesDelayed"] = std::to_string(counts.delayed);
  out["ApproximateNumberOfMessagesNotVisible"] = std::to_string(counts.in_flight);
  out["CreatedTimestamp"] = seconds(record.Created);
  out["LastModifiedTimestamp"] = seconds(record.Modified);
  out["QueueArn"] = queue.arn;
  return out;
}

struct GetQueueAttributesInput {
  std::optional<std::string> QueueUrl;
  std::optional<std::vector<std::string>> AttributeNames;
};
BOOST_DESCRIBE_STRUCT(GetQueueAttributesInput, (), (QueueUrl, AttributeNames))
struct GetQueueAttributesOutput {
  std::optional<AttributeMap> Attributes;
};
BOOST_DESCRIBE_STRUCT(GetQueueAttributesOutput, (), (Attributes))

Result<GetQueueAttributesOutput> get_queue_attributes(Sqs& service, Context& context,
                                                      GetQueueAttributesInput in) {
  const auto queue = queue_of(service, context, in.QueueUrl);
  if (!queue) return queue.error();
  const auto names = in.AttributeNames.value_or(std::vector<std::string>{});
  for (const auto& name : names)
    if (name != "All" && !attribute_rule(name) && std::ranges::find(kShown, name) == std::end(kShown))
      return unknown_attribute(name);
  auto attributes = all_of(service, **queue);
  if (std::ranges::find(names, "All") == names.end())
    std::erase_if(attributes,
                  [&](const auto& a) { return std::ranges::find(names, a.first) == names.end(); });
  if (attributes.empty()) return GetQueueAttributesOutput{};
  return GetQueueAttributesOutput{std::move(attributes)};
}

struct SetQueueAttributesInput {
  std::optional<std::string> QueueUrl;
  std::optional<AttributeMap> Attributes;
};
BOOST_DESCRIBE_STRUCT(SetQueueAttributesInput, (), (QueueUrl, Attributes))

Result<Empty> set_queue_attributes(Sqs& service, Context& context, SetQueueAttributesInput in) {
  const auto queue = queue_of(service, context, in.QueueUrl);
  if (!queue) return queue.error();
  if (!in.Attributes) return missing_parameter("Attributes");
  if (auto done = set_attributes(service, **queue, std::move(*in.Attributes)); !done)
    return std::move(done.error());
  return Empty{};
}

constexpr Operation kRows[] = {op<get_queue_attributes>("GetQueueAttributes"),
                               op<set_queue_attributes>("SetQueueAttributes")};
}  // namespace

std::span<const Operation> attribute_operations() { return kRows; }
}  // namespace emu::sqs
