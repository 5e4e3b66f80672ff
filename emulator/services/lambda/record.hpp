// What Lambda keeps on disk (Space::functions): one row per function version, under "{name}:{version}"; what
// belongs to the function as a whole is a part of its $LATEST row, so that creating one is a single row.
// On disk under these member names: add optional members, never rename.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "emulator/wire/json.hpp"

namespace emu::lambda {
struct StoredCode {
  std::string task_root;  // of a hot directory; zips are found by their digest
  std::string sha256_base64;
  std::int64_t size_bytes = 0;
  bool hot = false;
  bool operator==(const StoredCode&) const = default;
};
BOOST_DESCRIBE_STRUCT(StoredCode, (), (task_root, sha256_base64, size_bytes, hot))

struct LoggingConfig {
  std::optional<std::string> LogFormat, ApplicationLogLevel, SystemLogLevel, LogGroup;
};
BOOST_DESCRIBE_STRUCT(LoggingConfig, (), (LogFormat, ApplicationLogLevel, SystemLogLevel, LogGroup))

// A layer version as a function uses it, kept whole: a function goes on when the layer version is deleted.
struct LayerUse {
  std::string Arn;
  std::int64_t CodeSize = 0;
  std::string sha256_base64;
  std::optional<std::string> directory;  // of a layer used in place
};
BOOST_DESCRIBE_STRUCT(LayerUse, (), (Arn, CodeSize, sha256_base64, directory))

// Environments for several invocations at a time (spec-lambda A.7), as the API spells it.
struct ManagedInstances {
  std::string CapacityProviderArn;
  std::optional<int> PerExecutionEnvironmentMaxConcurrency;
  std::optional<double> ExecutionEnvironmentMemoryGiBPerVCpu;
};
BOOST_DESCRIBE_STRUCT(ManagedInstances, (),
                      (CapacityProviderArn, PerExecutionEnvironmentMaxConcurrency,
                       ExecutionEnvironmentMemoryGiBPerVCpu))

// What UpdateFunctionConfiguration may change.
struct Settings {
  std::string runtime, role, handler, description;
  int timeout_s = 3;
  int memory_mb = 128;
  int ephemeral_storage_mb = 512;
  std::optional<std::map<std::string, std::string>> environment;
  std::string tracing = "PassThrough";
  std::string snap_start = "None";
  LoggingConfig logging;
  std::string kms_key_arn;
  std::optional<Json> vpc_config;  // echoed; functions run on this machine's network
  std::string dead_letter_arn;
  std::optional<std::vector<LayerUse>> layers;  // none, or some
  std::optional<std::string> tenancy;           // "PER_TENANT"; for good
  std::optional<ManagedInstances> managed_instances;
};
BOOST_DESCRIBE_STRUCT(Settings, (),
                      (runtime, role, handler, description, timeout_s, memory_mb, ephemeral_storage_mb,
                       environment, tracing, snap_start, logging, kms_key_arn, vpc_config, dead_letter_arn,
                       layers, tenancy, managed_instances))

struct Policy {
  std::string revision_id;
  std::vector<Json> statements;
};
BOOST_DESCRIBE_STRUCT(Policy, (), (revision_id, statements))

// How asynchronous invocations of one qualifier are treated (spec-lambda F.3); empty ARNs: no destination.
struct EventInvokeConfig {
  std::int64_t modified_us = 0;
  std::optional<int> retries, oldest_s;
  std::string on_success, on_failure;
};
BOOST_DESCRIBE_STRUCT(EventInvokeConfig, (), (modified_us, retries, oldest_s, on_success, on_failure))

struct AliasRecord {
  std::string version, description, revision_id;
  std::map<std::string, double> weights;  // of other versions; the rest is version's
};
BOOST_DESCRIBE_STRUCT(AliasRecord, (), (version, description, revision_id, weights))

struct ProvisionedRecord {
  int environments = 0;
  std::string last_modified;
};
BOOST_DESCRIBE_STRUCT(ProvisionedRecord, (), (environments, last_modified))

struct UrlCors {
  std::optional<bool> AllowCredentials;
  std::optional<std::vector<std::string>> AllowHeaders, AllowMethods, AllowOrigins, ExposeHeaders;
  std::optional<int> MaxAge;
};
BOOST_DESCRIBE_STRUCT(UrlCors, (),
                      (AllowCredentials, AllowHeaders, AllowMethods, AllowOrigins, ExposeHeaders, MaxAge))
struct UrlRecord {
  std::string id, auth_type, created, modified;
  std::optional<std::string> invoke_mode;  // as it was given
  std::optional<UrlCors> cors;
};
BOOST_DESCRIBE_STRUCT(UrlRecord, (), (id, auth_type, created, modified, invoke_mode, cors))

struct RuntimeManagement {
  std::string update_on, runtime_version_arn;
};
BOOST_DESCRIBE_STRUCT(RuntimeManagement, (), (update_on, runtime_version_arn))

struct FunctionRecord {
  int last_version = 0;  // never reused, even after DeleteFunction of that version
  std::optional<int> reserved_concurrency;
  std::map<std::string, std::string> tags;
  std::map<std::string, Policy> policies;  // by qualifier; "" is the function itself
  std::optional<std::map<std::string, AliasRecord>> aliases;
  std::optional<std::map<std::string, ProvisionedRecord>> provisioned;  // by version or alias
  std::optional<std::map<std::string, UrlRecord>> urls;                 // by alias; "" is the function itself
  std::optional<std::map<std::string, RuntimeManagement>> runtime_management;  // by version
  std::optional<std::string> recursive_loop;                                   // "Allow", or else "Terminate"
  std::optional<std::map<std::string, EventInvokeConfig>> event_invokes;       // by qualifier, "$LATEST" too

  const AliasRecord* alias(const std::string& name) const {
    if (!aliases) return nullptr;
    const auto at = aliases->find(name);
    return at == aliases->end() ? nullptr : &at->second;
  }
  // What belongs to a version or alias goes with it.
  void forget_qualifier(const std::string& qualifier) {
    policies.erase(qualifier);
    const auto erase = [&](auto& map) {
      if (map) map->erase(qualifier);
    };
    erase(provisioned);
    erase(urls);
    erase(runtime_management);
    erase(event_invokes);
  }
};
BOOST_DESCRIBE_STRUCT(FunctionRecord, (),
                      (last_version, reserved_concurrency, tags, policies, aliases, provisioned, urls,
                       runtime_management, recursive_loop, event_invokes))

struct VersionRecord {
  std::string version;
  std::vector<std::string> architectures;
  Settings settings;
  StoredCode code;
  std::string revision_id, last_modified;
  std::string state = "Pending";                  // "Active"
  std::optional<std::string> last_update_status;  // "InProgress", "Successful"; none until first active
  std::optional<FunctionRecord> function;         // of $LATEST only
};
BOOST_DESCRIBE_STRUCT(VersionRecord, (),
                      (version, architectures, settings, code, revision_id, last_modified, state,
                       last_update_status, function))
}  // namespace emu::lambda
