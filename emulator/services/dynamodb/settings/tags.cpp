// TagResource, UntagResource, ListTagsOfResource (C11).
#include <algorithm>

#include "emulator/base/arn.hpp"
#include "emulator/services/dynamodb/rows.hpp"
#include "emulator/services/dynamodb/schema_edit.hpp"
#include "emulator/services/dynamodb/table_rules.hpp"
#include "emulator/services/dynamodb/voice.hpp"

namespace emu::dynamodb {
namespace {
constexpr std::size_t kPage = 10;  // tags per page of ListTagsOfResource

struct TagResourceInput {
  std::optional<std::string> ResourceArn;
  std::optional<std::vector<Tag>> Tags;
};
BOOST_DESCRIBE_STRUCT(TagResourceInput, (), (ResourceArn, Tags))
struct UntagResourceInput {
  std::optional<std::string> ResourceArn;
  std::optional<std::vector<std::string>> TagKeys;
};
BOOST_DESCRIBE_STRUCT(UntagResourceInput, (), (ResourceArn, TagKeys))
struct ListTagsInput {
  std::optional<std::string> ResourceArn, NextToken;
};
BOOST_DESCRIBE_STRUCT(ListTagsInput, (), (ResourceArn, NextToken))
struct ListTagsOutput {
  std::vector<Tag> Tags;
  std::optional<std::string> NextToken;
};
BOOST_DESCRIBE_STRUCT(ListTagsOutput, (), (Tags, NextToken))

Result<Table> tagged(DynamoDb& service, Context& context, const std::optional<std::string>& arn) {
  if (!arn || arn->empty()) return AwsError::validation("Invalid TableArn");
  const auto parsed = Arn::parse(*arn);
  if (!parsed || parsed->service != "dynamodb" || !parsed->resource.starts_with("table/"))
    return AwsError::validation(
        fmt::format("Invalid TableArn: Invalid ResourceArn provided as input {}", *arn));
  if (parsed->resource.find("/index/") != std::string::npos)
    return invalid_parameters(fmt::format(
        "Invalid resource arn provided, only table or stream is accepted. Provided resource arn: {}", *arn));
  auto table = service.tables.find(context.scope, *arn);
  if (!table)  // AWS's own spelling
    return AwsError::not_found(fmt::format("Requested resource not found: ResourcArn: {} not found", *arn));
  return std::move(*table);
}

Result<Empty> tag_resource(DynamoDb& service, Context& context, TagResourceInput in) {
  if (!in.Tags || in.Tags->empty())
    return AwsError::validation("Atleast one Tag needs to be provided as Input.");
  check_tags(*in.Tags);
  const auto table = tagged(service, context, in.ResourceArn);
  if (!table) return table.error();
  const auto edited = edit_record(service, *table, [&](TableRecord& record) -> Result<Done> {
    for (const auto& tag : *in.Tags) record.Tags[tag.Key] = tag.Value;
    check_tag_count(record.Tags.size());
    return Done{};
  });
  if (!edited) return edited.error();
  return Empty{};
}

Result<Empty> untag_resource(DynamoDb& service, Context& context, UntagResourceInput in) {
  if (!in.TagKeys || in.TagKeys->empty())
    return AwsError::validation("Atleast one Tag Key needs to be provided as Input.");
  const auto table = tagged(service, context, in.ResourceArn);
  if (!table) return table.error();
  const auto edited = edit_record(service, *table, [&](TableRecord& record) -> Result<Done> {
    for (const auto& key : *in.TagKeys) record.Tags.erase(key);
    return Done{};
  });
  if (!edited) return edited.error();
  return Empty{};
}

Result<ListTagsOutput> list_tags_of_resource(DynamoDb& service, Context& context, ListTagsInput in) {
  const auto table = tagged(service, context, in.ResourceArn);
  if (!table) return table.error();
  const auto& tags = table->schema->record.Tags;
  ListTagsOutput out;
  auto it = in.NextToken ? tags.upper_bound(*in.NextToken) : tags.begin();
  for (; it != tags.end() && out.Tags.size() < kPage; ++it) out.Tags.push_back({it->first, it->second});
  if (it != tags.end()) out.NextToken = out.Tags.back().Key;
  return out;
}

constexpr Operation kTags[] = {
    op<tag_resource>("TagResource"),
    op<untag_resource>("UntagResource"),
    op<list_tags_of_resource>("ListTagsOfResource"),
};
}  // namespace

std::span<const Operation> tag_operations() { return kTags; }
}  // namespace emu::dynamodb
