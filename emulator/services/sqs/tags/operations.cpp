// TagQueue, UntagQueue, ListQueueTags.
#include "emulator/services/sqs/errors.hpp"
#include "emulator/services/sqs/queue_url.hpp"
#include "emulator/services/sqs/tags/rules.hpp"

namespace emu::sqs {
namespace {
using TagMap = std::map<std::string, std::string>;

struct TagQueueInput {
  std::optional<std::string> QueueUrl;
  std::optional<TagMap> Tags;
};
BOOST_DESCRIBE_STRUCT(TagQueueInput, (), (QueueUrl, Tags))

Result<Empty> tag_queue(Sqs& service, Context& context, TagQueueInput in) {
  const auto queue = queue_of(service, context, in.QueueUrl);
  if (!queue) return queue.error();
  if (!in.Tags || in.Tags->empty()) return missing_parameter("Tags");
  return service.change(**queue, [&](QueueRecord& record) -> Result<Empty> {
    for (auto& [key, value] : *in.Tags) record.Tags[key] = value;
    check_tags((*queue)->name, record.Tags);
    return Empty{};
  });
}

struct UntagQueueInput {
  std::optional<std::string> QueueUrl;
  std::optional<std::vector<std::string>> TagKeys;
};
BOOST_DESCRIBE_STRUCT(UntagQueueInput, (), (QueueUrl, TagKeys))

Result<Empty> untag_queue(Sqs& service, Context& context, UntagQueueInput in) {
  const auto queue = queue_of(service, context, in.QueueUrl);
  if (!queue) return queue.error();
  if (!in.TagKeys || in.TagKeys->empty()) return missing_parameter("TagKeys");
  return service.change(**queue, [&](QueueRecord& record) -> Result<Empty> {
    for (const auto& key : *in.TagKeys) record.Tags.erase(key);
    return Empty{};
  });
}

struct ListQueueTagsInput {
  std::optional<std::string> QueueUrl;
};
BOOST_DESCRIBE_STRUCT(ListQueueTagsInput, (), (QueueUrl))
struct ListQueueTagsOutput {
  std::optional<TagMap> Tags;
};
BOOST_DESCRIBE_STRUCT(ListQueueTagsOutput, (), (Tags))

Result<ListQueueTagsOutput> list_queue_tags(Sqs& service, Context& context, ListQueueTagsInput in) {
  const auto queue = queue_of(service, context, in.QueueUrl);
  if (!queue) return queue.error();
  auto record = (*queue)->record();
  if (record.Tags.empty()) return ListQueueTagsOutput{};
  return ListQueueTagsOutput{std::move(record.Tags)};
}

constexpr Operation kRows[] = {op<tag_queue>("TagQueue"), op<untag_queue>("UntagQueue"),
                               op<list_queue_tags>("ListQueueTags")};
}  // namespace

std::span<const Operation> tag_operations() { return kRows; }
}  // namespace emu::sqs
