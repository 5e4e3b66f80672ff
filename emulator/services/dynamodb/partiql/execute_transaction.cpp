// ExecuteTransaction: statements that all happen or none, on the core of transactions/.
#include <algorithm>

#include "emulator/services/dynamodb/keys.hpp"
#include "emulator/services/dynamodb/partiql/changes.hpp"
#include "emulator/services/dynamodb/partiql/inputs.hpp"
#include "emulator/services/dynamodb/partiql/select.hpp"
#include "emulator/services/dynamodb/rows.hpp"
#include "emulator/services/dynamodb/transactions/cancellation.hpp"
#include "emulator/services/dynamodb/transactions/transaction.hpp"

namespace emu::dynamodb::partiql {
namespace {
constexpr std::size_t kMaxToken = 36;  // ClientRequestToken, API reference

// What a statement is refused for says which one it is.
template <class F>
auto in_statement(std::size_t i, F look) {
  try {
    return look();
  } catch (AwsError& error) {
    if (error.code == "ValidationException")
      error.message = fmt::format("Validation failed in TransactStatements[{}]: {}", i, error.message);
    throw;
  }
}

struct Member {
  const ParameterizedStatement* request;
  std::unique_ptr<const Prepared> statement;
  std::optional<Table> table;
  std::optional<Item> key;         // of a SELECT
  std::optional<ActionOf> action;  // of the others
};

void check_constraints(const ExecuteTransactionInput& in) {
  Constraints constraints;
  if (const auto& token = in.ClientRequestToken)
    constraints.length(*token, token->size(), "clientRequestToken", 1, kMaxToken);
  constrain(constraints, in.TransactStatements, "transactStatements", kMaxActions);
  constraints.enumerated(in.ReturnConsumedCapacity, "returnConsumedCapacity", kReturnConsumedCapacity);
  constraints.finish();
}

std::vector<Member> prepare(DynamoDb& service, const Scope& scope, const ExecuteTransactionInput& in) {
  for (const auto& request : *in.TransactStatements) judge(request.Parameters);
  std::vector<Member> out;
  std::size_t reads = 0;
  for (const auto& request : *in.TransactStatements) {
    auto& member = out.emplace_back(Member{&request});
    member.statement = in_statement(out.size() - 1, [&] {
      return std::make_unique<const Prepared>(service, scope, *request.Statement, request.Parameters);
    });
    reads += (*member.statement)->reads();
    if (auto table = service.data_table(scope, (*member.statement)->source.table))
      member.table = std::move(*table);
  }
  if (reads != 0 && reads != out.size())
    throw AwsError::validation(
        "ExecuteTransaction API does not support both read and write operations in the same request.");
  return out;
}

// What a transaction does not do, of statements whose tables exist.
void refuse_in_transactions(const Member& member) {
  const Prepared& statement = *member.statement;
  if (statement->returns())
    throw AwsError::validation("RETURNING clause is not supported in ExecuteTransaction.");
  if (statement.as<Select>() && statement->source.index)
    throw AwsError::validation("Reads on indices are not supported within transactions.");
}

// The item the statement is about. What is wrong with it cancels the transaction, except for what no item
// could set right.
std::optional<AwsError> find_item(Member& member) {
  const Prepared& statement = *member.statement;
  const Schema& schema = *member.table->schema;
  if (statement.as<Select>()) {
    member.key = single_key(schema, statement);
    if (!member.key) throw not_a_single_read(schema, statement, "ExecuteTransaction");
    return lookup_fault(schema, *member.key);
  }
  auto action = action_of(schema, statement);
  if (!action) {
    if (statement.as<Exists>()) throw action.error();
    return key_mismatch();
  }
  action->action.show_item_on_failure = member.request->ReturnValuesOnConditionCheckFailure == "ALL_OLD";
  member.action = std::move(*action);
  return fault(member.action->action, schema);
}

// Every statement's own mistake is a reason, unlike in TransactWriteItems.
Cancellation judge_all(std::vector<Member>& members) {
  Cancellation out(members.size());
  for (std::size_t i = 0; i < members.size(); ++i)
    if (members[i].table) in_statement(i, [&] { refuse_in_transactions(members[i]); });
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (!members[i].table) {
      out.set(i, "ResourceNotFound", no_such_resource().message);
    } else if (const auto wrong = in_statement(i, [&] { return find_item(members[i]); })) {
      out.set(i, "ValidationError", wrong->message);
    }
  }
  return out;
}

std::size_t payload_bytes(const ExecuteTransactionInput& in) {
  std::size_t out = 0;
  for (const auto& request : *in.TransactStatements) {
    out += request.Statement->size();
    if (request.Parameters)
      for (const auto& p : *request.Parameters) out += billed_size(p.value);
  }
  return out;
}

// What makes two requests with one token the same.
std::string payload(const ExecuteTransactionInput& in) {
  std::string out;
  for (const auto& request : *in.TransactStatements) {
    out += fmt::format("{}:{}", request.Statement->size(), *request.Statement);
    if (request.Parameters)
      for (const auto& p : *request.Parameters) out += json_text(encode_json(p.value));
    out += request.ReturnValuesOnConditionCheckFailure.value_or("");
    out += '\0';
  }
  return out;
}

Result<ExecuteTransactionOutput> reads(DynamoDb& service, const std::vector<Member>& members,
                                       const ReturnMode& capacity) {
  std::vector<PreparedRead> prepared;
  for (const auto& m : members) prepared.push_back({.key = &*m.key, .table = m.table});
  auto report = run_reads(service, prepared, capacity);
  if (!report) return std::move(report.error());
  ExecuteTransactionOutput out;
  for (std::size_t i = 0; i < members.size(); ++i) {
    auto& response = out.Responses.emplace_back();
    if (!report->items[i]) continue;
    const Prepared& statement = *members[i].statement;
    auto row = row_of(*statement.as<Select>(), statement.bindings(members[i].table->schema->key.hash[0].name),
                      std::move(*report->items[i]));
    if (!row.empty()) response.Item = std::move(row);
  }
  out.ConsumedCapacity = std::move(report->capacity);
  return out;
}

Result<ExecuteTransactionOutput> execute_transaction(DynamoDb& service, Context& context,
                                                     ExecuteTransactionInput in) {
  check_constraints(in);
  auto members = prepare(service, context.scope, in);
  if (payload_bytes(in) > kMaxTransactionBytes) return too_large_transaction();
  if (const auto cancellation = judge_all(members); cancellation.any()) return cancellation.error();
  if (members[0].key) return reads(service, members, in.ReturnConsumedCapacity);
  std::vector<PreparedAction> actions;
  for (auto& m : members) {
    auto& action = actions.emplace_back(
        locate(service, context.scope, (*m.statement)->source.table, std::move(m.action->action)));
    if (m.statement->as<Insert>())
      action.failure = {"DuplicateItem", "Duplicate primary key exists in table"};
  }
  WriteOptions options{in.ReturnConsumedCapacity, std::nullopt, {}};
  if (in.ClientRequestToken)
    options.idempotency = Idempotency{"ExecuteTransaction", *in.ClientRequestToken, payload(in)};
  auto report = run_writes(service, context.scope, std::move(actions), options);
  if (!report) return std::move(report.error());
  return ExecuteTransactionOutput{{}, std::move(report->ConsumedCapacity)};
}

constexpr Operation kTransactions[] = {op<execute_transaction>("ExecuteTransaction")};
}  // namespace
}  // namespace emu::dynamodb::partiql

namespace emu::dynamodb {
std::span<const Operation> statement_transaction_operations() { return partiql::kTransactions; }
}  // namespace emu::dynamodb
