// Tags of HTTP APIs, their stages, domain names and VPC links, by ARN:
// "arn:aws:apigateway:us-east-1::/apis/{id}[/stages/{name}]".
#include <fmt/format.h>

#include "emulator/services/gateway/apis/operations.hpp"
#include "emulator/services/gateway/apis/rows.hpp"
#include "emulator/services/gateway/apis/vpc_links.hpp"
#include "emulator/services/gateway/rest/domains/domains.hpp"

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
  std::string api, stage;          // stage: empty, the API itself
  std::string kind = {}, id = {};  // not empty: a document of the account's
};
Tagged tagged(std::string_view arn) {
  static constexpr std::string_view kApis = "::/apis/", kStages = "/stages/";
  for (const auto& [prefix, kind] :
       {std::pair<std::string_view, std::string_view>{"::/domainnames/", v1::kDomainKind},
        {"::/vpclinks/", kVpcLinkKind}})
    if (const auto from = arn.find(prefix); arn.starts_with("arn:") && from != arn.npos)
      return {.kind = std::string(kind), .id = std::string(arn.substr(from + prefix.size()))};
  const auto at = arn.find(kApis);
  if (!arn.starts_with("arn:") || at == arn.npos) throw bad_request("Invalid ARN specified in the request");
  const auto rest = arn.substr(at + kApis.size());
  const auto stages = rest.find(kStages);
  return {std::string(rest.substr(0, stages)),
          stages == rest.npos ? "" : std::string(rest.substr(stages + kStages.size()))};
}

StringMap tags_of(const Json& document) {
  StringMap out;
  for (const auto& [key, value] : document.value("tags", Json::object()).items())
    if (value.is_string()) out[key] = value;
  return out;
}
template <class F>
Result<Tags> on_document(Gateway& gateway, const Scope& scope, const Tagged& of, F edit) {
  Tags out;
  auto changed =
      gateway.rest().shelf.change(scope, of.kind, of.id, absent("Invalid resource identifier specified"),
                                  [&](Json& document) -> Result<Json> {
                                    out.tags = tags_of(document);
                                    edit(out.tags);
                                    if (of.kind == kVpcLinkKind) check_behind(out.tags);
                                    document["tags"] = out.tags;
                                    return document;
                                  });
  if (!changed) return std::move(changed.error());
  return out;
}

// edit(StringMap&) is applied to the tags of what the ARN names.
template <class F>
Result<Tags> on(Gateway& gateway, const Scope& scope, std::string_view arn, F edit) {
  const auto of = tagged(arn);
  if (!of.kind.empty()) return on_document(gateway, scope, of, edit);
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
  if (!of.kind.empty()) {
    const auto found = gateway.rest().shelf.find(context.scope, of.kind, of.id);
    if (!found) return absent("Invalid resource identifier specified");
    return Tags{tags_of(*found)};
  }
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
