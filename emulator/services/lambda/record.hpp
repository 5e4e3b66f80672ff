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
};
BOOST_DESCRIBE_STRUCT(Settings, (),
                      (runtime, role, handler, description, timeout_s, memory_mb, ephemeral_storage_mb,
                       environment, tracing, snap_start, logging, kms_key_arn, vpc_config, dead_letter_arn))

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

struct FunctionRecord {
  int last_version = 0;  // never reused, even after DeleteFunction of that version
  std::optional<int> reserved_concurrency;
  std::map<std::string, std::string> tags;
  std::map<std::string, Policy> policies;     // by qualifier; "" is the function itself
  std::optional<std::string> recursive_loop;  // "Allow", or else "Terminate"
  std::optional<std::map<std::string, EventInvokeConfig>> event_invokes;  // by qualifier, "$LATEST" too
};
BOOST_DESCRIBE_STRUCT(FunctionRecord, (),
                      (last_version, reserved_concurrency, tags, policies, recursive_loop, event_invokes))

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
