#include "runtime-api/environment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "emulator/base/arn.hpp"
#include "runtime-api/interpreters.hpp"
#include "runtime-api/sweep.hpp"

namespace emu::runtime {
namespace {
using Variables = std::map<std::string, std::string>;

Variables defaults(const FunctionSpec& spec, const Surroundings& around) {
  const auto root = spec.task_root.string();
  const auto opt = around.opt.empty() ? std::string("/opt") : around.opt;
  Variables v{
      {"PATH", fmt::format("/usr/local/bin:/usr/bin/:/bin:{}/bin", opt)},
      {"LANG", "en_US.UTF-8"},
      {"TZ", spec.managed_instances() ? ":/etc/localtime" : ":UTC"},
      {"LD_LIBRARY_PATH", fmt::format("/lib64:/usr/lib64:{0}:{0}/lib:{1}/lib", root, opt)},
      {"AWS_XRAY_CONTEXT_MISSING", "LOG_ERROR"},
      {"AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1:2000"},
      {"_AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1"},
      {"_AWS_XRAY_DAEMON_PORT", "2000"},
      {"AWS_ENDPOINT_URL", around.endpoint_url},
      {"HOME", around.tmp},
      {"TMPDIR", around.tmp},
      {"PWD", root},
  };
  if (!around.interpreter_dir.empty()) {
    v["PATH"] = fmt::format("{}:{}", around.interpreter_dir, v["PATH"]);
    v["SHLVL"] = "0";
  }
  if (family(spec.runtime) == Family::node) {
    // On AWS the SDK's folder precedes the code's; behind it, a version that the function brings always wins.
    v["NODE_PATH"] = fmt::format("{0}/node_modules:{0}", root);
    if (!around.opt.empty()) {
      const auto version = spec.runtime.substr(0, spec.runtime.find('.')).substr(6);  // "nodejs20.x" -> "20"
      v["NODE_PATH"] = fmt::format("{0}/nodejs/node{1}/node_modules:{0}/nodejs/node_modules:{2}", opt,
                                   version, v["NODE_PATH"]);
    }
    if (!around.node_modules.empty()) {
      v["NODE_PATH"] += ":" + around.node_modules;
      // Ours is newer than the SDK of AWS's older runtimes, and would greet them with an ERROR in the log.
      v["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
    }
  }
  if (family(spec.runtime) == Family::python) {
    v["PYTHONPATH"] = around.runtime_dir + "/python";
    v["LC_CTYPE"] = "C.UTF-8";
    if (!around.opt.empty()) v["LAMBDA_OPT_DIR"] = around.opt;
  }
  return v;
}

Variables reserved(const FunctionSpec& spec, const Surroundings& around) {
  const auto own = credentials_of(spec);
  Variables v{
      {"AWS_ACCESS_KEY_ID", own.access_key},
      {"AWS_SECRET_ACCESS_KEY", own.secret_key},
      {"AWS_SESSION_TOKEN", own.token},
      {"_HANDLER", spec.handler},
      {"AWS_REGION", spec.region},
      {"AWS_DEFAULT_REGION", spec.region},
      {"AWS_LAMBDA_FUNCTION_NAME", spec.name},
      {"AWS_LAMBDA_FUNCTION_VERSION", spec.version},
      {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", fmt::to_string(spec.memory_mb)},
      {"AWS_LAMBDA_INITIALIZATION_TYPE", spec.initialization_type},
      {"AWS_LAMBDA_LOG_GROUP_NAME", spec.log_group.empty() ? "/aws/lambda/" + spec.name : spec.log_group},
      {"AWS_LAMBDA_LOG_STREAM_NAME", around.log_stream},
      {"AWS_LAMBDA_RUNTIME_API", around.runtime_api},
      {"LAMBDA_TASK_ROOT", spec.task_root.string()},
      {"LAMBDA_RUNTIME_DIR", around.runtime_dir},
  };
  if (spec.managed_instances()) v["AWS_LAMBDA_MAX_CONCURRENCY"] = fmt::to_string(spec.max_concurrency);
  if (spec.initialization_type == "snap-start") {
    for (const auto* name : {"AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_ACCESS_KEY_ID",
                             "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"})
      v.erase(name);
    v["AWS_CONTAINER_CREDENTIALS_FULL_URI"] =
        fmt::format("http://{}/2021-04-23/credentials", around.runtime_api);
    v["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = around.credentials_token;
  }
  if (family(spec.runtime) != Family::provided) v["AWS_EXECUTION_ENV"] = "AWS_Lambda_" + spec.runtime;
  if (around.framed_log >= 0) v["_LAMBDA_TELEMETRY_LOG_FD"] = fmt::to_string(around.framed_log);
  if (spec.log_format == "JSON") {
    v["AWS_LAMBDA_LOG_FORMAT"] = "JSON";
    v["AWS_LAMBDA_LOG_LEVEL"] = spec.log_level.empty() ? "INFO" : spec.log_level;
  }
  return v;
}
}  // namespace

// The daemon reads the account off the access key (as its clients choose theirs), so a function stays in its
// own.
Credentials credentials_of(const FunctionSpec& spec) {
  const bool own_account = !spec.account.empty() && spec.account != kDefaultAccount;
  return {own_account ? spec.account : "ASIAEMULATEDFUNCTION", "emulated-secret-access-key",
          "emulated-session-token"};
}

std::vector<std::string> extension_environment(const std::vector<std::string>& process) {
  static constexpr std::array<std::string_view, 7> kHidden{
      "AWS_EXECUTION_ENV",        "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME",
      "AWS_XRAY_CONTEXT_MISSING", "AWS_XRAY_DAEMON_ADDRESS",   "LAMBDA_RUNTIME_DIR",
      "LAMBDA_TASK_ROOT"};
  std::vector<std::string> out;
  for (const auto& variable : process) {
    const auto name = std::string_view(variable).substr(0, variable.find('='));
    const bool marks = name.starts_with("_EMU_");  // by which the sweep finds it
    if (!marks && (name.starts_with('_') || std::ranges::find(kHidden, name) != kHidden.end())) continue;
    out.push_back(variable);
  }
  return out;
}

std::vector<std::string> process_environment(const FunctionSpec& spec, const Surroundings& around) {
  auto all = reserved(spec, around);
  all.insert(spec.environment.begin(), spec.environment.end());  // insert keeps what is there
  all.merge(defaults(spec, around));
  std::vector<std::string> out{fmt::format("{}{}", kDaemonMark, around.mark),
                               fmt::format("{}{}", kEnvironmentMark, around.environment_mark)};
  for (const auto& [name, value] : all) out.push_back(fmt::format("{}={}", name, value));
  return out;
}
}  // namespace emu::runtime
