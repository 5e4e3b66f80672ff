#include "emulator/services/lambda/resources.hpp"

#include "emulator/base/digest.hpp"
#include "emulator/base/text.hpp"
#include "emulator/services/lambda/concurrency.hpp"
#include "emulator/services/lambda/functions.hpp"
#include "emulator/services/lambda/layers/use.hpp"
#include "emulator/services/lambda/permissions.hpp"
#include "emulator/services/lambda/tags.hpp"

namespace emu::lambda {
namespace {
constexpr std::size_t kLongestName = 64, kLongestStatement = 100;
constexpr std::size_t kSuffix = 13;  // "-" and the random part of a suggested name

Lambda& as_lambda(Service& service) { return static_cast<Lambda&>(service); }

// Templates may write numbers as text, and anything scalar where AWS wants text.
void to_number(Json& at, const char* member) {
  if (at.contains(member)) wire::coerce_number(at[member], member);
}
void to_text(Json& value) {
  if (!value.is_string() && value.is_primitive() && !value.is_null()) value = value.dump();
}

// In a template ZipFile is source text; front ends also hand over prebuilt archives in it, as the API takes
// them. No source text is the base64 of a zip.
void zip_inline_code(Json& file, std::string_view runtime) {
  if (!file.is_string()) return;
  const auto& text = file.get_ref<const std::string&>();
  const auto archive = base64_decode(text);
  if (archive && archive->starts_with("PK\3\4")) return;
  file = wire::encode(wire::Blob{inline_zip(runtime, text)});
}

// Properties as CreateFunction spells them.
Json api_form(Json properties) {
  Json& p = properties;
  to_number(p, "MemorySize");
  to_number(p, "Timeout");
  if (p.contains("EphemeralStorage")) to_number(p["EphemeralStorage"], "Size");
  if (constexpr const char* kManaged = "LambdaManagedInstancesCapacityProviderConfig";
      p.contains("CapacityProviderConfig") && p["CapacityProviderConfig"].contains(kManaged)) {
    to_number(p["CapacityProviderConfig"][kManaged], "PerExecutionEnvironmentMaxConcurrency");
    to_number(p["CapacityProviderConfig"][kManaged], "ExecutionEnvironmentMemoryGiBPerVCpu");
  }
  if (p.contains("KmsKeyArn")) p["KMSKeyArn"] = std::move(p["KmsKeyArn"]);
  if (p.contains("Environment") && p["Environment"].contains("Variables"))
    for (auto& value : p["Environment"]["Variables"]) to_text(value);
  if (p.contains("TracingConfig")) {
    auto& mode = p["TracingConfig"]["Mode"];  // projects written for other hosts spell it in lower case
    if (mode.is_string() && same_text(mode.get<std::string>(), "active")) mode = "Active";
    if (mode.is_string() && same_text(mode.get<std::string>(), "passthrough")) mode = "PassThrough";
  }
  if (p.contains("Tags") && p["Tags"].is_array()) {
    Json tags = Json::object();
    for (auto& tag : p["Tags"]) tags[tag.at("Key").get<std::string>()] = tag.at("Value");
    for (auto& value : tags) to_text(value);
    p["Tags"] = std::move(tags);
  }
  if (p.contains("Code") && p["Code"].contains("ZipFile"))
    zip_inline_code(p["Code"]["ZipFile"], p.value("Runtime", ""));
  return properties;
}

std::string short_name(const std::string& suggested, std::size_t longest) {
  if (suggested.size() <= longest) return suggested;
  return suggested.substr(0, longest - kSuffix) + suggested.substr(suggested.size() - kSuffix);
}

CreateFunctionInput read_function(const Json& properties, std::string name) {
  Json form = api_form(properties);
  form["FunctionName"] = std::move(name);
  return wire::decode(wire::Tag<CreateFunctionInput>{}, form, "");
}

std::optional<int> reserved_of(Json properties) {
  to_number(properties, "ReservedConcurrentExecutions");
  if (!properties.contains("ReservedConcurrentExecutions")) return std::nullopt;
  return properties["ReservedConcurrentExecutions"].get<int>();
}

Resource function_resource(const Scope& scope, const std::string& name) {
  return {name, {{"Arn", function_arn(scope, name)}}};
}

// The properties that the API has operations of their own for.
std::optional<AwsError> set_options(Lambda& lambda, const Scope& scope, std::string_view name,
                                    const Json& properties) {
  const auto loop = properties.value("RecursiveLoop", "Terminate");
  if (loop != "Terminate" && loop != "Allow")
    return violated(loop, "recursiveLoop", "Member must satisfy enum value set: [Terminate, Allow]");
  const auto management = properties.value("RuntimeManagementConfig", Json::object());
  auto changed = lambda.registry.change(scope, name, [&](Function& copy) -> std::optional<AwsError> {
    copy.shared.recursive_loop = loop;
    copy.shared.runtime_management.reset();
    if (management.contains("UpdateRuntimeOn"))
      copy.shared.runtime_management = {
          {std::string(kLatest),
           {management.value("UpdateRuntimeOn", ""), management.value("RuntimeVersionArn", "")}}};
    return std::nullopt;
  });
  return changed ? std::nullopt : std::optional(changed.error());
}

awaitable<Result<Resource>> create_function(Service& service, Context& context, ResourceRequest request) {
  auto& lambda = as_lambda(service);
  const auto given = request.properties.value("FunctionName", "");
  auto in = read_function(request.properties,
                          given.empty() ? short_name(request.suggested_name, kLongestName) : given);
  auto created = co_await create(lambda, context, std::move(in));
  if (!created) co_return std::move(created.error());
  co_await lambda.settle(context.scope, created->name, created->location);
  if (auto error = set_options(lambda, context.scope, created->name, request.properties)) {
    static_cast<void>(delete_function(lambda, context, {created->name, ""}));
    co_return std::move(*error);
  }
  if (const auto reserved = reserved_of(request.properties)) {
    const FunctionName name{created->name, ""};
    if (auto error = reserve(lambda, context.scope, name, reserved)) {
      static_cast<void>(delete_function(lambda, context, name));
      co_return std::move(*error);
    }
  }
  co_return function_resource(context.scope, created->name);
}

// A template says all: what it leaves out goes back to its default.
void fill_defaults(SettingsChange& change) {
  const auto fill = [](auto& member, auto value) {
    if (!member) member = std::move(value);
  };
  fill(change.Description, std::string());
  fill(change.KMSKeyArn, std::string());
  fill(change.Timeout, 3);
  fill(change.MemorySize, 128);
  fill(change.Environment, Environment{});
  fill(change.EphemeralStorage, EphemeralStorage{});
  fill(change.TracingConfig, TracingConfig{"PassThrough"});
  fill(change.SnapStart, SnapStart{"None"});
  fill(change.LoggingConfig, LoggingConfig{});
  fill(change.DeadLetterConfig, DeadLetterConfig{});
  fill(change.VpcConfig, Json::object());
  fill(change.Layers, std::vector<std::string>{});
}

UpdateFunctionCodeInput code_update(const CreateFunctionInput& in) {
  UpdateFunctionCodeInput out{.FunctionName = in.FunctionName};
  out.ZipFile = in.Code.ZipFile;
  out.S3Bucket = in.Code.S3Bucket;
  out.S3Key = in.Code.S3Key;
  out.Architectures = in.Architectures;
  return out;
}

// Other code only: environments stay warm over a deployment that changes nothing about it.
awaitable<Result<Done>> change_code(Lambda& lambda, Context& context, const CreateFunctionInput& in,
                                    FunctionPtr before) {
  auto trial = code_update(in);
  trial.DryRun = true;
  auto seen = co_await update_code(lambda, context, std::move(trial));
  if (!seen) co_return std::move(seen.error());
  const auto& old = before->latest()->record;
  const auto fresh = stored(seen->location);
  const bool same_code =
      fresh.hot ? old.code.hot && old.code.task_root == fresh.task_root : old.code == fresh;
  if (same_code && (!in.Architectures || *in.Architectures == old.architectures)) co_return Done{};
  auto update = code_update(in);
  auto changed = co_await update_code(lambda, context, std::move(update));
  if (!changed) co_return std::move(changed.error());
  co_await lambda.settle(context.scope, changed->name, changed->location);
  co_return Done{};
}

awaitable<Result<Resource>> update_function(Service& service, Context& context, Resource old,
                                            ResourceRequest request) {
  auto& lambda = as_lambda(service);
  const FunctionName name{old.physical_id, ""};
  auto in = read_function(request.properties, old.physical_id);
  auto found = lambda.find(context.scope, name);
  if (!found) co_return std::move(found.error());
  auto change = settings_change(in);
  fill_defaults(change);
  validate(change, kMostManagedMemory);  // all of it by update_configuration()
  if (auto error = use_layers(lambda, context.scope, change)) co_return std::move(*error);
  auto coded = co_await change_code(lambda, context, in, *found);
  if (!coded) co_return std::move(coded.error());

  Settings wanted = (*found)->latest()->record.settings;
  apply(change, wanted);
  if (wire::encode(wanted) != wire::encode((*found)->latest()->record.settings)) {
    auto changed = update_configuration(lambda, context, name, std::move(change), std::nullopt);
    if (!changed) co_return std::move(changed.error());
    co_await lambda.settle(context.scope, changed->name, changed->location);
  }
  if (auto error = set_options(lambda, context.scope, old.physical_id, request.properties))
    co_return std::move(*error);
  auto tags = in.Tags.value_or(Tags{});
  const auto replace = [&](Tags& all) { all = std::move(tags); };
  if (auto error = edit_tags(lambda, context.scope, name, replace)) co_return std::move(*error);
  if (auto error = reserve(lambda, context.scope, name, reserved_of(request.properties)))
    co_return std::move(*error);
  co_return function_resource(context.scope, old.physical_id);
}

awaitable<Result<Done>> remove_function(Service& service, Context& context, Resource resource) {
  const FunctionName name{resource.physical_id, ""};
  co_return unless_gone(delete_function(as_lambda(service), context, name));
}

awaitable<Result<Resource>> create_version(Service& service, Context& context, ResourceRequest request) {
  auto& lambda = as_lambda(service);
  Json form = request.properties;
  form.erase("ProvisionedConcurrencyConfig");
  auto in = wire::decode(wire::Tag<PublishVersionInput>{}, form, "");
  const auto name = parse_name(context.scope, in.FunctionName);
  auto found = lambda.find(context.scope, name);
  if (!found) co_return std::move(found.error());
  // The digest a tool took of its zip says nothing about a directory used in place.
  if ((*found)->latest()->record.code.hot) in.CodeSha256.reset();
  auto version = publish_version(lambda, context, std::move(in));
  if (!version) co_return std::move(version.error());
  auto provisioned = co_await provision_resource(lambda, context, version->FunctionArn, request.properties);
  if (!provisioned) co_return std::move(provisioned.error());
  co_return Resource{version->FunctionArn,
                     {{"Version", version->Version}, {"FunctionArn", version->FunctionArn}}};
}

awaitable<Result<Resource>> update_version(Service& service, Context& context, Resource old,
                                           ResourceRequest request) {
  auto provisioned =
      co_await provision_resource(as_lambda(service), context, old.physical_id, request.properties);
  if (!provisioned) co_return std::move(provisioned.error());
  co_return old;
}

awaitable<Result<Done>> remove_version(Service& service, Context& context, Resource resource) {
  co_return unless_gone(
      delete_function(as_lambda(service), context, parse_name(context.scope, resource.physical_id)));
}

awaitable<Result<Resource>> create_permission(Service& service, Context& context, ResourceRequest request) {
  Json form = request.properties;
  const auto id = short_name(request.suggested_name, kLongestStatement);
  form["StatementId"] = id;
  if (form.contains("SourceAccount")) to_text(form["SourceAccount"]);
  auto in = wire::decode(wire::Tag<AddPermissionInput>{}, form, "");
  const auto function = in.FunctionName;
  auto added = add_permission(as_lambda(service), context, std::move(in));
  if (!added) co_return std::move(added.error());
  // The function is kept for the removal; a template can only ask for Id.
  co_return Resource{id, {{"Id", id}, {"FunctionName", function}}};
}

awaitable<Result<Done>> remove_permission_of(Service& service, Context& context, Resource resource) {
  RemovePermissionInput in{
      resource.attributes.at("FunctionName").get<std::string>(), resource.physical_id, {}, {}};
  co_return unless_gone(remove_permission(as_lambda(service), context, std::move(in)));
}

// Every property of these types replaces the resource, so an update finds nothing to do.
awaitable<Result<Resource>> unchanged(Service&, Context&, Resource old, ResourceRequest) { co_return old; }

constexpr std::string_view kFunction[] = {"Code",
                                          "CapacityProviderConfig",
                                          "DeadLetterConfig",
                                          "CodeSigningConfigArn",
                                          "Description",
                                          "Environment",
                                          "FileSystemConfigs",
                                          "FunctionName",
                                          "Handler",
                                          "ImageConfig",
                                          "Layers",
                                          "LoggingConfig",
                                          "MemorySize",
                                          "PackageType",
                                          "ReservedConcurrentExecutions",
                                          "Role",
                                          "Runtime",
                                          "Tags",
                                          "Timeout",
                                          "TracingConfig",
                                          "EphemeralStorage",
                                          "RecursiveLoop",
                                          "RuntimeManagementConfig",
                                          "SnapStart",
                                          "TenancyConfig"};
constexpr std::string_view kFunctionWithoutEffect[] = {"Architectures", "KmsKeyArn", "VpcConfig"};
constexpr std::string_view kFunctionCreateOnly[] = {"FunctionName", "PackageType", "TenancyConfig"};
constexpr std::string_view kVersion[] = {"FunctionName", "Description", "CodeSha256",
                                         "ProvisionedConcurrencyConfig"};
constexpr std::string_view kVersionCreateOnly[] = {"FunctionName", "Description", "CodeSha256"};
constexpr std::string_view kPermission[] = {"Action",
                                            "EventSourceToken",
                                            "FunctionName",
                                            "FunctionUrlAuthType",
                                            "InvokedViaFunctionUrl",
                                            "Principal",
                                            "PrincipalOrgID",
                                            "SourceAccount",
                                            "SourceArn"};

constexpr ResourceType kTypes[] = {
    {"AWS::Lambda::Function", kFunction, kFunctionWithoutEffect, kFunctionCreateOnly, create_function,
     update_function, remove_function},
    {"AWS::Lambda::Version",
     kVersion,
     {},
     kVersionCreateOnly,
     create_version,
     update_version,
     remove_version},
    {"AWS::Lambda::Permission",
     kPermission,
     {},
     kPermission,
     create_permission,
     unchanged,
     remove_permission_of},
};
}  // namespace

std::span<const ResourceType> resource_types() { return kTypes; }
}  // namespace emu::lambda
