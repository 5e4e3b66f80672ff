#include "emulator/services/lambda/configuration.hpp"
#include "emulator/base/digest.hpp"

namespace emu::lambda {
namespace {
constexpr std::string_view kCreating = "The function is being created.";  // of updates too, as recorded

Json logging_of(std::string_view name, const Settings& settings) {
  const auto& logging = settings.logging;
  Json out{{"LogFormat", logging.LogFormat.value_or("Text")},
           {"LogGroup", logging.LogGroup.value_or(fmt::format("/aws/lambda/{}", name))}};
  if (out["LogFormat"] == "JSON") {
    out["ApplicationLogLevel"] = logging.ApplicationLogLevel.value_or("INFO");
    out["SystemLogLevel"] = logging.SystemLogLevel.value_or("INFO");
  }
  return out;
}

void add_state(FunctionConfiguration& out, const VersionRecord& record) {
  out.State = record.state;
  if (record.state == "Pending") {
    out.StateReason = kCreating;
    out.StateReasonCode = "Creating";
  }
  out.LastUpdateStatus = record.last_update_status;
  if (record.last_update_status == "InProgress") {
    out.LastUpdateStatusReason = kCreating;
    out.LastUpdateStatusReasonCode = "Creating";
  }
}
}  // namespace

std::string modified_text(Time t) {
  auto text = iso8601_ms(t);
  text.replace(text.size() - 1, 1, "+0000");
  return text;
}

FunctionConfiguration list_entry(const Scope& scope, std::string_view name, const VersionRecord& record,
                                 std::string_view qualifier) {
  const auto& settings = record.settings;
  FunctionConfiguration out;
  out.FunctionName = name;
  out.FunctionArn = function_arn(scope, name, qualifier);
  out.Runtime = settings.runtime;
  out.Role = settings.role;
  out.Handler = settings.handler;
  out.CodeSize = record.code.size_bytes;
  out.Description = settings.description;
  out.Timeout = settings.timeout_s;
  out.MemorySize = settings.memory_mb;
  out.LastModified = record.last_modified;
  out.CodeSha256 = record.code.sha256_base64;
  out.Version = record.version;
  out.RevisionId = record.revision_id;
  out.PackageType = "Zip";
  if (settings.vpc_config) {
    out.VpcConfig = *settings.vpc_config;
    if (!out.VpcConfig->contains("VpcId")) (*out.VpcConfig)["VpcId"] = "";
  }
  if (!settings.dead_letter_arn.empty()) out.DeadLetterConfig = Json{{"TargetArn", settings.dead_letter_arn}};
  if (settings.environment) out.Environment = Json{{"Variables", *settings.environment}};
  if (settings.layers) {
    out.Layers = Json::array();
    for (const auto& use : *settings.layers)
      out.Layers->push_back({{"Arn", use.Arn}, {"CodeSize", use.CodeSize}});
  }
  if (settings.tenancy) out.TenancyConfig = Json{{"TenantIsolationMode", *settings.tenancy}};
  if (settings.managed_instances)
    out.CapacityProviderConfig = capacity_provider_reply(*settings.managed_instances);
  if (!settings.kms_key_arn.empty()) out.KMSKeyArn = settings.kms_key_arn;
  out.TracingConfig = {{"Mode", settings.tracing}};
  out.EphemeralStorage = {{"Size", settings.ephemeral_storage_mb}};
  const bool snapped = settings.snap_start != "None" && record.version != kLatest;
  out.SnapStart = {{"ApplyOn", settings.snap_start}, {"OptimizationStatus", snapped ? "On" : "Off"}};
  out.LoggingConfig = logging_of(name, settings);
  out.Architectures = record.architectures;
  return out;
}

FunctionConfiguration describe(const Scope& scope, std::string_view name, const VersionRecord& record,
                               std::string_view qualifier) {
  auto out = list_entry(scope, name, record, qualifier);
  out.RuntimeVersionConfig =
      Json{{"RuntimeVersionArn", fmt::format("arn:aws:lambda:{}::runtime:{}", scope.region,
                                             hex(sha256(record.settings.runtime)))}};
  add_state(out, record);
  return out;
}

runtime::FunctionSpec spec_of(const Scope& scope, std::string_view name, const VersionRecord& record) {
  const auto& settings = record.settings;
  const auto logging = logging_of(name, settings);
  runtime::FunctionSpec spec;
  spec.name = name;
  spec.version = record.version;
  spec.arn = function_arn(scope, name);
  spec.account = scope.account;
  spec.region = scope.region;
  spec.runtime = settings.runtime;
  spec.handler = settings.handler;
  if (settings.environment) spec.environment = *settings.environment;
  spec.log_group = logging["LogGroup"].get<std::string>();
  spec.log_format = logging["LogFormat"].get<std::string>();
  spec.log_level = logging.value("ApplicationLogLevel", "");
  spec.timeout = std::chrono::seconds(settings.timeout_s);
  spec.memory_mb = settings.memory_mb;
  if (settings.snap_start != "None" && record.version != kLatest) spec.initialization_type = "snap-start";
  if (settings.managed_instances) spec.initialization_type = "lambda-managed-instances";
  spec.max_concurrency = max_concurrency(settings);
  spec.per_tenant = settings.tenancy.has_value();
  spec.tmp_mb = settings.ephemeral_storage_mb;
  spec.tracing = settings.tracing;
  spec.system_log_level = logging.value("SystemLogLevel", "");
  spec.code_bytes = record.code.size_bytes;
  if (!record.architectures.empty()) spec.architecture = record.architectures.front();
  return spec;
}
}  // namespace emu::lambda
