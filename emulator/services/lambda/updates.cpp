// UpdateFunctionCode and UpdateFunctionConfiguration. Both answer InProgress at once; the code before keeps
// serving until Lambda::settle has the new one ready (spec-lambda E.2).
#include "emulator/services/lambda/destinations.hpp"
#include "emulator/services/lambda/functions.hpp"
#include "emulator/services/lambda/layers/use.hpp"

namespace emu::lambda {
namespace {
std::optional<AwsError> busy(const Scope& scope, std::string_view name, const VersionRecord& latest) {
  if (latest.state == "Pending")
    return conflict(
        "The operation cannot be performed at this time. The function is currently in the following state: "
        "Pending");
  if (latest.last_update_status == "InProgress")
    return conflict(fmt::format(
        "The operation cannot be performed at this time. An update is in progress for resource: {}",
        function_arn(scope, name)));
  return std::nullopt;
}

// Begins an update of $LATEST: `edit` changes its record.
Result<FunctionPtr> begin_update(Lambda& lambda, const Scope& scope, const FunctionName& name,
                                 const std::optional<std::string>& revision,
                                 const std::function<void(VersionRecord&)>& edit) {
  auto changed = lambda.registry.change(scope, name.name, [&](Function& copy) -> std::optional<AwsError> {
    auto latest = *copy.latest();
    if (auto error = busy(scope, name.name, latest.record)) return error;
    if (revision && !revision->empty() && *revision != latest.record.revision_id)
      return stale_revision("GetFunction/GetAlias");
    edit(latest.record);
    latest.record.revision_id = lambda.ids.uuid();
    latest.record.last_modified = modified_text(lambda.clock.now());
    latest.record.last_update_status = "InProgress";
    copy.replace(std::move(latest));
    return std::nullopt;
  });
  if (changed && !*changed) return function_not_found(name.unqualified_arn(scope));
  return changed;
}

}  // namespace

awaitable<Result<Changed>> update_code(Lambda& lambda, Context& context, UpdateFunctionCodeInput in) {
  const auto name = parse_unqualified(context.scope, in.FunctionName);
  validate_architectures(in.Architectures);
  refuse(in.PublishTo, "PublishTo");
  auto found = lambda.find(context.scope, name);
  if (!found) co_return std::move(found.error());
  if (in.ImageUri)
    co_return invalid_parameter(
        "Please don't provide ImageUri when updating a function with packageType Zip.");
  const auto& before = (*found)->latest()->record;
  if (auto error = busy(context.scope, name.name, before)) co_return std::move(*error);
  if (in.RevisionId && !in.RevisionId->empty() && *in.RevisionId != before.revision_id)
    co_return stale_revision("GetFunction/GetAlias");
  CodeSource source{std::move(in.ZipFile), std::move(in.S3Bucket), std::move(in.S3Key), {}, {}, {}};
  auto location = co_await take_code(lambda, std::move(source));
  if (!location) co_return std::move(location.error());
  if (auto error = check_size_together(lambda, stored(*location), before.settings.layers)) {
    location->claim.reset();
    co_await lambda.forget_unused(*location);
    co_return std::move(*error);
  }
  const auto edit = [&](VersionRecord& record) {
    record.code = stored(*location);
    if (in.Architectures) record.architectures = *in.Architectures;
  };
  if (in.DryRun.value_or(false)) {
    auto record = before;
    edit(record);
    location->claim.reset();
    co_await lambda.forget_unused(*location);
    co_return Changed{describe(context.scope, name.name, record, ""), name.name, *location};
  }
  auto changed = begin_update(lambda, context.scope, name, in.RevisionId, edit);
  if (!changed) {
    location->claim.reset();
    co_await lambda.forget_unused(*location);
    co_return std::move(changed.error());
  }
  co_return Changed{describe(context.scope, name.name, (*changed)->latest()->record, ""), name.name,
                    std::move(*location)};
}

Result<Changed> update_configuration(Lambda& lambda, Context& context, const FunctionName& name,
                                     SettingsChange change, const std::optional<std::string>& revision) {
  validate(change, kMostManagedMemory);
  if (change.DeadLetterConfig)
    check_dead_letters(lambda.ports, change.DeadLetterConfig->TargetArn.value_or(""));
  auto found = lambda.find(context.scope, name);
  if (!found) return std::move(found.error());
  auto after = (*found)->latest()->record.settings;
  if (change.CapacityProviderConfig && !after.managed_instances)
    return invalid_parameter(
        "CapacityProviderConfig cannot be added to a function that was created without it.");
  if (!after.managed_instances) validate(change);  // now it is known that it has less memory at most
  apply(change, after);
  check_managed_instances(after);
  if (auto error = use_layers(lambda, context.scope, change)) return std::move(*error);
  if (auto error = check_size_together(lambda, (*found)->latest()->record.code, change.layer_uses))
    return std::move(*error);
  const auto held = change.layer_claims;
  auto changed = begin_update(lambda, context.scope, name, revision,
                              [&](VersionRecord& record) { apply(std::move(change), record.settings); });
  if (!changed) return std::move(changed.error());
  const auto& before = (*found)->latest()->record.settings;
  for (const auto& use :
       before.layers.value_or(std::vector<LayerUse>{}))  // after the old code's last invocation
    lambda.loops.spawn(lambda.forget_unused(CodeLocation{.sha256_base64 = use.sha256_base64},
                                            std::chrono::seconds(before.timeout_s)));
  const auto& latest = (*changed)->latest();
  return Changed{describe(context.scope, name.name, latest->record, ""), name.name, latest->live->code()};
}

namespace {
awaitable<Result<FunctionConfiguration>> update_function_code(Lambda& lambda, Context& context,
                                                              UpdateFunctionCodeInput in) {
  const bool dry = in.DryRun.value_or(false), publish = in.Publish.value_or(false);
  auto changed = co_await update_code(lambda, context, std::move(in));
  if (!changed) co_return std::move(changed.error());
  if (dry) co_return std::move(changed->configuration);
  if (publish) {
    co_await lambda.settle(context.scope, changed->name, changed->location);
    PublishVersionInput version{.FunctionName = changed->name};
    co_return publish_version(lambda, context, std::move(version));
  }
  lambda.settle_after_reply(context.scope, changed->name, changed->location);
  co_return std::move(changed->configuration);
}

Result<FunctionConfiguration> update_function_configuration(Lambda& lambda, Context& context,
                                                            UpdateFunctionConfigurationInput in) {
  const auto name = parse_unqualified(context.scope, in.FunctionName);
  refuse(in.DurableConfig, "DurableConfig");
  auto changed = update_configuration(lambda, context, name, settings_change(in), in.RevisionId);
  if (!changed) return std::move(changed.error());
  lambda.settle_after_reply(context.scope, changed->name, changed->location);
  return std::move(changed->configuration);
}

constexpr std::string_view kCodeWithoutEffect[] = {"Architectures", "SourceKMSKeyArn", "S3ObjectVersion"};
constexpr std::string_view kConfigurationWithoutEffect[] = {"VpcConfig", "KMSKeyArn"};
}  // namespace

void refuse(const std::optional<Json>& member, std::string_view name) {
  if (member) throw invalid_parameter(fmt::format("emu does not support {}.", name));
}

std::span<const Operation> update_operations() {
  static constexpr Operation rows[] = {
      rest<update_function_code>("UpdateFunctionCode", "PUT /2015-03-31/functions/{FunctionName}/code")
          .ignoring(kCodeWithoutEffect),
      rest<update_function_configuration>("UpdateFunctionConfiguration",
                                          "PUT /2015-03-31/functions/{FunctionName}/configuration")
          .ignoring(kConfigurationWithoutEffect),
  };
  return rows;
}
}  // namespace emu::lambda
