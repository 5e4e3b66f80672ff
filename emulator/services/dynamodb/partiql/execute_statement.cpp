// ExecuteStatement: one statement.
#include "emulator/services/dynamodb/partiql/changes.hpp"
#include "emulator/services/dynamodb/partiql/inputs.hpp"
#include "emulator/services/dynamodb/partiql/next_token.hpp"
#include "emulator/services/dynamodb/partiql/select.hpp"
#include "emulator/services/dynamodb/rows.hpp"

namespace emu::dynamodb::partiql {
namespace {
constexpr std::size_t kMaxToken = 32768;  // NextToken, API reference

void check_constraints(const ExecuteStatementInput& in) {
  Constraints constraints;
  constrain(constraints, in, "");
  if (in.NextToken) constraints.length(*in.NextToken, in.NextToken->size(), "nextToken", 1, kMaxToken);
  constraints.at_least(in.Limit, "limit", 1);
  constraints.enumerated(in.ReturnConsumedCapacity, "returnConsumedCapacity", kReturnConsumedCapacity);
  constraints.finish();
}

awaitable<Result<ExecuteStatementOutput>> execute_statement(DynamoDb& service, Context& context,
                                                            ExecuteStatementInput in) {
  check_constraints(in);
  judge(in.Parameters);
  const Prepared statement(service, context.scope, *in.Statement, in.Parameters);
  if (statement.as<Exists>()) co_return exists_alone();
  ExecuteStatementOutput out;
  if (statement.as<Select>()) {
    Reading reading{in.ConsistentRead.value_or(false), in.Limit, std::nullopt};
    if (in.NextToken) reading.start = last_key(*in.NextToken, *in.Statement, in.Parameters);
    const auto table = service.data_table(context.scope, statement->source.table);
    if (!table) co_return table.error();
    auto selected = co_await select(service, *table, statement, std::move(reading));
    out.Items = std::move(selected.items);
    if (selected.last_key) out.NextToken = next_token(*in.Statement, in.Parameters, *selected.last_key);
    out.LastEvaluatedKey = std::move(selected.last_key);
    out.ConsumedCapacity = consumed(*table->schema, selected.cost, in.ReturnConsumedCapacity);
    co_return out;
  }
  const auto table = service.data_table(context.scope, statement->source.table);
  if (!table) co_return table.error();
  auto action = action_of(*table->schema, statement);
  if (!action) co_return std::move(action.error());
  action->action.show_item_on_failure = in.ReturnValuesOnConditionCheckFailure == "ALL_OLD";
  auto changed = change(service, *table, statement, *action, wanted(in.ReturnConsumedCapacity));
  if (!changed) co_return std::move(changed.error());
  out.Items.json = "[";
  if (changed->shown) write_json(out.Items.json, *changed->shown);
  out.Items.json += ']';
  out.ConsumedCapacity = consumed(*table->schema, changed->cost, in.ReturnConsumedCapacity);
  co_return out;
}

constexpr Operation kStatements[] = {op<execute_statement>("ExecuteStatement")};
}  // namespace

AwsError exists_alone() {
  return AwsError::validation("EXISTS can only be used in ExecuteTransaction write requests.");
}
}  // namespace emu::dynamodb::partiql

namespace emu::dynamodb {
std::span<const Operation> statement_operations() { return partiql::kStatements; }
}  // namespace emu::dynamodb
