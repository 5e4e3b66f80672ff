#include "emulator/services/lambda/provisioned.hpp"

#include <cmath>

#include "emulator/services/lambda/concurrency.hpp"
#include "emulator/services/lambda/configuration.hpp"
#include "emulator/services/lambda/page.hpp"

namespace emu::lambda {
namespace {
// What each version gets of one configuration: an alias with two versions splits it by their weights.
std::map<std::string, int> split(const FunctionRecord& record, const std::string& qualifier,
                                 int environments) {
  const auto* alias = record.alias(qualifier);
  if (!alias) return {{qualifier, environments}};
  std::map<std::string, int> out;
  int left = environments;
  for (const auto& [version, weight] : alias->weights) {
    out[version] = static_cast<int>(std::lround(weight * environments));
    left -= out[version];
  }
  out[alias->version] += left;
  return out;
}

std::map<std::string, int> wanted(const FunctionRecord& record) {
  std::map<std::string, int> out;
  if (record.provisioned)
    for (const auto& [qualifier, config] : *record.provisioned)
      for (const auto& [version, environments] : split(record, qualifier, config.environments))
        out[version] += environments;
  return out;
}

std::string timestamp(Time t) {
  auto text = iso8601(t);
  text.replace(text.size() - 1, 1, "+0000");
  return text;
}

FunctionName qualified(const Scope& scope, std::string_view function, const std::string& qualifier) {
  auto name = parse_name(scope, function, qualifier, NameShape::plain);
  if (name.qualifier == kLatest) throw provisioning_unpublished();
  if (name.qualifier.empty())
    throw invalid_parameter("The function resource provided must be an alias or a published version.");
  return name;
}

AwsError none_found() {
  return user_error("ProvisionedConcurrencyConfigNotFoundException",
                    "No Provisioned Concurrency Config found for this function", 404);
}

// A version and an alias that points to it cannot both have a configuration.
std::optional<AwsError> clash(const FunctionRecord& record, const std::string& qualifier) {
  if (!record.provisioned) return std::nullopt;
  if (const auto* alias = record.alias(qualifier)) {
    const auto taken = [&](const std::string& version) { return record.provisioned->contains(version); };
    bool any = taken(alias->version);
    for (const auto& [version, weight] : alias->weights) any = any || taken(version);
    if (any)
      return conflict(
          "Alias can't be used for Provisioned Concurrency configuration on an already "
          "Provisioned version");
    return std::nullopt;
  }
  for (const auto& [name, config] : *record.provisioned)
    if (const auto* alias = record.alias(name);
        alias && (alias->version == qualifier || alias->weights.contains(qualifier)))
      return conflict("Version is pointed by a Provisioned Concurrency alias");
  return std::nullopt;
}

// What all functions without a reservation may still provision.
int unreserved_left(Lambda& lambda, const Scope& scope, std::string_view without) {
  int left = lambda.concurrency.with([](runtime::Concurrency& c) { return c.limit(); });
  for (const auto& other : lambda.registry.list(scope)) {
    const auto& shared = other->shared;
    if (shared.reserved_concurrency)
      left -= *shared.reserved_concurrency;
    else if (other->name != without)
      left -= total_provisioned(shared);
  }
  return left;
}

std::optional<AwsError> check_room(Lambda& lambda, const Function& copy, const std::string& qualifier,
                                   int environments) {
  const auto before = copy.shared.provisioned && copy.shared.provisioned->contains(qualifier)
                          ? copy.shared.provisioned->at(qualifier).environments
                          : 0;
  const int total = total_provisioned(copy.shared) - before + environments;
  if (const auto reserved = copy.shared.reserved_concurrency) {
    if (total <= *reserved) return std::nullopt;
    return invalid_parameter(
        "Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for "
        "function");
  }
  const int left = unreserved_left(lambda, copy.scope, copy.name) - (total - environments);
  const int least = least_unreserved(lambda);
  if (environments > left)  // both without a Type, as recorded
    return AwsError{"InvalidParameterValueException",
                    fmt::format("Specified ConcurrentExecutions for function is greater than account's "
                                "unreserved concurrency [{}].",
                                left)};
  if (left - environments < least)
    return AwsError{"InvalidParameterValueException",
                    fmt::format("Specified ConcurrentExecutions for function decreases account's "
                                "UnreservedConcurrentExecution below its minimum value of [{}].",
                                least)};
  return std::nullopt;
}

ProvisionedConfiguration described(Lambda& lambda, const Function& function, const std::string& qualifier,
                                   const ProvisionedRecord& record) {
  ProvisionedConfiguration out;
  out.RequestedProvisionedConcurrentExecutions = record.environments;
  out.LastModified = record.last_modified;
  bool failed = false;
  int ready = 0;
  for (const auto& [number, environments] : split(function.shared, qualifier, record.environments)) {
    const auto version = function.version(number);
    if (!version) continue;
    const auto now = version->live->provisioned(lambda.invoker);
    ready += std::min(now.allocated, environments);
    failed = failed || now.failed;
  }
  out.AvailableProvisionedConcurrentExecutions = out.AllocatedProvisionedConcurrentExecutions = ready;
  if (ready >= record.environments) {
    out.Status = "READY";
  } else if (failed) {
    out.Status = "FAILED";
    out.StatusReason = "FUNCTION_ERROR_INIT_FAILURE";
  }
  return out;
}

awaitable<void> provision(Lambda& lambda, std::shared_ptr<Live> live, int environments) {
  co_await Live::provision(std::move(live), environments, lambda.code, lambda.invoker);
}
}  // namespace

AwsError provisioning_unpublished() {
  return invalid_parameter(
      "Provisioned Concurrency Configs cannot be applied to unpublished function versions.");
}

int total_provisioned(const FunctionRecord& record) {
  int total = 0;
  if (record.provisioned)
    for (const auto& [qualifier, config] : *record.provisioned) total += config.environments;
  return total;
}

void apply_provisioning(Lambda& lambda, const Function& function) {
  const auto target = wanted(function.shared);
  const auto arn = function_arn(function.scope, function.name);
  for (const auto& [number, version] : function.versions) {
    const auto at = target.find(number);
    const int environments = at == target.end() ? 0 : at->second;
    const bool failed = environments > 0 && version->live->provisioned(lambda.invoker).failed;
    if (!version->live->want(environments) && !failed) continue;
    lambda.concurrency.with([&](runtime::Concurrency& c) { c.provision(arn, number, environments); });
    lambda.loops.spawn(provision(lambda, version->live, environments));
  }
}

Result<ProvisionedConfiguration> put_provisioned(Lambda& lambda, Context& context, PutProvisionedInput in) {
  const auto name = qualified(context.scope, in.FunctionName, in.Qualifier);
  Violations out;
  if (in.ProvisionedConcurrentExecutions < 1)
    out.add(std::to_string(in.ProvisionedConcurrentExecutions), "provisionedConcurrentExecutions",
            "Member must have value greater than or equal to 1");
  out.raise();
  const ProvisionedRecord record{in.ProvisionedConcurrentExecutions, timestamp(lambda.clock.now())};
  auto changed =
      lambda.registry.change(context.scope, name.name, [&](Function& copy) -> std::optional<AwsError> {
        const auto version = copy.resolve(name.qualifier);
        if (!version) return function_not_found(name.arn(context.scope));
        if (version->record.version == kLatest) return provisioning_unpublished();
        if (auto error = clash(copy.shared, name.qualifier)) return error;
        if (auto error = check_room(lambda, copy, name.qualifier, record.environments)) return error;
        if (copy.latest()->record.settings.tenancy)
          return invalid_parameter(
              "Provisioned concurrency is not supported for functions with tenant isolation.");
        if (copy.latest()->record.settings.managed_instances)
          return invalid_parameter(
              "Provisioned concurrency is not supported for functions with a capacity provider.");
        if (!copy.shared.provisioned) copy.shared.provisioned.emplace();
        (*copy.shared.provisioned)[name.qualifier] = record;
        return std::nullopt;
      });
  if (!changed) return std::move(changed.error());
  if (!*changed) return function_not_found(name.arn(context.scope));
  apply_provisioning(lambda, **changed);
  ProvisionedConfiguration reply;  // AWS has begun nothing yet
  reply.RequestedProvisionedConcurrentExecutions = record.environments;
  reply.LastModified = record.last_modified;
  return reply;
}

Result<Empty> delete_provisioned(Lambda& lambda, Context& context, ProvisionedInput in) {
  const auto name = qualified(context.scope, in.FunctionName, in.Qualifier);
  auto changed =
      lambda.registry.change(context.scope, name.name, [&](Function& copy) -> std::optional<AwsError> {
        if (copy.shared.provisioned) copy.shared.provisioned->erase(name.qualifier);
        return std::nullopt;
      });
  if (!changed) return std::move(changed.error());
  if (!*changed) return function_not_found(name.arn(context.scope));
  apply_provisioning(lambda, **changed);
  return Empty{};
}

Result<ProvisionedConfiguration> get_provisioned(Lambda& lambda, Context& context, ProvisionedInput in) {
  const auto name = qualified(context.scope, in.FunctionName, in.Qualifier);
  const auto function = lambda.registry.find(context.scope, name.name);
  if (!function || !function->resolve(name.qualifier)) return function_not_found(name.arn(context.scope));
  const auto& all = function->shared.provisioned;
  if (!all || !all->contains(name.qualifier)) return none_found();
  return described(lambda, *function, name.qualifier, all->at(name.qualifier));
}

namespace {
struct ListProvisionedInput {
  std::string FunctionName;
  std::optional<std::string> Marker;
  std::optional<int> MaxItems;
};
BOOST_DESCRIBE_STRUCT(ListProvisionedInput, (), (FunctionName, Marker, MaxItems))
struct ListProvisionedOutput {
  std::vector<ProvisionedConfiguration> ProvisionedConcurrencyConfigs;
  std::optional<std::string> NextMarker;
};
BOOST_DESCRIBE_STRUCT(ListProvisionedOutput, (), (ProvisionedConcurrencyConfigs, NextMarker))

Result<ListProvisionedOutput> list_provisioned(Lambda& lambda, Context& context, ListProvisionedInput in) {
  const auto name = parse_name(context.scope, in.FunctionName, std::nullopt, NameShape::plain);
  auto function = lambda.find(context.scope, {name.name, ""});
  if (!function) return std::move(function.error());
  std::vector<ProvisionedConfiguration> all;
  if ((*function)->shared.provisioned)
    for (const auto& [qualifier, record] : *(*function)->shared.provisioned) {
      all.push_back(described(lambda, **function, qualifier, record));
      all.back().FunctionArn = function_arn(context.scope, name.name, qualifier);
    }
  ListProvisionedOutput out;
  out.NextMarker = take_page(std::move(all), in.Marker, in.MaxItems, out.ProvisionedConcurrencyConfigs);
  return out;
}
}  // namespace

std::span<const Operation> provisioned_operations() {
#define EMU_PATH "/2019-09-30/functions/{FunctionName}/provisioned-concurrency?"
  static constexpr Operation rows[] = {
      rest<put_provisioned>("PutProvisionedConcurrencyConfig", "PUT " EMU_PATH "Qualifier", 202),
      rest<get_provisioned>("GetProvisionedConcurrencyConfig", "GET " EMU_PATH "Qualifier"),
      rest<delete_provisioned>("DeleteProvisionedConcurrencyConfig", "DELETE " EMU_PATH "Qualifier", 204),
      rest<list_provisioned>("ListProvisionedConcurrencyConfigs",
                             "GET " EMU_PATH "List==ALL&Marker&MaxItems"),
  };
#undef EMU_PATH
  return rows;
}
}  // namespace emu::lambda
