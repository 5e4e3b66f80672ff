#include "emulator/services/lambda/aliases.hpp"

#include <algorithm>

#include "emulator/services/lambda/page.hpp"
#include "emulator/services/lambda/provisioned.hpp"
#include "emulator/services/lambda/settings.hpp"

namespace emu::lambda {
namespace {
constexpr std::size_t kLongestAlias = 128, kLongestVersion = 1024;
using Weights = std::map<std::string, double>;

bool is_alias_name(std::string_view text) {
  return is_qualifier(text) && !text.contains('$') && !is_version(text);
}

void validate_alias(const std::string& name, const std::optional<std::string>& version,
                    const std::optional<RoutingConfig>& routing) {
  Violations out;
  if (!is_alias_name(name)) out.pattern(name, "name", "(?!^[0-9]+$)([a-zA-Z0-9-_]+)");
  out.longest(name, "name", kLongestAlias);
  if (version && !is_version(*version)) out.pattern(*version, "functionVersion", R"((\$LATEST|[0-9]+))");
  if (version) out.longest(*version, "functionVersion", kLongestVersion);
  for (const auto& [number, weight] :
       routing && routing->AdditionalVersionWeights ? *routing->AdditionalVersionWeights : Weights{})
    if (weight < 0 || weight > 1)
      out.add(fmt::format("{{{}={}}}", number, Json(weight).dump()), "routingConfig.additionalVersionWeights",
              "Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member "
              "must have value greater than or equal to 0.0, Member must not be null]");
  out.raise();
}

// An alias as it would be, against the versions there are.
std::optional<AwsError> check_routing(const Scope& scope, const Function& function,
                                      const AliasRecord& alias) {
  if (!function.version(alias.version))
    return function_not_found(function_arn(scope, function.name, alias.version));
  if (alias.weights.size() > 1)
    return invalid_parameter("Number of items in AdditionalVersionWeights cannot be greater than 1");
  for (const auto& [number, weight] : alias.weights) {
    if (number == alias.version)
      return invalid_parameter(fmt::format(
          "Invalid function version {0}. Function version {0} is already included in routing configuration.",
          number));
    if (alias.version == kLatest || number == kLatest)  // without a Type, as recorded
      return AwsError{"InvalidParameterValueException",
                      "$LATEST is not supported for an alias pointing to more than 1 version"};
    if (!function.version(number)) return function_not_found(function_arn(scope, function.name, number));
  }
  return std::nullopt;
}

AliasConfiguration described(const Scope& scope, std::string_view function, const std::string& name,
                             const AliasRecord& alias) {
  AliasConfiguration out{
      function_arn(scope, function, name), name, alias.version, alias.description, {}, alias.revision_id};
  if (!alias.weights.empty()) out.RoutingConfig = RoutingConfig{alias.weights};
  return out;
}
}  // namespace

Result<AliasConfiguration> create_alias(Lambda& lambda, Context& context, CreateAliasInput in) {
  const auto name = parse_unqualified(context.scope, in.FunctionName);
  validate_alias(in.Name, in.FunctionVersion, in.RoutingConfig);
  validate_description(in.Description);
  AliasRecord alias{in.FunctionVersion, in.Description.value_or(""), lambda.ids.uuid(), {}};
  if (in.RoutingConfig)
    alias.weights = std::move(in.RoutingConfig->AdditionalVersionWeights).value_or(Weights{});
  auto changed =
      lambda.registry.change(context.scope, name.name, [&](Function& copy) -> std::optional<AwsError> {
        if (copy.shared.alias(in.Name))
          return conflict(
              fmt::format("Alias already exists: {}", function_arn(context.scope, name.name, in.Name)));
        if (auto error = check_routing(context.scope, copy, alias)) return error;
        if (!copy.shared.aliases) copy.shared.aliases.emplace();
        copy.shared.aliases->emplace(in.Name, alias);
        return std::nullopt;
      });
  if (!changed) return std::move(changed.error());
  if (!*changed) return function_not_found(name.unqualified_arn(context.scope));
  return described(context.scope, name.name, in.Name, alias);
}

Result<AliasConfiguration> update_alias(Lambda& lambda, Context& context, UpdateAliasInput in) {
  const auto name = parse_unqualified(context.scope, in.FunctionName);
  validate_alias(in.Name, in.FunctionVersion, in.RoutingConfig);
  validate_description(in.Description);
  const auto arn = function_arn(context.scope, name.name, in.Name);
  AliasRecord after;
  auto changed =
      lambda.registry.change(context.scope, name.name, [&](Function& copy) -> std::optional<AwsError> {
        const auto* before = copy.shared.alias(in.Name);
        if (!before) return not_found(fmt::format("Alias not found: {}", arn));
        if (in.RevisionId && !in.RevisionId->empty() && *in.RevisionId != before->revision_id)
          return stale_revision("GetFunction/GetAlias");
        after = *before;
        if (in.FunctionVersion) after.version = *in.FunctionVersion;
        if (in.Description) after.description = *in.Description;
        if (in.RoutingConfig) after.weights = in.RoutingConfig->AdditionalVersionWeights.value_or(Weights{});
        if (auto error = check_routing(context.scope, copy, after)) return error;
        const auto& provisioned = copy.shared.provisioned;
        if (after.version == kLatest && provisioned && provisioned->contains(in.Name))
          return provisioning_unpublished();
        after.revision_id = lambda.ids.uuid();
        (*copy.shared.aliases)[in.Name] = after;
        return std::nullopt;
      });
  if (!changed) return std::move(changed.error());
  if (!*changed) return function_not_found(name.unqualified_arn(context.scope));
  apply_provisioning(lambda, **changed);
  return described(context.scope, name.name, in.Name, after);
}

Result<Empty> delete_alias(Lambda& lambda, Context& context, AliasInput in) {
  const auto name = parse_unqualified(context.scope, in.FunctionName);
  validate_alias(in.Name, std::nullopt, std::nullopt);
  auto changed =
      lambda.registry.change(context.scope, name.name, [&](Function& copy) -> std::optional<AwsError> {
        if (copy.shared.aliases && copy.shared.aliases->erase(in.Name) > 0)
          copy.shared.forget_qualifier(in.Name);
        return std::nullopt;
      });
  if (!changed) return std::move(changed.error());
  if (!*changed) return function_not_found(name.unqualified_arn(context.scope));
  apply_provisioning(lambda, **changed);
  return Empty{};
}

namespace {
Result<AliasConfiguration> get_alias(Lambda& lambda, Context& context, AliasInput in) {
  const auto name = parse_unqualified(context.scope, in.FunctionName);
  validate_alias(in.Name, std::nullopt, std::nullopt);
  const auto function = lambda.registry.find(context.scope, name.name);
  const auto* alias = function ? function->shared.alias(in.Name) : nullptr;
  if (!alias)
    return not_found(
        fmt::format("Cannot find alias arn: {}", function_arn(context.scope, name.name, in.Name)));
  return described(context.scope, name.name, in.Name, *alias);
}

struct ListAliasesInput {
  std::string FunctionName;
  std::optional<std::string> FunctionVersion, Marker;
  std::optional<int> MaxItems;
};
BOOST_DESCRIBE_STRUCT(ListAliasesInput, (), (FunctionName, FunctionVersion, Marker, MaxItems))
struct ListAliasesOutput {
  std::vector<AliasConfiguration> Aliases;
  std::optional<std::string> NextMarker;
};
BOOST_DESCRIBE_STRUCT(ListAliasesOutput, (), (Aliases, NextMarker))

Result<ListAliasesOutput> list_aliases(Lambda& lambda, Context& context, ListAliasesInput in) {
  const auto name = parse_unqualified(context.scope, in.FunctionName);
  auto function = lambda.find(context.scope, {name.name, ""});
  if (!function) return std::move(function.error());
  std::vector<AliasConfiguration> all;
  if ((*function)->shared.aliases)
    for (const auto& [alias, record] : *(*function)->shared.aliases)
      if (!in.FunctionVersion || record.version == *in.FunctionVersion ||
          record.weights.contains(*in.FunctionVersion))
        all.push_back(described(context.scope, name.name, alias, record));
  ListAliasesOutput out;
  out.NextMarker = take_page(std::move(all), in.Marker, in.MaxItems, out.Aliases);
  return out;
}
}  // namespace

std::span<const Operation> alias_operations() {
  static constexpr Operation rows[] = {
      rest<create_alias>("CreateAlias", "POST /2015-03-31/functions/{FunctionName}/aliases", 201),
      rest<get_alias>("GetAlias", "GET /2015-03-31/functions/{FunctionName}/aliases/{Name}"),
      rest<update_alias>("UpdateAlias", "PUT /2015-03-31/functions/{FunctionName}/aliases/{Name}"),
      rest<delete_alias>("DeleteAlias", "DELETE /2015-03-31/functions/{FunctionName}/aliases/{Name}", 204),
      rest<list_aliases>("ListAliases",
                         "GET /2015-03-31/functions/{FunctionName}/aliases?FunctionVersion&Marker&MaxItems"),
  };
  return rows;
}
}  // namespace emu::lambda
