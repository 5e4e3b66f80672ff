// TagResource, UntagResource, ListTags.
#include "emulator/services/lambda/tags.hpp"

#include "emulator/base/arn.hpp"

namespace emu::lambda {
namespace {
constexpr std::size_t kMostTags = 50;
constexpr std::string_view kArnPattern =
    R"(arn:(aws[a-zA-Z-]*):lambda:[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:(function:[a-zA-Z0-9-_]+(:(\$LATEST|[a-zA-Z0-9-_]+))?|code-signing-config:csc-[a-z0-9]{17}|event-source-mapping:[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{12}))";

struct TagInput {
  std::string Resource;
  Tags Tags;
};
BOOST_DESCRIBE_STRUCT(TagInput, (), (Resource, Tags))
struct UntagInput {
  std::string Resource;
  std::optional<std::vector<std::string>> TagKeys;
};
BOOST_DESCRIBE_STRUCT(UntagInput, (), (Resource, TagKeys))
struct ListTagsInput {
  std::string Resource;
};
BOOST_DESCRIBE_STRUCT(ListTagsInput, (), (Resource))
struct ListTagsOutput {
  Tags Tags;
};
BOOST_DESCRIBE_STRUCT(ListTagsOutput, (), (Tags))

AwsError too_many() { return invalid_parameter("Number of tags exceeds resource tag limit."); }

// The UUID of the event source mapping that is meant, if one is.
std::optional<std::string> tagged_mapping(const Scope& scope, std::string_view arn) {
  constexpr std::string_view kKind = "event-source-mapping:";
  const auto parsed = Arn::parse(arn);
  if (!parsed || parsed->service != "lambda" || !parsed->resource.starts_with(kKind)) return std::nullopt;
  if (parsed->account != scope.account) throw access_denied();
  return parsed->resource.substr(kKind.size());
}

std::optional<AwsError> edit_mapping_tags(Lambda& lambda, const Scope& scope, const std::string& uuid,
                                          const std::function<void(Tags&)>& edit) {
  const auto changed = lambda.mappings.change(scope, uuid, [&](Mapping& mapping) {
    edit(mapping.tags);
    if (mapping.tags.size() > kMostTags) throw too_many();
  });
  if (!changed) return not_found("The resource you requested does not exist.");
  return std::nullopt;
}

FunctionName tagged(const Scope& scope, std::string_view arn) {
  const auto parsed = Arn::parse(arn);
  const auto parts = split_name(arn, NameShape::plain);
  if (!parsed || !parsed->resource.starts_with("function:") || !parts || parts->account.empty()) {
    Violations out;
    out.pattern(arn, "resource", kArnPattern);
    out.raise();
  }
  if (!parts->qualifier.empty())
    throw invalid_parameter(
        "Tags on function aliases and versions are not supported. Please specify a function ARN.");
  return parse_name(scope, arn);
}

// Of a function or of an event source mapping.
std::optional<AwsError> edit_any(Lambda& lambda, const Scope& scope, std::string_view arn,
                                 const std::function<void(Tags&)>& edit) {
  if (const auto uuid = tagged_mapping(scope, arn)) return edit_mapping_tags(lambda, scope, *uuid, edit);
  return edit_tags(lambda, scope, tagged(scope, arn), edit);
}

Result<Empty> tag_resource(Lambda& lambda, Context& context, TagInput in) {
  if (in.Tags.empty()) return invalid_parameter("An error occurred and the request cannot be processed.");
  auto error = edit_any(lambda, context.scope, in.Resource, [&](Tags& tags) {
    for (auto& [key, value] : in.Tags) tags[key] = value;
  });
  if (error) return std::move(*error);
  return Empty{};
}

Result<Empty> untag_resource(Lambda& lambda, Context& context, UntagInput in) {
  if (!in.TagKeys) return wire::Missing("TagKeys");
  auto error = edit_any(lambda, context.scope, in.Resource, [&](Tags& tags) {
    for (const auto& key : *in.TagKeys) tags.erase(key);
  });
  if (error) return std::move(*error);
  return Empty{};
}

Result<ListTagsOutput> list_tags(Lambda& lambda, Context& context, ListTagsInput in) {
  if (const auto uuid = tagged_mapping(context.scope, in.Resource)) {
    const auto mapping = lambda.mappings.find(context.scope, *uuid);
    if (!mapping) return not_found("The resource you requested does not exist.");
    return ListTagsOutput{mapping->tags};
  }
  const auto name = tagged(context.scope, in.Resource);
  auto found = lambda.find(context.scope, name);
  if (!found) return std::move(found.error());
  return ListTagsOutput{(*found)->shared.tags};
}
}  // namespace

void validate_tags(Lambda& lambda, const Tags& tags) {
  if (tags.size() > kMostTags) throw too_many();
  const auto tag = tags.find(kColdStartTag);
  if (tag == tags.end()) return;
  const auto setting = runtime::ColdStartSetting::parse(tag->second);
  if (!setting || !lambda.invoker.cold_starts().with([&](auto& all) { return all.knows(*setting); }))
    throw invalid_parameter(fmt::format(
        "emu knows no cold start {}: the tag {} is real, modelled, modelled:PROFILE or fixed:MILLISECONDS.",
        tag->second, kColdStartTag));
}

void apply_cold_start(Lambda& lambda, const Function& function) {
  const auto tag = function.shared.tags.find(kColdStartTag);
  const auto setting =
      tag == function.shared.tags.end() ? std::nullopt : runtime::ColdStartSetting::parse(tag->second);
  lambda.invoker.cold_starts().with(
      [&](auto& all) { all.set(function_arn(function.scope, function.name), setting); });
}

std::optional<AwsError> edit_tags(Lambda& lambda, const Scope& scope, const FunctionName& name,
                                  const std::function<void(Tags&)>& edit) {
  auto changed = lambda.registry.change(scope, name.name, [&](Function& copy) -> std::optional<AwsError> {
    edit(copy.shared.tags);
    validate_tags(lambda, copy.shared.tags);
    return std::nullopt;
  });
  if (!changed) return std::move(changed.error());
  if (!*changed) return function_not_found(name.unqualified_arn(scope));
  apply_cold_start(lambda, **changed);
  return std::nullopt;
}

std::span<const Operation> tag_operations() {
  static constexpr Operation rows[] = {
      rest<tag_resource>("TagResource", "POST /2017-03-31/tags/{Resource}", 204),
      rest<untag_resource>("UntagResource", "DELETE /2017-03-31/tags/{Resource}?tagKeys=TagKeys", 204),
      rest<list_tags>("ListTags", "GET /2017-03-31/tags/{Resource}"),
  };
  return rows;
}
}  // namespace emu::lambda
