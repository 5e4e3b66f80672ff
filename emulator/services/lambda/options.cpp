// Smaller settings of a function: what stops recursive loops, and which runtime version it uses.
#include "emulator/services/lambda/configuration.hpp"
#include "emulator/services/lambda/lambda.hpp"

namespace emu::lambda {
namespace {
struct NameInput {
  std::string FunctionName;
};
BOOST_DESCRIBE_STRUCT(NameInput, (), (FunctionName))
struct PutRecursionInput {
  std::string FunctionName, RecursiveLoop;
};
BOOST_DESCRIBE_STRUCT(PutRecursionInput, (), (FunctionName, RecursiveLoop))
struct RecursionOutput {
  std::string RecursiveLoop;
};
BOOST_DESCRIBE_STRUCT(RecursionOutput, (), (RecursiveLoop))

Result<RecursionOutput> put_recursion(Lambda& lambda, Context& context, PutRecursionInput in) {
  const auto name = parse_unqualified(context.scope, in.FunctionName);
  if (in.RecursiveLoop != "Allow" && in.RecursiveLoop != "Terminate")
    throw violated(in.RecursiveLoop, "recursiveLoop",
                   "Member must satisfy enum value set: [Terminate, Allow]");
  auto changed =
      lambda.registry.change(context.scope, name.name, [&](Function& copy) -> std::optional<AwsError> {
        copy.shared.recursive_loop = in.RecursiveLoop;
        return std::nullopt;
      });
  if (!changed) return std::move(changed.error());
  if (!*changed) return function_not_found(name.unqualified_arn(context.scope));
  return RecursionOutput{std::move(in.RecursiveLoop)};
}

Result<RecursionOutput> get_recursion(Lambda& lambda, Context& context, NameInput in) {
  const auto name = parse_unqualified(context.scope, in.FunctionName);
  auto function = lambda.find(context.scope, {name.name, ""});
  if (!function) return std::move(function.error());
  return RecursionOutput{(*function)->shared.recursive_loop.value_or("Terminate")};
}

struct RuntimeManagementInput {
  std::string FunctionName;
  std::optional<std::string> Qualifier;
};
BOOST_DESCRIBE_STRUCT(RuntimeManagementInput, (), (FunctionName, Qualifier))
struct PutRuntimeManagementInput {
  std::string FunctionName;
  std::optional<std::string> Qualifier;
  std::string UpdateRuntimeOn;
  std::optional<std::string> RuntimeVersionArn;
};
BOOST_DESCRIBE_STRUCT(PutRuntimeManagementInput, (),
                      (FunctionName, Qualifier, UpdateRuntimeOn, RuntimeVersionArn))
struct RuntimeManagementOutput {
  std::string UpdateRuntimeOn, FunctionArn;
  std::optional<std::string> RuntimeVersionArn;
};
BOOST_DESCRIBE_STRUCT(RuntimeManagementOutput, (), (UpdateRuntimeOn, FunctionArn, RuntimeVersionArn))

std::string version_of(const FunctionName& name) {
  return name.qualifier.empty() ? std::string(kLatest) : name.qualifier;
}

Result<RuntimeManagementOutput> put_runtime_management(Lambda& lambda, Context& context,
                                                       PutRuntimeManagementInput in) {
  const auto name = parse_name(context.scope, in.FunctionName, in.Qualifier);
  const bool manual = in.UpdateRuntimeOn == "Manual";
  if (!manual && in.UpdateRuntimeOn != "Auto" && in.UpdateRuntimeOn != "FunctionUpdate")
    throw violated(in.UpdateRuntimeOn, "updateRuntimeOn",
                   "Member must satisfy enum value set: [Auto, Manual, FunctionUpdate]");
  if (manual && !in.RuntimeVersionArn)
    return invalid_parameter("RuntimeVersionArn is required when UpdateRuntimeOn is set to Manual.");
  if (!manual && in.RuntimeVersionArn)
    return invalid_parameter("RuntimeVersionArn is only allowed when UpdateRuntimeOn is set to Manual.");
  const RuntimeManagement record{in.UpdateRuntimeOn, in.RuntimeVersionArn.value_or("")};
  auto changed =
      lambda.registry.change(context.scope, name.name, [&](Function& copy) -> std::optional<AwsError> {
        if (!copy.version(name.qualifier)) return function_not_found(name.arn(context.scope));
        if (!copy.shared.runtime_management) copy.shared.runtime_management.emplace();
        (*copy.shared.runtime_management)[version_of(name)] = record;
        return std::nullopt;
      });
  if (!changed) return std::move(changed.error());
  if (!*changed) return function_not_found(name.arn(context.scope));
  return RuntimeManagementOutput{std::move(in.UpdateRuntimeOn),
                                 function_arn(context.scope, name.name, version_of(name)),
                                 std::move(in.RuntimeVersionArn)};
}

Result<RuntimeManagementOutput> get_runtime_management(Lambda& lambda, Context& context,
                                                       RuntimeManagementInput in) {
  const auto name = parse_name(context.scope, in.FunctionName, in.Qualifier);
  auto found = lambda.find_version(context.scope, name);
  if (!found) return std::move(found.error());
  RuntimeManagementOutput out{"Auto", function_arn(context.scope, name.name, version_of(name)), {}};
  const auto& all = found->function->shared.runtime_management;
  if (!all) return out;
  const auto at = all->find(version_of(name));
  if (at == all->end()) return out;
  out.UpdateRuntimeOn = at->second.update_on;
  if (!at->second.runtime_version_arn.empty()) out.RuntimeVersionArn = at->second.runtime_version_arn;
  return out;
}
}  // namespace

std::span<const Operation> option_operations() {
  static constexpr Operation rows[] = {
      rest<put_recursion>("PutFunctionRecursionConfig",
                          "PUT /2024-08-31/functions/{FunctionName}/recursion-config"),
      rest<get_recursion>("GetFunctionRecursionConfig",
                          "GET /2024-08-31/functions/{FunctionName}/recursion-config"),
      rest<put_runtime_management>(
          "PutRuntimeManagementConfig",
          "PUT /2021-07-20/functions/{FunctionName}/runtime-management-config?Qualifier"),
      rest<get_runtime_management>(
          "GetRuntimeManagementConfig",
          "GET /2021-07-20/functions/{FunctionName}/runtime-management-config?Qualifier"),
  };
  return rows;
}
}  // namespace emu::lambda
