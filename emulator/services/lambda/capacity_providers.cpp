// Capacity providers and durable executions. A function may name a capacity provider (managed_instances.hpp),
// but its instances are this machine: none can be made, none is ever found, nor is a durable execution.
#include "emulator/services/lambda/lambda.hpp"

namespace emu::lambda {
namespace {
struct ProviderInput {
  std::string CapacityProviderName;
  std::optional<Json> Marker, MaxItems, CapacityProviderScalingConfig, PropagateTags, TelemetryConfig;
};
BOOST_DESCRIBE_STRUCT(ProviderInput, (),
                      (CapacityProviderName, Marker, MaxItems, CapacityProviderScalingConfig, PropagateTags,
                       TelemetryConfig))
Result<Empty> find_provider(Lambda&, Context& context, ProviderInput in) {
  return not_found(fmt::format("Capacity provider not found: arn:aws:lambda:{}:{}:capacity-provider:{}",
                               context.scope.region, context.scope.account, in.CapacityProviderName));
}

struct CreateProviderInput {
  std::string CapacityProviderName;
  Json VpcConfig, PermissionsConfig;
  std::optional<Json> InstanceRequirements, CapacityProviderScalingConfig, KmsKeyArn, Tags, PropagateTags,
      TelemetryConfig;
};
BOOST_DESCRIBE_STRUCT(CreateProviderInput, (),
                      (CapacityProviderName, VpcConfig, PermissionsConfig, InstanceRequirements,
                       CapacityProviderScalingConfig, KmsKeyArn, Tags, PropagateTags, TelemetryConfig))
Result<Empty> create_provider(Lambda&, Context&, CreateProviderInput) {
  return invalid_parameter("emu runs functions on this machine only: it has no capacity providers.");
}

struct ListProvidersInput {
  std::optional<Json> State, Marker, MaxItems;
};
BOOST_DESCRIBE_STRUCT(ListProvidersInput, (), (State, Marker, MaxItems))
struct ListProvidersOutput {
  std::vector<Json> CapacityProviders;
};
BOOST_DESCRIBE_STRUCT(ListProvidersOutput, (), (CapacityProviders))
Result<ListProvidersOutput> list_providers(Lambda&, Context&, ListProvidersInput) {
  return ListProvidersOutput{};
}

struct ScalingInput {
  std::string FunctionName, Qualifier;
  std::optional<Json> FunctionScalingConfig;
};
BOOST_DESCRIBE_STRUCT(ScalingInput, (), (FunctionName, Qualifier, FunctionScalingConfig))
Result<Empty> scaling_config(Lambda& lambda, Context& context, ScalingInput in) {
  const auto found =
      lambda.find_version(context.scope, parse_name(context.scope, in.FunctionName, in.Qualifier));
  if (!found) return found.error();
  return invalid_parameter("emu does not support FunctionScalingConfig.");
}

struct ExecutionInput {
  std::string DurableExecutionArn;
  std::optional<Json> CheckpointToken, Updates, ClientToken, IncludeExecutionData, MaxItems, Marker,
      ReverseOrder, Error;
};
BOOST_DESCRIBE_STRUCT(ExecutionInput, (),
                      (DurableExecutionArn, CheckpointToken, Updates, ClientToken, IncludeExecutionData,
                       MaxItems, Marker, ReverseOrder, Error))
Result<Empty> find_execution(Lambda&, Context&, ExecutionInput in) {
  return not_found(fmt::format("Durable execution not found: {}", in.DurableExecutionArn));
}

struct CallbackInput {
  std::string CallbackId;
  std::optional<std::string> Result, Error;
};
BOOST_DESCRIBE_STRUCT(CallbackInput, (), (CallbackId, Result, Error))
Result<Empty> find_callback(Lambda&, Context&, CallbackInput in) {
  return not_found(fmt::format("Callback not found: {}", in.CallbackId));
}

struct ListExecutionsInput {
  std::string FunctionName;
  std::optional<std::string> Qualifier;
  std::optional<Json> DurableExecutionName, Statuses, StartedAfter, StartedBefore, ReverseOrder, Marker,
      MaxItems;
};
BOOST_DESCRIBE_STRUCT(ListExecutionsInput, (),
                      (FunctionName, Qualifier, DurableExecutionName, Statuses, StartedAfter, StartedBefore,
                       ReverseOrder, Marker, MaxItems))
struct ListExecutionsOutput {
  std::vector<Json> DurableExecutions;
};
BOOST_DESCRIBE_STRUCT(ListExecutionsOutput, (), (DurableExecutions))
Result<ListExecutionsOutput> list_executions(Lambda& lambda, Context& context, ListExecutionsInput in) {
  const auto found =
      lambda.find_version(context.scope, parse_name(context.scope, in.FunctionName, in.Qualifier));
  if (!found) return found.error();
  return ListExecutionsOutput{};
}

constexpr wire::Binding kResult[] = {{wire::Where::request_body, "Result"}};
constexpr wire::Binding kError[] = {{wire::Where::request_body, "Error"}};
}  // namespace

std::span<const Operation> capacity_provider_operations() {
#define EMU_PROVIDERS "/2025-11-30/capacity-providers"
#define EMU_SCALING "/2025-11-30/functions/{FunctionName}/function-scaling-config?Qualifier"
  static constexpr Operation rows[] = {
      rest<create_provider>("CreateCapacityProvider", "POST " EMU_PROVIDERS, 202),
      rest<list_providers>("ListCapacityProviders", "GET " EMU_PROVIDERS "?State&Marker&MaxItems"),
      rest<find_provider>("GetCapacityProvider", "GET " EMU_PROVIDERS "/{CapacityProviderName}"),
      rest<find_provider>("UpdateCapacityProvider", "PUT " EMU_PROVIDERS "/{CapacityProviderName}", 202),
      rest<find_provider>("DeleteCapacityProvider", "DELETE " EMU_PROVIDERS "/{CapacityProviderName}", 202),
      rest<find_provider>("ListFunctionVersionsByCapacityProvider",
                          "GET " EMU_PROVIDERS "/{CapacityProviderName}/function-versions?Marker&MaxItems"),
      rest<scaling_config>("GetFunctionScalingConfig", "GET " EMU_SCALING),
      rest<scaling_config>("PutFunctionScalingConfig", "PUT " EMU_SCALING, 202),
  };
#undef EMU_PROVIDERS
#undef EMU_SCALING
  return rows;
}

std::span<const Operation> durable_operations() {
#define EMU_EXECUTION "/2025-12-01/durable-executions/{DurableExecutionArn}"
#define EMU_CALLBACK "POST /2025-12-01/durable-execution-callbacks/{CallbackId}"
  static constexpr Operation rows[] = {
      rest<list_executions>("ListDurableExecutionsByFunction",
                            "GET /2025-12-01/functions/{FunctionName}/durable-executions?Qualifier"
                            "&DurableExecutionName&Statuses&StartedAfter&StartedBefore&ReverseOrder&Marker"
                            "&MaxItems"),
      rest<find_execution>("GetDurableExecution", "GET " EMU_EXECUTION "?IncludeExecutionData"),
      rest<find_execution>("GetDurableExecutionHistory",
                           "GET " EMU_EXECUTION "/history?IncludeExecutionData&MaxItems&Marker&ReverseOrder"),
      rest<find_execution>("GetDurableExecutionState",
                           "GET " EMU_EXECUTION "/state?CheckpointToken&Marker&MaxItems"),
      rest<find_execution>("CheckpointDurableExecution", "POST " EMU_EXECUTION "/checkpoint"),
      rest<find_execution>("StopDurableExecution", "POST " EMU_EXECUTION "/stop"),
      rest<find_callback>("SendDurableExecutionCallbackSuccess", EMU_CALLBACK "/succeed", 200, kResult),
      rest<find_callback>("SendDurableExecutionCallbackFailure", EMU_CALLBACK "/fail", 200, kError),
      rest<find_callback>("SendDurableExecutionCallbackHeartbeat", EMU_CALLBACK "/heartbeat"),
  };
#undef EMU_EXECUTION
#undef EMU_CALLBACK
  return rows;
}
}  // namespace emu::lambda
