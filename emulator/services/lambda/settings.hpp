// The part of CreateFunction and UpdateFunctionConfiguration that they share: a function's settings, as asked
// for, checked (spec-lambda E.4) and applied. An absent member leaves the setting as it was. Pure.
#pragma once
#include "emulator/services/lambda/code.hpp"
#include "emulator/services/lambda/managed_instances.hpp"

namespace emu::lambda {
struct Environment {
  std::optional<std::map<std::string, std::string>> Variables;
};
BOOST_DESCRIBE_STRUCT(Environment, (), (Variables))
struct EphemeralStorage {
  int Size = 512;
};
BOOST_DESCRIBE_STRUCT(EphemeralStorage, (), (Size))
struct TracingConfig {
  std::optional<std::string> Mode;
};
BOOST_DESCRIBE_STRUCT(TracingConfig, (), (Mode))
struct SnapStart {
  std::optional<std::string> ApplyOn;
};
BOOST_DESCRIBE_STRUCT(SnapStart, (), (ApplyOn))
struct DeadLetterConfig {
  std::optional<std::string> TargetArn;
};
BOOST_DESCRIBE_STRUCT(DeadLetterConfig, (), (TargetArn))

struct TenancyConfig {
  std::string TenantIsolationMode;
};
BOOST_DESCRIBE_STRUCT(TenancyConfig, (), (TenantIsolationMode))

struct SettingsChange {
  std::optional<std::string> Runtime, Role, Handler, Description, KMSKeyArn;
  std::optional<int> Timeout, MemorySize;
  std::optional<lambda::Environment> Environment;
  std::optional<lambda::EphemeralStorage> EphemeralStorage;
  std::optional<lambda::TracingConfig> TracingConfig;
  std::optional<lambda::SnapStart> SnapStart;
  std::optional<lambda::LoggingConfig> LoggingConfig;
  std::optional<lambda::DeadLetterConfig> DeadLetterConfig;
  std::optional<lambda::CapacityProviderConfig> CapacityProviderConfig;
  std::optional<std::vector<std::string>> Layers;
  std::optional<Json> VpcConfig, FileSystemConfigs, ImageConfig;
  std::optional<std::vector<LayerUse>> layer_uses = std::nullopt;  // what Layers names, by use_layers()
  std::vector<CodeClaim> layer_claims = {};  // on their code; to be kept until the function is written
};
template <class In>
SettingsChange settings_change(In& in) {
  return {std::move(in.Runtime),
          std::move(in.Role),
          std::move(in.Handler),
          std::move(in.Description),
          std::move(in.KMSKeyArn),
          in.Timeout,
          in.MemorySize,
          std::move(in.Environment),
          in.EphemeralStorage,
          std::move(in.TracingConfig),
          std::move(in.SnapStart),
          std::move(in.LoggingConfig),
          std::move(in.DeadLetterConfig),
          std::move(in.CapacityProviderConfig),
          std::move(in.Layers),
          std::move(in.VpcConfig),
          std::move(in.FileSystemConfigs),
          std::move(in.ImageConfig),
          std::nullopt,
          {}};
}

using Names = std::initializer_list<std::string_view>;
// A value that is given must be one of these, which the error lists in this order.
void one_of(Violations& out, const std::optional<std::string>& value, std::string_view path, Names names);

inline constexpr int kMostMemory = 10240;  // MB; of functions with a capacity provider kMostManagedMemory
void validate(const SettingsChange& change, int most_memory = kMostMemory);  // throws AwsError
void apply(SettingsChange change, Settings& settings);

void validate_architectures(const std::optional<std::vector<std::string>>& architectures,
                            std::size_t most = 1, std::string_view path = "architectures");
void validate_description(const std::optional<std::string>& description);
// Throws unless emu hosts the runtime: AWS's words for one that AWS does not know or take any more.
void validate_runtime(std::string_view runtime);
}  // namespace emu::lambda
