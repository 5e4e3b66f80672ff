// Inputs and outputs of the PartiQL operations, as the wire spells them, and the checks of what they share.
#pragma once
#include "emulator/services/dynamodb/capacity.hpp"
#include "emulator/services/dynamodb/constraints.hpp"
#include "emulator/services/dynamodb/item_text.hpp"
#include "emulator/services/dynamodb/partiql/prepared.hpp"

namespace emu::dynamodb::partiql {
struct ExecuteStatementInput {
  std::optional<std::string> Statement;
  partiql::Parameters Parameters;
  std::optional<bool> ConsistentRead;
  std::optional<std::string> NextToken, ReturnConsumedCapacity;
  std::optional<int> Limit;
  std::optional<std::string> ReturnValuesOnConditionCheckFailure;
};
BOOST_DESCRIBE_STRUCT(ExecuteStatementInput, (),
                      (Statement, Parameters, ConsistentRead, NextToken, ReturnConsumedCapacity, Limit,
                       ReturnValuesOnConditionCheckFailure))
struct ExecuteStatementOutput {
  ItemText Items;  // the list
  std::optional<std::string> NextToken;
  std::optional<dynamodb::ConsumedCapacity> ConsumedCapacity;
  std::optional<Item> LastEvaluatedKey;
};
BOOST_DESCRIBE_STRUCT(ExecuteStatementOutput, (), (Items, NextToken, ConsumedCapacity, LastEvaluatedKey))

struct BatchStatementRequest {
  std::optional<std::string> Statement;
  partiql::Parameters Parameters;
  std::optional<bool> ConsistentRead;
  std::optional<std::string> ReturnValuesOnConditionCheckFailure;
};
BOOST_DESCRIBE_STRUCT(BatchStatementRequest, (),
                      (Statement, Parameters, ConsistentRead, ReturnValuesOnConditionCheckFailure))
struct BatchExecuteStatementInput {
  std::optional<std::vector<BatchStatementRequest>> Statements;
  std::optional<std::string> ReturnConsumedCapacity;
};
BOOST_DESCRIBE_STRUCT(BatchExecuteStatementInput, (), (Statements, ReturnConsumedCapacity))
struct BatchStatementError {
  std::string Code, Message;
  std::optional<dynamodb::Item> Item;
};
BOOST_DESCRIBE_STRUCT(BatchStatementError, (), (Code, Message, Item))
struct BatchStatementResponse {
  std::optional<BatchStatementError> Error;
  std::optional<std::string> TableName;
  std::optional<dynamodb::Item> Item;
};
BOOST_DESCRIBE_STRUCT(BatchStatementResponse, (), (Error, TableName, Item))
struct BatchExecuteStatementOutput {
  std::vector<BatchStatementResponse> Responses;
  std::optional<std::vector<dynamodb::ConsumedCapacity>> ConsumedCapacity;
};
BOOST_DESCRIBE_STRUCT(BatchExecuteStatementOutput, (), (Responses, ConsumedCapacity))

struct ParameterizedStatement {
  std::optional<std::string> Statement;
  partiql::Parameters Parameters;
  std::optional<std::string> ReturnValuesOnConditionCheckFailure;
};
BOOST_DESCRIBE_STRUCT(ParameterizedStatement, (),
                      (Statement, Parameters, ReturnValuesOnConditionCheckFailure))
struct ExecuteTransactionInput {
  std::optional<std::vector<ParameterizedStatement>> TransactStatements;
  std::optional<std::string> ClientRequestToken, ReturnConsumedCapacity;
};
BOOST_DESCRIBE_STRUCT(ExecuteTransactionInput, (),
                      (TransactStatements, ClientRequestToken, ReturnConsumedCapacity))
struct ItemResponse {
  std::optional<dynamodb::Item> Item;
};
BOOST_DESCRIBE_STRUCT(ItemResponse, (), (Item))
struct ExecuteTransactionOutput {
  std::vector<ItemResponse> Responses;
  std::optional<std::vector<dynamodb::ConsumedCapacity>> ConsumedCapacity;
};
BOOST_DESCRIBE_STRUCT(ExecuteTransactionOutput, (), (Responses, ConsumedCapacity))

AwsError exists_alone();  // EXISTS outside of a transaction

inline constexpr std::size_t kMaxStatement = 8192;  // characters, API reference

// Constraints of one statement, its members below `path` ("statements.1.member." or nothing).
template <class In>
void constrain(Constraints& constraints, const In& in, const std::string& path) {
  const auto statement = path + "statement";
  constraints.present(in.Statement.has_value(), statement);
  if (in.Statement) constraints.length(*in.Statement, in.Statement->size(), statement, 1, kMaxStatement);
  if (in.Parameters && in.Parameters->empty())
    constraints.length("[]", 0, path + "parameters", 1, kMaxStatement);
  constraints.enumerated(in.ReturnValuesOnConditionCheckFailure, path + "returnValuesOnConditionCheckFailure",
                         kOnConditionCheckFailure);
}

// Constraints of a list of statements, and of each of them.
template <class In>
void constrain(Constraints& constraints, const std::optional<std::vector<In>>& list, const std::string& path,
               std::size_t most) {
  constraints.present(list.has_value(), path);
  if (!list) return;
  std::string shown;
  if (list->size() > most)
    for (const auto& one : *list)
      shown += fmt::format(
          "{}{}(statement={})", shown.empty() ? "" : ", ",
          std::is_same_v<In, BatchStatementRequest> ? "BatchStatementRequest" : "ParameterizedStatement",
          one.Statement.value_or("null"));
  constraints.length(fmt::format("[{}]", shown), list->size(), path, 1, most);
  for (std::size_t i = 0; i < list->size(); ++i)
    constrain(constraints, (*list)[i], fmt::format("{}.{}.member.", path, i + 1));
}
}  // namespace emu::dynamodb::partiql
