// CreateFunction, GetFunction, GetFunctionConfiguration, ListFunctions, DeleteFunction, GetAccountSettings.
#include "emulator/services/lambda/functions.hpp"

#include "emulator/services/lambda/destinations.hpp"

#include "emulator/http/message.hpp"
#include "emulator/services/lambda/layers/use.hpp"
#include "emulator/services/lambda/page.hpp"
#include "emulator/services/lambda/source.hpp"
#include "emulator/services/lambda/tags.hpp"

namespace emu::lambda {
namespace {
void validate_create(const CreateFunctionInput& in) {
  Violations out;
  if (in.PackageType && *in.PackageType != "Zip" && *in.PackageType != "Image")
    out.add(*in.PackageType, "packageType", "Member must satisfy enum value set: [Zip, Image]");
  out.raise();
  validate_architectures(in.Architectures);
  if (in.PackageType == "Image" || in.Code.ImageUri)
    throw invalid_parameter("emu runs no container images: deploy the function as a zip (PackageType Zip).");
  if (!in.Runtime || !in.Handler)
    throw invalid_parameter(
        "Runtime and Handler are mandatory parameters for functions created with deployment packages.");
  if (in.CodeSigningConfigArn)
    throw not_found("The Lambda code signing configuration ARN can not be found.",
                    "CodeSigningConfigNotFoundException");
  if (in.TenancyConfig && in.TenancyConfig->TenantIsolationMode != "PER_TENANT")
    throw violated(in.TenancyConfig->TenantIsolationMode, "tenancyConfig.tenantIsolationMode",
                   "Member must satisfy enum value set: [PER_TENANT]");
  if (in.TenancyConfig && in.SnapStart && in.SnapStart->ApplyOn == "PublishedVersions")
    throw invalid_parameter("SnapStart is not supported for functions with tenant isolation.");
  refuse(in.DurableConfig, "DurableConfig");
  refuse(in.PublishTo, "PublishTo");
}
}  // namespace

awaitable<Result<Changed>> create(Lambda& lambda, Context& context, CreateFunctionInput in) {
  const auto name = parse_new_name(context.scope, in.FunctionName).name;
  validate_create(in);
  if (in.Tags) validate_tags(lambda, *in.Tags);
  auto change = settings_change(in);
  validate(change);
  Settings asked;
  apply(change, asked);
  if (in.TenancyConfig) asked.tenancy = in.TenancyConfig->TenantIsolationMode;
  check_managed_instances(asked);
  if (change.DeadLetterConfig)
    check_dead_letters(lambda.ports, change.DeadLetterConfig->TargetArn.value_or(""));
  if (auto error = use_layers(lambda, context.scope, change)) co_return std::move(*error);
  const auto taken = [&] { return conflict(fmt::format("Function already exist: {}", name)); };
  if (lambda.registry.find(context.scope, name)) co_return taken();
  const auto held = change.layer_claims;
  auto location = co_await take_code(lambda, std::move(in.Code));
  if (!location) co_return std::move(location.error());

  Function function{context.scope, name, {}, {}};
  if (in.Tags) function.shared.tags = std::move(*in.Tags);
  Version latest;
  latest.record.version = kLatest;
  latest.record.architectures = in.Architectures.value_or(std::vector<std::string>{"x86_64"});
  apply(std::move(change), latest.record.settings);
  if (in.TenancyConfig) latest.record.settings.tenancy = in.TenancyConfig->TenantIsolationMode;
  latest.record.code = stored(*location);
  if (auto error = check_size_together(lambda, latest.record.code, latest.record.settings.layers)) {
    location->claim.reset();
    co_await lambda.forget_unused(*location);
    co_return std::move(*error);
  }
  latest.record.revision_id = lambda.ids.uuid();
  latest.record.last_modified = modified_text(lambda.clock.now());
  latest.live = lambda.make_live(context.scope, name, latest.record, *location);
  Changed out{describe(context.scope, name, latest.record, ""), name, *location};
  function.replace(std::move(latest));
  if (!lambda.registry.add(std::move(function))) {
    co_await lambda.forget_unused(*location);
    co_return taken();
  }
  if (const auto made = lambda.registry.find(context.scope, name)) apply_cold_start(lambda, *made);
  co_return out;
}

Result<Empty> delete_function(Lambda& lambda, Context& context, const FunctionName& name) {
  if (name.qualifier == kLatest)
    return invalid_parameter("$LATEST version cannot be deleted without deleting the function.");
  if (!name.qualifier.empty() && !is_version(name.qualifier))
    return invalid_parameter("Deletion of aliases is not currently supported.");
  if (name.qualifier.empty()) {
    const auto gone = lambda.registry.remove(context.scope, name.name);
    if (!gone) return function_not_found(name.unqualified_arn(context.scope));
    for (const auto& [number, version] : gone->versions) lambda.discard(version);
    lambda.invoker.cold_starts().with(
        [&](auto& all) { all.set(name.unqualified_arn(context.scope), std::nullopt); });
    lambda.concurrency.with([&](runtime::Concurrency& c) { c.forget(name.unqualified_arn(context.scope)); });
    return Empty{};
  }
  VersionPtr gone;
  auto changed =
      lambda.registry.change(context.scope, name.name, [&](Function& copy) -> std::optional<AwsError> {
        gone = copy.version(name.qualifier);
        if (copy.shared.aliases)
          for (const auto& [alias, record] : *copy.shared.aliases)
            if (record.version == name.qualifier || record.weights.contains(name.qualifier))
              return conflict(fmt::format(
                  "You cannot delete a function version that is referenced by an alias: {}", alias));
        copy.versions.erase(name.qualifier);
        copy.shared.forget_qualifier(name.qualifier);
        return std::nullopt;
      });
  if (!changed) return std::move(changed.error());
  if (!*changed) return function_not_found(name.unqualified_arn(context.scope));
  if (!gone) return Empty{};
  lambda.concurrency.with(
      [&](runtime::Concurrency& c) { c.provision(name.unqualified_arn(context.scope), name.qualifier, 0); });
  lambda.discard(gone);
  return Empty{};
}

namespace {
awaitable<Result<FunctionConfiguration>> create_function(Lambda& lambda, Context& context,
                                                         CreateFunctionInput in) {
  const bool publish = in.Publish.value_or(false);
  auto created = co_await create(lambda, context, std::move(in));
  if (!created) co_return std::move(created.error());
  if (publish) {  // AWS's reply is the version, in state Pending; here it is complete by then
    co_await lambda.settle(context.scope, created->name, created->location);
    PublishVersionInput version{.FunctionName = created->name};
    co_return publish_version(lambda, context, std::move(version));
  }
  lambda.settle_after_reply(context.scope, created->name, created->location);
  co_return std::move(created->configuration);
}

struct QualifiedInput {
  std::string FunctionName;
  std::optional<std::string> Qualifier;
};
BOOST_DESCRIBE_STRUCT(QualifiedInput, (), (FunctionName, Qualifier))

struct CodeReply {
  std::string RepositoryType = "S3", Location;
};
BOOST_DESCRIBE_STRUCT(CodeReply, (), (RepositoryType, Location))
struct ConcurrencyReply {
  int ReservedConcurrentExecutions = 0;
};
BOOST_DESCRIBE_STRUCT(ConcurrencyReply, (), (ReservedConcurrentExecutions))
struct GetFunctionOutput {
  FunctionConfiguration Configuration;
  CodeReply Code;
  std::optional<std::map<std::string, std::string>> Tags;
  std::optional<ConcurrencyReply> Concurrency;
};
BOOST_DESCRIBE_STRUCT(GetFunctionOutput, (), (Configuration, Code, Tags, Concurrency))

Result<GetFunctionOutput> get_function(Lambda& lambda, Context& context, QualifiedInput in) {
  const auto name = parse_name(context.scope, in.FunctionName, in.Qualifier);
  auto found = lambda.find_version(context.scope, name);
  if (!found) return std::move(found.error());
  const auto& record = found->version->record;
  const auto& shared = found->function->shared;
  GetFunctionOutput out{describe(context.scope, name.name, record, name.qualifier), {}, {}, {}};
  out.Code.Location = record.code.hot ? "file://" + record.code.task_root
                                      : fmt::format("http://{}/_emu/code/{}", context.host,
                                                    http::percent_encode(record.code.sha256_base64));
  if (!shared.tags.empty()) out.Tags = shared.tags;
  if (shared.reserved_concurrency) out.Concurrency = {*shared.reserved_concurrency};
  return out;
}

Result<FunctionConfiguration> get_function_configuration(Lambda& lambda, Context& context,
                                                         QualifiedInput in) {
  const auto name = parse_name(context.scope, in.FunctionName, in.Qualifier);
  auto found = lambda.find_version(context.scope, name);
  if (!found) return std::move(found.error());
  return describe(context.scope, name.name, found->version->record, name.qualifier);
}

struct ListFunctionsInput {
  std::optional<std::string> MasterRegion, FunctionVersion, Marker;
  std::optional<int> MaxItems;
};
BOOST_DESCRIBE_STRUCT(ListFunctionsInput, (), (MasterRegion, FunctionVersion, Marker, MaxItems))
struct ListFunctionsOutput {
  std::vector<FunctionConfiguration> Functions;
  std::optional<std::string> NextMarker;
};
BOOST_DESCRIBE_STRUCT(ListFunctionsOutput, (), (Functions, NextMarker))

Result<ListFunctionsOutput> list_functions(Lambda& lambda, Context& context, ListFunctionsInput in) {
  if (in.FunctionVersion && *in.FunctionVersion != "ALL")
    throw violated(*in.FunctionVersion, "functionVersion", "Member must satisfy enum value set: [ALL]");
  std::vector<FunctionConfiguration> all;
  for (const auto& function : lambda.registry.list(context.scope)) {
    if (!in.FunctionVersion)
      all.push_back(list_entry(context.scope, function->name, function->latest()->record, ""));
    else
      for (const auto& version : in_order(*function))
        all.push_back(list_entry(context.scope, function->name, version->record, version->record.version));
  }
  ListFunctionsOutput out;
  out.NextMarker = take_page(std::move(all), in.Marker, in.MaxItems, out.Functions);
  return out;
}

Result<Empty> delete_named(Lambda& lambda, Context& context, QualifiedInput in) {
  return delete_function(lambda, context,
                         parse_name(context.scope, in.FunctionName, in.Qualifier, NameShape::plain));
}

struct AccountLimitReply {
  std::int64_t TotalCodeSize = 80'530'636'800, CodeSizeUnzipped = 262'144'000, CodeSizeZipped = 52'428'800;
  int ConcurrentExecutions = 0, UnreservedConcurrentExecutions = 0;
};
BOOST_DESCRIBE_STRUCT(AccountLimitReply, (),
                      (TotalCodeSize, CodeSizeUnzipped, CodeSizeZipped, ConcurrentExecutions,
                       UnreservedConcurrentExecutions))
struct AccountUsageReply {
  std::int64_t TotalCodeSize = 0, FunctionCount = 0;
};
BOOST_DESCRIBE_STRUCT(AccountUsageReply, (), (TotalCodeSize, FunctionCount))
struct GetAccountSettingsOutput {
  AccountLimitReply AccountLimit;
  AccountUsageReply AccountUsage;
};
BOOST_DESCRIBE_STRUCT(GetAccountSettingsOutput, (), (AccountLimit, AccountUsage))

Result<GetAccountSettingsOutput> get_account_settings(Lambda& lambda, Context& context, Empty) {
  GetAccountSettingsOutput out;
  int reserved = 0;
  for (const auto& function : lambda.registry.list(context.scope)) {
    ++out.AccountUsage.FunctionCount;
    reserved += function->shared.reserved_concurrency.value_or(0);
    for (const auto& [number, version] : function->versions)
      out.AccountUsage.TotalCodeSize += version->record.code.size_bytes;
  }
  out.AccountLimit.ConcurrentExecutions =
      lambda.concurrency.with([](runtime::Concurrency& c) { return c.limit(); });
  out.AccountLimit.UnreservedConcurrentExecutions = out.AccountLimit.ConcurrentExecutions - reserved;
  return out;
}

constexpr std::string_view kCreateWithoutEffect[] = {"Architectures", "VpcConfig", "KMSKeyArn"};
constexpr std::string_view kListWithoutEffect[] = {"MasterRegion"};
}  // namespace

std::span<const Operation> function_operations() {
  static constexpr Operation rows[] = {
      rest<create_function>("CreateFunction", "POST /2015-03-31/functions", 201)
          .ignoring(kCreateWithoutEffect),
      rest<get_function>("GetFunction", "GET /2015-03-31/functions/{FunctionName}?Qualifier"),
      rest<get_function_configuration>("GetFunctionConfiguration",
                                       "GET /2015-03-31/functions/{FunctionName}/configuration?Qualifier"),
      rest<list_functions>("ListFunctions",
                           "GET /2015-03-31/functions?MasterRegion&FunctionVersion&Marker&MaxItems")
          .ignoring(kListWithoutEffect),
      rest<delete_named>("DeleteFunction", "DELETE /2015-03-31/functions/{FunctionName}?Qualifier", 204),
      rest<get_account_settings>("GetAccountSettings", "GET /2016-08-19/account-settings"),
  };
  return rows;
}
}  // namespace emu::lambda
