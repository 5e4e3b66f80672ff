// TransactGetItems (F).
#include "emulator/services/dynamodb/constraints.hpp"
#include "emulator/services/dynamodb/rows.hpp"
#include "emulator/services/dynamodb/transactions/transaction.hpp"

namespace emu::dynamodb {
namespace {
constexpr Voice kVoice{Layer::older};

struct Get {
  std::optional<GivenItem> Key;
  std::optional<std::string> TableName, ProjectionExpression;
  std::optional<expression::Names> ExpressionAttributeNames;
};
BOOST_DESCRIBE_STRUCT(Get, (), (Key, TableName, ProjectionExpression, ExpressionAttributeNames))
struct TransactGetItem {
  std::optional<dynamodb::Get> Get;
};
BOOST_DESCRIBE_STRUCT(TransactGetItem, (), (Get))
struct TransactGetItemsInput {
  std::optional<std::vector<TransactGetItem>> TransactItems;
  std::optional<std::string> ReturnConsumedCapacity;
};
BOOST_DESCRIBE_STRUCT(TransactGetItemsInput, (), (TransactItems, ReturnConsumedCapacity))
struct ItemResponse {
  std::optional<dynamodb::Item> Item;
};
BOOST_DESCRIBE_STRUCT(ItemResponse, (), (Item))
struct TransactGetItemsOutput {
  std::optional<std::vector<dynamodb::ConsumedCapacity>> ConsumedCapacity;
  std::vector<ItemResponse> Responses;
};
BOOST_DESCRIBE_STRUCT(TransactGetItemsOutput, (), (ConsumedCapacity, Responses))

std::string echo(const std::vector<TransactGetItem>& items) {
  std::string out;
  for (const auto& item : items) {
    const auto& get = item.Get;
    out += fmt::format(
        "{}TransactGetItem(get={})", out.empty() ? "" : ", ",
        get ? fmt::format("Get(key={}, tableName={})", get->Key ? json_text(encode_json(*get->Key)) : "null",
                          get->TableName.value_or("null"))
            : "null");
  }
  return fmt::format("[{}]", out);
}

void check_constraints(const TransactGetItemsInput& in) {
  Constraints constraints;
  constraints.present(in.TransactItems.has_value(), "transactItems");
  const auto size = in.TransactItems ? in.TransactItems->size() : 1;
  constraints.length(size > kMaxActions || size == 0 ? echo(*in.TransactItems) : "", size, "transactItems", 1,
                     kMaxActions);
  for (std::size_t i = 0; in.TransactItems && i < in.TransactItems->size(); ++i) {
    const auto& get = (*in.TransactItems)[i].Get;
    const auto path = fmt::format("transactItems.{}.member.get", i + 1);
    constraints.present(get.has_value(), path);
    if (!get) continue;
    constraints.present(get->Key.has_value(), path + ".key");
    constraints.table_name(get->TableName, Layer::older, path + ".tableName");
  }
  constraints.enumerated(in.ReturnConsumedCapacity, "returnConsumedCapacity", kReturnConsumedCapacity);
  constraints.finish();
}

Result<TransactGetItemsOutput> transact_get_items(DynamoDb& service, Context& context,
                                                  TransactGetItemsInput in) {
  check_constraints(in);
  std::vector<PreparedRead> reads;
  static const std::optional<GivenValues> kNoValues;
  for (const auto& item : *in.TransactItems) {
    const Get& get = *item.Get;
    kVoice.judge(*get.Key);
    RequestExpressions expressions(service, kVoice, get.ExpressionAttributeNames, kNoValues,
                                   get.ProjectionExpression.has_value(), false);
    PreparedRead read{&get.Key->item, expressions.projection(get.ProjectionExpression), {}};
    expressions.finish();
    reads.push_back(locate(service, context.scope, *get.TableName, std::move(read)));
  }
  auto report = run_reads(service, reads, in.ReturnConsumedCapacity);
  if (!report) return std::move(report.error());
  TransactGetItemsOutput out{std::move(report->capacity), {}};
  for (auto& item : report->items) out.Responses.push_back({std::move(item)});
  return out;
}

constexpr Operation kReads[] = {op<transact_get_items>("TransactGetItems")};
}  // namespace

std::span<const Operation> transact_read_operations() { return kReads; }
}  // namespace emu::dynamodb
