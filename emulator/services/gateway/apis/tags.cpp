// Tags of HTTP APIs and their stages, by ARN: "arn:aws:apigateway:us-east-1::/apis/{id}[/stages/{name}]".
#include <fmt/format.h>

#include "emulator/services/gateway/apis/operations.hpp"
#include "emulator/services/gateway/apis/rows.hpp"

namespace emu::gateway {
namespace {
struct TagInput {
  std::string resourceArn;
  std::optional<StringMap> tags;
};
BOOST_DESCRIBE_STRUCT(TagInput, (), (resourceArn, tags))
struct UntagInput {
  std::string resourceArn;
  Strings tagKeys;
};
BOOST_DESCRIBE_STRUCT(UntagInput, (), (resourceArn, tagKeys))
struct TagsInput {
  std::string resourceArn;
};
BOOST_DESCRIBE_STRUCT(TagsInput, (), (resourceArn))
struct Tags {
  StringMap tags;
};
BOOST_DESCRIBE_STRUCT(Tags, (), (tags))
constexpr std::size_t kMostTags = 50;

struct Tagged {
  std::string api, stage;  // stage: empty, the API itself
};
Tagged tagged(std::string_view arn) {
  static constexpr std::string_view kApis = "::/apis/", kStages = "/stages/";
  const auto at = arn.find(kApis);
  if (!arn.starts_with("arn:") || at == arn.npos) throw bad_request("Invalid ARN specified in the request");
  const auto rest = arn.substr(at + kApis.size());
  const auto stages = rest.find(kStages);
  return {std::string(rest.substr(0, stages)),
          stages == rest.npos ? "" : std::string(rest.substr(stages + kStages.size()))};
}

// edit(StringMap&) is applied to the tags of what the ARN names.
template <class F>
Result<Tags> on(Gateway& gateway, const Scope& scope, std::string_view arn, F edit) {
  const auto of = tagged(arn);
  return gateway.change(scope, of.api, [&](ApiRecord& record) -> Result<Tags> {
    auto* stage = of.stage.empty() ? nullptr : find_by(record.stages, &Stage::stageName, of.stage);
    if (!of.stage.empty() && !stage) return absent("Invalid stage identifier specified");
    auto& tags = stage ? stage->tags : record.api.tags;
    edit(tags);
    return Tags{tags};
  });
}

Result<Empty> tag(Gateway& gateway, Context& context, TagInput in) {
  auto done = on(gateway, context.scope, in.resourceArn, [&](StringMap& tags) {
    auto next = tags;
    for (auto& [key, value] : in.tags.value_or(StringMap{})) next[key] = value;
    if (next.size() > kMostTags) throw bad_request("The number of tags exceeds the limit of 50");
    tags = std::move(next);
  });
  if (!done) return std::move(done.error());
  return Empty{};
}

Result<Empty> untag(Gateway& gateway, Context& context, UntagInput in) {
  auto done = on(gateway, context.scope, in.resourceArn, [&](StringMap& tags) {
    for (const auto& key : in.tagKeys) tags.erase(key);
  });
  if (!done) return std::move(done.error());
  return Empty{};
}

Result<Tags> get(Gateway& gateway, Context& context, TagsInput in) {
  const auto of = tagged(in.resourceArn);
  const auto api = gateway.find(context.scope, of.api);
  if (!api) return gateway.no_such_api(context.scope, of.api);
  if (of.stage.empty()) return Tags{api->record.api.tags};
  const auto* stage = find_by(api->record.stages, &Stage::stageName, of.stage);
  if (!stage) return absent("Invalid stage identifier specified");
  return Tags{stage->tags};
}

constexpr Operation kRows[] = {
    rest<tag>("TagResource", "POST /v2/tags/{resourceArn+}", 201),
    rest<untag>("UntagResource", "DELETE /v2/tags/{resourceArn+}?tagKeys", 204),
    rest<get>("GetTags", "GET /v2/tags/{resourceArn+}"),
};
}  // namespace

std::span<const Operation> tag_operations() { return kRows; }
}  // namespace emu::gateway
