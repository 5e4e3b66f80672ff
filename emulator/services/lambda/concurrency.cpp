// PutFunctionConcurrency, GetFunctionConcurrency, DeleteFunctionConcurrency (spec-lambda E.4, F.1).
#include "emulator/services/lambda/concurrency.hpp"

#include "emulator/services/lambda/provisioned.hpp"

namespace emu::lambda {
namespace {
constexpr int kLeastUnreserved = 100;

struct NameInput {
  std::string FunctionName;
};
BOOST_DESCRIBE_STRUCT(NameInput, (), (FunctionName))
struct PutInput {
  std::string FunctionName;
  int ReservedConcurrentExecutions = 0;
};
BOOST_DESCRIBE_STRUCT(PutInput, (), (FunctionName, ReservedConcurrentExecutions))
struct ReservedOutput {
  std::optional<int> ReservedConcurrentExecutions;
};
BOOST_DESCRIBE_STRUCT(ReservedOutput, (), (ReservedConcurrentExecutions))

FunctionName whole_function(const Scope& scope, std::string_view text) {
  auto name = parse_name(scope, text, std::nullopt, NameShape::plain);
  if (!name.qualifier.empty())
    throw invalid_parameter(
        "This operation is permitted on Lambda functions only. Aliases and versions do not support this "
        "operation. Please specify either a function name or an unqualified function ARN.");
  return name;
}

AwsError no_such_function(const Scope& scope, const FunctionName& name) {
  return function_not_found(function_arn(scope, name.name, kLatest));
}

Result<ReservedOutput> put_function_concurrency(Lambda& lambda, Context& context, PutInput in) {
  const auto name = whole_function(context.scope, in.FunctionName);
  if (auto error = reserve(lambda, context.scope, name, in.ReservedConcurrentExecutions))
    return std::move(*error);
  return ReservedOutput{in.ReservedConcurrentExecutions};
}

Result<ReservedOutput> get_function_concurrency(Lambda& lambda, Context& context, NameInput in) {
  const auto name = whole_function(context.scope, in.FunctionName);
  const auto function = lambda.registry.find(context.scope, name.name);
  if (!function) return no_such_function(context.scope, name);
  return ReservedOutput{function->shared.reserved_concurrency};
}

Result<Empty> delete_function_concurrency(Lambda& lambda, Context& context, NameInput in) {
  const auto name = whole_function(context.scope, in.FunctionName);
  if (auto error = reserve(lambda, context.scope, name, std::nullopt)) return std::move(*error);
  return Empty{};
}
}  // namespace

int least_unreserved(Lambda& lambda) {
  return std::min(lambda.concurrency.with([](runtime::Concurrency& c) { return c.limit(); }),
                  kLeastUnreserved);
}

std::optional<AwsError> reserve(Lambda& lambda, const Scope& scope, const FunctionName& name,
                                std::optional<int> reserved) {
  Violations out;
  if (reserved && *reserved < 0) out.range(*reserved, "reservedConcurrentExecutions", 0, *reserved);
  out.raise();
  const int limit = lambda.concurrency.with([](runtime::Concurrency& c) { return c.limit(); });
  const int least = least_unreserved(lambda);
  auto changed = lambda.registry.change(scope, name.name, [&](Function& copy) -> std::optional<AwsError> {
    int others = 0;
    for (const auto& other : lambda.registry.list(scope))
      if (other->name != name.name) others += other->shared.reserved_concurrency.value_or(0);
    if (reserved && limit - others - *reserved < least)
      return AwsError{"InvalidParameterValueException",  // without a Type, as recorded
                      fmt::format("Specified ReservedConcurrentExecutions for function decreases account's "
                                  "UnreservedConcurrentExecution below its minimum value of [{}].",
                                  least)};
    const int provisioned = total_provisioned(copy.shared);
    if (reserved && *reserved < provisioned)  // the spaces are AWS's
      return invalid_parameter(fmt::format(
          " ReservedConcurrentExecutions  {} should not be lower than function's total provisioned "
          "concurrency [{}].",
          *reserved, provisioned));
    copy.shared.reserved_concurrency = reserved;
    return std::nullopt;
  });
  if (!changed) return std::move(changed.error());
  if (!*changed) return no_such_function(scope, name);
  lambda.concurrency.with([&](runtime::Concurrency& c) {
    if (reserved)
      c.reserve(name.unqualified_arn(scope), *reserved);
    else
      c.unreserve(name.unqualified_arn(scope));
  });
  return std::nullopt;
}

std::span<const Operation> concurrency_operations() {
  static constexpr Operation rows[] = {
      rest<put_function_concurrency>("PutFunctionConcurrency",
                                     "PUT /2017-10-31/functions/{FunctionName}/concurrency"),
      rest<get_function_concurrency>("GetFunctionConcurrency",
                                     "GET /2019-09-30/functions/{FunctionName}/concurrency"),
      rest<delete_function_concurrency>("DeleteFunctionConcurrency",
                                        "DELETE /2017-10-31/functions/{FunctionName}/concurrency", 204),
  };
  return rows;
}
}  // namespace emu::lambda
