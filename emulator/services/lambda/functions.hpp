// The control-plane operations that others call as functions too: deployments (resources.cpp) go the same way
// as requests.
#pragma once
#include "emulator/services/lambda/configuration.hpp"
#include "emulator/services/lambda/lambda.hpp"
#include "emulator/services/lambda/source.hpp"

namespace emu::lambda {
struct CreateFunctionInput {
  std::string FunctionName, Role;
  CodeSource Code;
  std::optional<std::string> Runtime, Handler, Description, PackageType, KMSKeyArn, CodeSigningConfigArn;
  std::optional<int> Timeout, MemorySize;
  std::optional<bool> Publish;
  std::optional<lambda::Environment> Environment;
  std::optional<lambda::EphemeralStorage> EphemeralStorage;
  std::optional<lambda::TracingConfig> TracingConfig;
  std::optional<lambda::SnapStart> SnapStart;
  std::optional<lambda::LoggingConfig> LoggingConfig;
  std::optional<lambda::DeadLetterConfig> DeadLetterConfig;
  std::optional<std::map<std::string, std::string>> Tags;
  std::optional<std::vector<std::string>> Layers, Architectures;
  std::optional<Json> VpcConfig, FileSystemConfigs, ImageConfig;
  std::optional<lambda::TenancyConfig> TenancyConfig;
  std::optional<lambda::CapacityProviderConfig> CapacityProviderConfig;
  std::optional<Json> DurableConfig, PublishTo;  // refused
};
BOOST_DESCRIBE_STRUCT(CreateFunctionInput, (),
                      (FunctionName, Role, Code, Runtime, Handler, Description, PackageType, KMSKeyArn,
                       CodeSigningConfigArn, Timeout, MemorySize, Publish, Environment, EphemeralStorage,
                       TracingConfig, SnapStart, LoggingConfig, DeadLetterConfig, Tags, Layers, Architectures,
                       VpcConfig, FileSystemConfigs, ImageConfig, TenancyConfig, CapacityProviderConfig,
                       DurableConfig, PublishTo))

struct UpdateFunctionCodeInput {
  std::string FunctionName;
  std::optional<wire::Blob> ZipFile;
  std::optional<std::string> S3Bucket, S3Key, S3ObjectVersion, ImageUri, RevisionId, SourceKMSKeyArn;
  std::optional<bool> Publish, DryRun;
  std::optional<std::vector<std::string>> Architectures;
  std::optional<Json> PublishTo;
};
BOOST_DESCRIBE_STRUCT(UpdateFunctionCodeInput, (),
                      (FunctionName, ZipFile, S3Bucket, S3Key, S3ObjectVersion, ImageUri, RevisionId,
                       SourceKMSKeyArn, Publish, DryRun, Architectures, PublishTo))

struct UpdateFunctionConfigurationInput {
  std::string FunctionName;
  std::optional<std::string> Role, Runtime, Handler, Description, KMSKeyArn, RevisionId;
  std::optional<int> Timeout, MemorySize;
  std::optional<lambda::Environment> Environment;
  std::optional<lambda::EphemeralStorage> EphemeralStorage;
  std::optional<lambda::TracingConfig> TracingConfig;
  std::optional<lambda::SnapStart> SnapStart;
  std::optional<lambda::LoggingConfig> LoggingConfig;
  std::optional<lambda::DeadLetterConfig> DeadLetterConfig;
  std::optional<std::vector<std::string>> Layers;
  std::optional<lambda::CapacityProviderConfig> CapacityProviderConfig;
  std::optional<Json> VpcConfig, FileSystemConfigs, ImageConfig, DurableConfig;
};
BOOST_DESCRIBE_STRUCT(UpdateFunctionConfigurationInput, (),
                      (FunctionName, Role, Runtime, Handler, Description, KMSKeyArn, RevisionId, Timeout,
                       MemorySize, Environment, EphemeralStorage, TracingConfig, SnapStart, LoggingConfig,
                       DeadLetterConfig, Layers, VpcConfig, FileSystemConfigs, ImageConfig,
                       CapacityProviderConfig, DurableConfig))

struct PublishVersionInput {
  std::string FunctionName;
  std::optional<std::string> CodeSha256, Description, RevisionId;
  std::optional<Json> PublishTo;
};
BOOST_DESCRIBE_STRUCT(PublishVersionInput, (), (FunctionName, CodeSha256, Description, RevisionId, PublishTo))

// What was written and what is to be settled for it: Lambda::settle(scope, name, location).
struct Changed {
  FunctionConfiguration configuration;
  std::string name;
  CodeLocation location;
};
awaitable<Result<Changed>> create(Lambda& lambda, Context& context, CreateFunctionInput in);
awaitable<Result<Changed>> update_code(Lambda& lambda, Context& context, UpdateFunctionCodeInput in);
Result<Changed> update_configuration(Lambda& lambda, Context& context, const FunctionName& name,
                                     SettingsChange change, const std::optional<std::string>& revision);
Result<FunctionConfiguration> publish_version(Lambda& lambda, Context& context, PublishVersionInput in);
Result<Empty> delete_function(Lambda& lambda, Context& context, const FunctionName& name);
std::vector<VersionPtr> in_order(const Function& function);  // $LATEST, 1, 2, …

// Throws if a feature that emu does not have is asked for.
void refuse(const std::optional<Json>& member, std::string_view name);
}  // namespace emu::lambda
