// FunctionConfiguration, the answer of half the operations: built from what is stored (spec-lambda E.2).
#pragma once
#include "emulator/services/lambda/registry.hpp"
#include "emulator/services/lambda/settings.hpp"
#include "runtime-api/function.hpp"

namespace emu::lambda {
struct FunctionConfiguration {
  std::string FunctionName, FunctionArn, Runtime, Role, Handler;
  std::int64_t CodeSize = 0;
  std::string Description;
  int Timeout = 0, MemorySize = 0;
  std::string LastModified, CodeSha256, Version, RevisionId, PackageType;
  std::optional<Json> VpcConfig, DeadLetterConfig, Environment, RuntimeVersionConfig, Layers, TenancyConfig;
  std::optional<Json> CapacityProviderConfig;
  std::optional<std::string> KMSKeyArn;
  Json TracingConfig, EphemeralStorage, SnapStart, LoggingConfig;
  std::vector<std::string> Architectures;
  std::optional<std::string> State, StateReason, StateReasonCode;
  std::optional<std::string> LastUpdateStatus, LastUpdateStatusReason, LastUpdateStatusReasonCode;
};
BOOST_DESCRIBE_STRUCT(FunctionConfiguration, (),
                      (FunctionName, FunctionArn, Runtime, Role, Handler, CodeSize, Description, Timeout,
                       MemorySize, LastModified, CodeSha256, Version, RevisionId, PackageType, VpcConfig,
                       DeadLetterConfig, Environment, RuntimeVersionConfig, Layers, TenancyConfig,
                       CapacityProviderConfig, KMSKeyArn, TracingConfig, EphemeralStorage, SnapStart,
                       LoggingConfig, Architectures, State, StateReason, StateReasonCode, LastUpdateStatus,
                       LastUpdateStatusReason, LastUpdateStatusReasonCode))

// `qualifier` as it shall appear in the ARN; "" leaves the ARN unqualified.
FunctionConfiguration describe(const Scope& scope, std::string_view name, const VersionRecord& record,
                               std::string_view qualifier);
// Lists omit the state of a function.
FunctionConfiguration list_entry(const Scope& scope, std::string_view name, const VersionRecord& record,
                                 std::string_view qualifier);
// What an execution environment is told; all but the task root.
runtime::FunctionSpec spec_of(const Scope& scope, std::string_view name, const VersionRecord& record);
std::string modified_text(Time t);  // "2024-01-01T00:00:00.000+0000"
}  // namespace emu::lambda
