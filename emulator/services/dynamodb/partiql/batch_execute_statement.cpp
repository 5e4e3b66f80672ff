// BatchExecuteStatement: statements that succeed and fail each on their own.
#include <algorithm>
#include <set>

#include "emulator/services/dynamodb/keys.hpp"
#include "emulator/services/dynamodb/partiql/access.hpp"
#include "emulator/services/dynamodb/partiql/changes.hpp"
#include "emulator/services/dynamodb/partiql/inputs.hpp"
#include "emulator/services/dynamodb/partiql/select.hpp"
#include "emulator/services/dynamodb/rows.hpp"

namespace emu::dynamodb::partiql {
namespace {
constexpr std::size_t kMaxStatements = 25;  // API reference

// One statement on its way to its response.
struct Member {
  const BatchStatementRequest* request;
  std::unique_ptr<const Prepared> statement;  // none: it has failed
  std::optional<Table> table;
  std::optional<Item> key;         // of a SELECT
  std::optional<ActionOf> action;  // of the others
  BatchStatementResponse response;

  void fail(const AwsError& error) {
    auto code = error.code == "ValidationException" ? "ValidationError" : error.code;
    if (code.ends_with("Exception")) code.resize(code.size() - std::string_view("Exception").size());
    response.Error = BatchStatementError{std::move(code), error.message, std::nullopt};
    statement.reset();
  }
  const Item* subject() const {
    if (!statement) return nullptr;
    if (key) return &*key;
    return action ? action->action.subject : nullptr;
  }
};

// Everything that can be told before the statement runs. Throws or fails what is told to its client alone.
void look_at(DynamoDb& service, const Scope& scope, Member& member) {
  judge(member.request->Parameters);
  member.statement = std::make_unique<const Prepared>(service, scope, *member.request->Statement,
                                                      member.request->Parameters);
  const Prepared& statement = *member.statement;
  if (statement.as<Exists>()) return member.fail(exists_alone());
  auto table = service.data_table(scope, statement->source.table);
  if (!table) return member.fail(table.error());
  member.table = std::move(*table);
  const Schema& schema = *member.table->schema;
  if (statement.as<Select>()) {
    member.key = single_key(schema, statement);
    if (!member.key) return member.fail(not_a_single_read(schema, statement, "BatchExecuteStatement"));
    if (const auto wrong = lookup_fault(schema, *member.key)) member.fail(*wrong);
    return;
  }
  auto action = action_of(schema, statement);
  if (!action) return member.fail(action.error());
  action->action.show_item_on_failure = member.request->ReturnValuesOnConditionCheckFailure == "ALL_OLD";
  if (const auto wrong = fault(action->action, schema)) return member.fail(*wrong);
  member.action = std::move(*action);
}

void refuse_together(const std::vector<Member>& members) {
  bool reads = false, writes = false;
  std::set<storage::Bytes> rows;
  for (const auto& m : members) {
    if (!m.statement) continue;
    (m.key ? reads : writes) = true;
    if (!rows.insert(storage::Bytes(item_row(*m.table->schema, *m.subject()).bytes())).second)
      throw AwsError::validation("Provided list of item keys contains duplicates");
  }
  if (reads && writes)
    throw AwsError::validation("Read and write requests together in the same batch is not supported.");
}

// What the statement took.
Cost run(DynamoDb& service, Member& member, bool capacity) {
  const Schema& schema = *member.table->schema;
  member.response.TableName = schema.name;
  if (member.key) {
    auto item = service.read(schema, *member.key);
    const Cost cost{read_units(item ? billed_size(*item) : 0, member.request->ConsistentRead.value_or(false)),
                    {}};
    const Prepared& statement = *member.statement;
    if (item)
      member.response.Item =
          row_of(*statement.as<Select>(), statement.bindings(schema.key.hash[0].name), std::move(*item));
    return cost;
  }
  auto changed = change(service, *member.table, *member.statement, *member.action, capacity);
  if (changed) {
    member.response.Item = std::move(changed->shown);
    return std::move(changed->cost);
  }
  member.fail(changed.error());
  return {};
}

Result<BatchExecuteStatementOutput> batch_execute_statement(DynamoDb& service, Context& context,
                                                            BatchExecuteStatementInput in) {
  Constraints constraints;
  constrain(constraints, in.Statements, "statements", kMaxStatements);
  constraints.enumerated(in.ReturnConsumedCapacity, "returnConsumedCapacity", kReturnConsumedCapacity);
  constraints.finish();
  std::vector<Member> members;
  for (const auto& request : *in.Statements) {
    auto& member = members.emplace_back(Member{&request});
    try {
      look_at(service, context.scope, member);
    } catch (const AwsError& error) {
      member.fail(error);  // a batch goes on where another operation would end
    }
  }
  refuse_together(members);
  std::vector<std::pair<SharedSchema, Cost>> costs;  // by table, in order of first mention
  for (auto& member : members) {
    if (!member.statement) continue;
    const auto schema = member.table->schema;
    const auto cost = run(service, member, wanted(in.ReturnConsumedCapacity));
    auto it = std::ranges::find(costs, schema, &std::pair<SharedSchema, Cost>::first);
    if (it == costs.end()) it = costs.insert(it, {schema, {}});
    add(it->second, cost);
  }
  BatchExecuteStatementOutput out;
  for (auto& member : members) out.Responses.push_back(std::move(member.response));
  if (wanted(in.ReturnConsumedCapacity)) {
    out.ConsumedCapacity.emplace();
    for (const auto& [schema, cost] : costs)
      out.ConsumedCapacity->push_back(*consumed(*schema, cost, in.ReturnConsumedCapacity));
  }
  return out;
}

constexpr Operation kBatch[] = {op<batch_execute_statement>("BatchExecuteStatement")};
}  // namespace
}  // namespace emu::dynamodb::partiql

namespace emu::dynamodb {
std::span<const Operation> batch_statement_operations() { return partiql::kBatch; }
}  // namespace emu::dynamodb
