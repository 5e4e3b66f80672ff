#include "emulator/services/lambda/settings.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "emulator/base/arn.hpp"
#include "emulator/services/lambda/errors.hpp"

namespace emu::lambda {
namespace {
constexpr std::size_t kLongestHandler = 128, kLongestDescription = 256;
constexpr std::size_t kEnvironmentBytes = 4096;
constexpr int kLongestTimeout = 900, kLeastMemory = 128;
constexpr int kLeastStorage = 512, kMostStorage = 10240;

constexpr std::array<std::string_view, 12> kHosted{
    "nodejs18.x", "nodejs20.x", "nodejs22.x", "nodejs24.x", "python3.9",    "python3.10",
    "python3.11", "python3.12", "python3.13", "python3.14", "provided.al2", "provided.al2023"};
// What AWS takes for new functions, as its error lists it (spec-lambda E.4: nodejs20.x first, java8.al2
// last).
constexpr std::array<std::string_view, 27> kCreatable{
    "nodejs20.x", "python3.14", "provided.al2023", "python3.12",   "python3.13", "nodejs24.x", "java17",
    "nodejs22.x", "nodejs16.x", "java25",          "dotnet10",     "python3.10", "java11",     "python3.11",
    "dotnet6",    "java21",     "nodejs18.x",      "provided.al2", "dotnet8",    "python3.8",  "python3.9",
    "ruby3.2",    "ruby3.3",    "ruby3.4",         "ruby4.0",      "dotnet9",    "java8.al2"};
constexpr std::array<std::string_view, 17> kDeprecated{
    "nodejs",        "nodejs4.3",     "nodejs6.10", "nodejs8.10", "nodejs10.x",    "nodejs12.x",
    "nodejs14.x",    "python2.7",     "python3.6",  "python3.7",  "dotnetcore1.0", "dotnetcore2.0",
    "dotnetcore2.1", "dotnetcore3.1", "go1.x",      "ruby2.5",    "ruby2.7"};
constexpr std::array<std::string_view, 21> kReservedVariables{"_HANDLER",
                                                              "_X_AMZN_TRACE_ID",
                                                              "AWS_DEFAULT_REGION",
                                                              "AWS_REGION",
                                                              "AWS_EXECUTION_ENV",
                                                              "AWS_LAMBDA_FUNCTION_NAME",
                                                              "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                                                              "AWS_LAMBDA_FUNCTION_VERSION",
                                                              "AWS_LAMBDA_INITIALIZATION_TYPE",
                                                              "AWS_LAMBDA_LOG_GROUP_NAME",
                                                              "AWS_LAMBDA_LOG_STREAM_NAME",
                                                              "AWS_ACCESS_KEY",
                                                              "AWS_ACCESS_KEY_ID",
                                                              "AWS_SECRET_ACCESS_KEY",
                                                              "AWS_SESSION_TOKEN",
                                                              "AWS_LAMBDA_RUNTIME_API",
                                                              "LAMBDA_TASK_ROOT",
                                                              "LAMBDA_RUNTIME_DIR",
                                                              "AWS_LAMBDA_MAX_CONCURRENCY",
                                                              "AWS_LAMBDA_METADATA_API",
                                                              "AWS_LAMBDA_METADATA_TOKEN"};

bool alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_role(std::string_view text) {
  const auto arn = Arn::parse(text);
  return arn && arn->service == "iam" && arn->region.empty() && arn->account.size() == 12 &&
         std::ranges::all_of(arn->account, [](char c) { return c >= '0' && c <= '9'; }) &&
         arn->resource.starts_with("role") && arn->resource.size() > 5 &&
         std::ranges::all_of(arn->resource, [](char c) {
           return alphanumeric(c) || std::string_view("_+=,.@-/").contains(c);
         });
}

// "arn:…:service:…" of any kind, or empty
bool is_arn_or_empty(std::string_view text) { return text.empty() || Arn::parse(text).has_value(); }

bool is_variable_name(std::string_view text) {
  return text.size() >= 2 && alphanumeric(text[0]) && !(text[0] >= '0' && text[0] <= '9') &&
         std::ranges::all_of(text, [](char c) { return alphanumeric(c) || c == '_'; });
}

void check_logging(Violations& out, const LoggingConfig& logging) {
  one_of(out, logging.LogFormat, "loggingConfig.logFormat", {"JSON", "Text"});
  one_of(out, logging.ApplicationLogLevel, "loggingConfig.applicationLogLevel",
         {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"});
  one_of(out, logging.SystemLogLevel, "loggingConfig.systemLogLevel", {"DEBUG", "INFO", "WARN"});
  const auto& group = logging.LogGroup;
  if (group && (group->empty() || !std::ranges::all_of(*group, [](char c) {
                  return alphanumeric(c) || std::string_view("._-/#").contains(c);
                })))
    out.pattern(*group, "loggingConfig.logGroup", R"([\.\-_/#A-Za-z0-9]+)");
  if (group) out.longest(*group, "loggingConfig.logGroup", 512);
}

void check_environment(const std::map<std::string, std::string>& variables) {
  std::vector<std::string_view> reserved;
  for (const auto& [name, value] : variables) {
    if (std::ranges::find(kReservedVariables, name) != kReservedVariables.end()) reserved.push_back(name);
    if (!is_variable_name(name) && !name.starts_with('_'))
      throw AwsError::validation(
          "1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: Map "
          "keys must satisfy constraint: [Member must satisfy regular expression pattern: "
          "[a-zA-Z]([a-zA-Z0-9_])+]");
  }
  if (!reserved.empty())
    throw invalid_parameter(fmt::format(
        "Lambda was unable to configure your environment variables because the environment variables you "
        "have provided contains reserved keys that are currently not supported for modification. Reserved "
        "keys used in this request: {}",
        fmt::join(reserved, ", ")));
  const auto measured = json_text(Json(variables));
  if (measured.size() > kEnvironmentBytes)
    throw invalid_parameter(
        fmt::format("Lambda was unable to configure your environment variables because the environment "
                    "variables you have provided exceeded the 4KB limit. String measured: {}",
                    measured));
}

// Members whose feature does not exist here: refused, so that nobody believes in them.
void refuse_absent_features(const SettingsChange& change) {
  if (change.FileSystemConfigs && !change.FileSystemConfigs->empty())
    throw invalid_parameter("emu does not mount file systems: remove FileSystemConfigs.");
  if (change.ImageConfig && !change.ImageConfig->empty())
    throw invalid_parameter(
        "Please don't provide ImageConfig when creating a function with packageType Zip.");
}
}  // namespace

void one_of(Violations& out, const std::optional<std::string>& value, std::string_view path, Names names) {
  if (value && std::ranges::find(names, *value) == names.end())
    out.add(*value, path, fmt::format("Member must satisfy enum value set: [{}]", fmt::join(names, ", ")));
}

void validate_runtime(std::string_view runtime) {
  if (std::ranges::find(kHosted, runtime) != kHosted.end()) return;
  if (std::ranges::find(kDeprecated, runtime) != kDeprecated.end())
    throw invalid_parameter(fmt::format(
        "The runtime parameter of {} is no longer supported for creating or updating AWS Lambda "
        "functions. We recommend you use a supported runtime while creating or updating functions.",
        runtime));
  if (std::ranges::find(kCreatable, runtime) != kCreatable.end())
    throw invalid_parameter(
        fmt::format("emu cannot host the runtime {}. It hosts {}.", runtime, fmt::join(kHosted, ", ")));
  throw invalid_parameter(
      fmt::format("Value {} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: "
                  "[{}] or be a valid ARN",
                  runtime, fmt::join(kCreatable, ", ")));
}

void validate_architectures(const std::optional<std::vector<std::string>>& architectures, std::size_t most,
                            std::string_view path) {
  if (!architectures) return;
  const auto shown = fmt::format("[{}]", fmt::join(*architectures, ", "));
  Violations out;
  if (architectures->empty()) out.add(shown, path, "Member must have length greater than or equal to 1");
  if (architectures->size() > most)
    out.add(shown, path, fmt::format("Member must have length less than or equal to {}", most));
  if (std::ranges::any_of(*architectures, [](auto& a) { return a != "x86_64" && a != "arm64"; }))
    out.add(shown, path,
            "Member must satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64], Member "
            "must not be null]");
  out.raise();
}

void validate_description(const std::optional<std::string>& description) {
  Violations out;
  if (description) out.longest(*description, "description", kLongestDescription);
  out.raise();
}

void validate(const SettingsChange& change, int most_memory) {
  Violations out;
  if (change.Role && !is_role(*change.Role))
    out.pattern(*change.Role, "role", R"(arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+)");
  if (change.Handler) {
    const bool spaced = std::ranges::any_of(*change.Handler, [](unsigned char c) { return std::isspace(c); });
    if (spaced || change.Handler->empty()) out.pattern(*change.Handler, "handler", R"([^\s]+)");
    out.longest(*change.Handler, "handler", kLongestHandler);
  }
  if (change.Timeout) out.range(*change.Timeout, "timeout", 1, kLongestTimeout);
  if (change.MemorySize)
    out.range(*change.MemorySize, "memorySize", kLeastMemory,
              change.CapacityProviderConfig ? kMostManagedMemory : most_memory);
  if (change.CapacityProviderConfig)
    check_capacity_provider(out, change.CapacityProviderConfig->LambdaManagedInstancesCapacityProviderConfig);
  if (change.EphemeralStorage)
    out.range(change.EphemeralStorage->Size, "ephemeralStorage.size", kLeastStorage, kMostStorage);
  if (change.TracingConfig)
    one_of(out, change.TracingConfig->Mode, "tracingConfig.mode", {"Active", "PassThrough"});
  if (change.SnapStart)
    one_of(out, change.SnapStart->ApplyOn, "snapStart.applyOn", {"PublishedVersions", "None"});
  constexpr std::string_view kArnPattern = R"((arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|())";
  if (change.KMSKeyArn && !is_arn_or_empty(*change.KMSKeyArn))
    out.pattern(*change.KMSKeyArn, "kMSKeyArn", kArnPattern);
  if (change.DeadLetterConfig && !is_arn_or_empty(change.DeadLetterConfig->TargetArn.value_or("")))
    out.pattern(*change.DeadLetterConfig->TargetArn, "deadLetterConfig.targetArn", kArnPattern);
  if (change.LoggingConfig) check_logging(out, *change.LoggingConfig);
  out.raise();
  validate_description(change.Description);
  if (change.Runtime) validate_runtime(*change.Runtime);
  if (change.Environment && change.Environment->Variables) check_environment(*change.Environment->Variables);
  refuse_absent_features(change);
}

void apply(SettingsChange change, Settings& settings) {
  const auto take = [](auto& from, auto& into) {
    if (from) into = std::move(*from);
  };
  take(change.Runtime, settings.runtime);
  take(change.Role, settings.role);
  take(change.Handler, settings.handler);
  take(change.Description, settings.description);
  take(change.KMSKeyArn, settings.kms_key_arn);
  take(change.Timeout, settings.timeout_s);
  take(change.MemorySize, settings.memory_mb);
  if (change.VpcConfig) {  // without subnets: no longer in a VPC
    const bool subnets = change.VpcConfig->contains("SubnetIds") && !(*change.VpcConfig)["SubnetIds"].empty();
    settings.vpc_config = subnets ? std::move(change.VpcConfig) : std::nullopt;
  }
  if (change.Environment) settings.environment = std::move(change.Environment->Variables);
  if (change.layer_uses)
    settings.layers = change.layer_uses->empty() ? std::nullopt : std::move(change.layer_uses);
  if (change.EphemeralStorage) settings.ephemeral_storage_mb = change.EphemeralStorage->Size;
  if (change.TracingConfig) take(change.TracingConfig->Mode, settings.tracing);
  if (change.SnapStart) take(change.SnapStart->ApplyOn, settings.snap_start);
  if (change.LoggingConfig) settings.logging = std::move(*change.LoggingConfig);
  if (change.CapacityProviderConfig)
    settings.managed_instances =
        std::move(change.CapacityProviderConfig->LambdaManagedInstancesCapacityProviderConfig);
  if (change.DeadLetterConfig) settings.dead_letter_arn = change.DeadLetterConfig->TargetArn.value_or("");
}
}  // namespace emu::lambda
