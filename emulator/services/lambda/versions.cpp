// PublishVersion and ListVersionsByFunction: numbered, immutable copies of $LATEST.
#include <algorithm>
#include <charconv>

#include "emulator/services/lambda/functions.hpp"
#include "emulator/services/lambda/page.hpp"

namespace emu::lambda {
namespace {
int number_of(std::string_view version) {
  int number = 0;
  std::from_chars(version.data(), version.data() + version.size(), number);
  return number;
}

// Publishing without a change since the last version gives that version again.
bool same(const VersionRecord& a, const VersionRecord& b) {
  auto left = wire::encode(a.settings), right = wire::encode(b.settings);
  left.erase("description");
  right.erase("description");
  return a.code == b.code && a.architectures == b.architectures && left == right;
}

std::optional<AwsError> publish(Lambda& lambda, const Scope& scope, Function& copy,
                                const PublishVersionInput& in, VersionPtr& published) {
  auto latest = *copy.latest();
  if (latest.record.state == "Pending" || latest.record.last_update_status == "InProgress")
    return conflict(
        latest.record.state == "Pending"
            ? "The operation cannot be performed at this time. The function is currently in the following "
              "state: Pending"
            : fmt::format("The operation cannot be performed at this time. An update is in progress for "
                          "resource: {}",
                          function_arn(scope, copy.name)));
  if (in.RevisionId && !in.RevisionId->empty() && *in.RevisionId != latest.record.revision_id)
    return stale_revision("GetFunction/GetAlias");
  const auto& sha = latest.record.code.sha256_base64;
  if (in.CodeSha256 && !in.CodeSha256->empty() && *in.CodeSha256 != sha)
    return invalid_parameter(fmt::format(
        "CodeSHA256 ({}) is different from current CodeSHA256 in $LATEST ({}). Please try again with the "
        "CodeSHA256 in $LATEST.",
        *in.CodeSha256, sha));
  const auto last = copy.version(std::to_string(copy.shared.last_version));
  if (last && copy.shared.last_version > 0 && same(last->record, latest.record)) {
    published = last;
    return std::nullopt;
  }
  Version version{latest.record, nullptr};
  version.record.version = std::to_string(++copy.shared.last_version);
  if (in.Description) version.record.settings.description = *in.Description;
  version.record.revision_id = lambda.ids.uuid();
  version.record.last_modified = modified_text(lambda.clock.now());
  version.live = lambda.make_live(scope, copy.name, version.record, latest.live->code());
  const auto number = version.record.version;
  copy.replace(std::move(version));
  latest.record.revision_id = lambda.ids.uuid();
  copy.replace(std::move(latest));
  published = copy.version(number);
  return std::nullopt;
}
}  // namespace

Result<FunctionConfiguration> publish_version(Lambda& lambda, Context& context, PublishVersionInput in) {
  const auto name = parse_name(context.scope, in.FunctionName, std::nullopt, NameShape::plain);
  validate_description(in.Description);
  refuse(in.PublishTo, "PublishTo");
  VersionPtr published;
  auto changed = lambda.registry.change(context.scope, name.name, [&](Function& copy) {
    return publish(lambda, context.scope, copy, in, published);
  });
  if (!changed) return std::move(changed.error());
  if (!*changed) return function_not_found(name.unqualified_arn(context.scope));
  return describe(context.scope, name.name, published->record, published->record.version);
}

std::vector<VersionPtr> in_order(const Function& function) {
  std::vector<VersionPtr> out;
  for (const auto& [number, version] : function.versions) out.push_back(version);
  std::ranges::sort(out, {}, [](const VersionPtr& v) { return number_of(v->record.version); });
  return out;
}

namespace {
struct ListVersionsInput {
  std::string FunctionName;
  std::optional<std::string> Marker;
  std::optional<int> MaxItems;
};
BOOST_DESCRIBE_STRUCT(ListVersionsInput, (), (FunctionName, Marker, MaxItems))
struct ListVersionsOutput {
  std::vector<FunctionConfiguration> Versions;
  std::optional<std::string> NextMarker;
};
BOOST_DESCRIBE_STRUCT(ListVersionsOutput, (), (Versions, NextMarker))

Result<ListVersionsOutput> list_versions(Lambda& lambda, Context& context, ListVersionsInput in) {
  const auto name = parse_name(context.scope, in.FunctionName);
  auto found = lambda.find(context.scope, name);
  if (!found) return std::move(found.error());
  std::vector<FunctionConfiguration> all;
  for (const auto& version : in_order(**found))
    all.push_back(list_entry(context.scope, name.name, version->record, version->record.version));
  ListVersionsOutput out;
  out.NextMarker = take_page(std::move(all), in.Marker, in.MaxItems, out.Versions);
  return out;
}
}  // namespace

std::span<const Operation> version_operations() {
  static constexpr Operation rows[] = {
      rest<publish_version>("PublishVersion", "POST /2015-03-31/functions/{FunctionName}/versions", 201),
      rest<list_versions>("ListVersionsByFunction",
                          "GET /2015-03-31/functions/{FunctionName}/versions?Marker&MaxItems"),
  };
  return rows;
}
}  // namespace emu::lambda
