// TransactWriteItems (F).
#include "emulator/services/dynamodb/constraints.hpp"
#include "emulator/services/dynamodb/item_codec.hpp"
#include "emulator/services/dynamodb/keys.hpp"
#include "emulator/services/dynamodb/rows.hpp"
#include "emulator/services/dynamodb/transactions/transaction.hpp"

namespace emu::dynamodb {
namespace {
constexpr Voice kVoice{Layer::older};
constexpr std::size_t kMaxToken = 36;  // ClientRequestToken, API reference
using expression::Names;

struct ConditionCheck {
  std::optional<GivenItem> Key;
  std::optional<std::string> TableName, ConditionExpression;
  std::optional<Names> ExpressionAttributeNames;
  std::optional<GivenValues> ExpressionAttributeValues;
  std::optional<std::string> ReturnValuesOnConditionCheckFailure;
};
BOOST_DESCRIBE_STRUCT(ConditionCheck, (),
                      (Key, TableName, ConditionExpression, ExpressionAttributeNames,
                       ExpressionAttributeValues, ReturnValuesOnConditionCheckFailure))
struct Put {
  std::optional<GivenItem> Item;
  std::optional<std::string> TableName, ConditionExpression;
  std::optional<Names> ExpressionAttributeNames;
  std::optional<GivenValues> ExpressionAttributeValues;
  std::optional<std::string> ReturnValuesOnConditionCheckFailure;
};
BOOST_DESCRIBE_STRUCT(Put, (),
                      (Item, TableName, ConditionExpression, ExpressionAttributeNames,
                       ExpressionAttributeValues, ReturnValuesOnConditionCheckFailure))
struct Delete {
  std::optional<GivenItem> Key;
  std::optional<std::string> TableName, ConditionExpression;
  std::optional<Names> ExpressionAttributeNames;
  std::optional<GivenValues> ExpressionAttributeValues;
  std::optional<std::string> ReturnValuesOnConditionCheckFailure;
};
BOOST_DESCRIBE_STRUCT(Delete, (),
                      (Key, TableName, ConditionExpression, ExpressionAttributeNames,
                       ExpressionAttributeValues, ReturnValuesOnConditionCheckFailure))
struct Update {
  std::optional<GivenItem> Key;
  std::optional<std::string> UpdateExpression, TableName, ConditionExpression;
  std::optional<Names> ExpressionAttributeNames;
  std::optional<GivenValues> ExpressionAttributeValues;
  std::optional<std::string> ReturnValuesOnConditionCheckFailure;
};
BOOST_DESCRIBE_STRUCT(Update, (),
                      (Key, UpdateExpression, TableName, ConditionExpression, ExpressionAttributeNames,
                       ExpressionAttributeValues, ReturnValuesOnConditionCheckFailure))
struct TransactWriteItem {
  std::optional<dynamodb::ConditionCheck> ConditionCheck;
  std::optional<dynamodb::Put> Put;
  std::optional<dynamodb::Delete> Delete;
  std::optional<dynamodb::Update> Update;
};
BOOST_DESCRIBE_STRUCT(TransactWriteItem, (), (ConditionCheck, Put, Delete, Update))
struct TransactWriteItemsInput {
  std::optional<std::vector<TransactWriteItem>> TransactItems;
  std::optional<std::string> ReturnConsumedCapacity, ReturnItemCollectionMetrics, ClientRequestToken;
};
BOOST_DESCRIBE_STRUCT(TransactWriteItemsInput, (),
                      (TransactItems, ReturnConsumedCapacity, ReturnItemCollectionMetrics,
                       ClientRequestToken))

// Calls f(kind, name, action) for each of the four that the item has; any of them may have mistakes.
template <class Item, class F>
void each_action(Item& item, F f) {
  if (item.ConditionCheck) f(Action::Kind::check, "conditionCheck", *item.ConditionCheck);
  if (item.Put) f(Action::Kind::put, "put", *item.Put);
  if (item.Delete) f(Action::Kind::remove, "delete", *item.Delete);
  if (item.Update) f(Action::Kind::update, "update", *item.Update);
}

template <class In>
auto& subject(In& in) {
  if constexpr (requires { in.Item; })
    return in.Item;
  else
    return in.Key;
}

// "[TransactWriteItem(put=Put(tableName=T, item={…})), …]", as AWS echoes a list in a constraint's text.
std::string echo(const std::vector<TransactWriteItem>& items) {
  std::string out;
  for (const auto& item : items) {
    out += out.empty() ? "" : ", ";
    std::string members;
    each_action(item, [&](auto kind, std::string_view name, const auto& in) {
      const bool put = kind == Action::Kind::put;
      members += fmt::format("{}{}=(tableName={}, {}={})", members.empty() ? "" : ", ", name,
                             in.TableName.value_or("null"), put ? "item" : "key",
                             subject(in) ? json_text(encode_json(*subject(in))) : "null");
    });
    out += fmt::format("TransactWriteItem({})", members);
  }
  return fmt::format("[{}]", out);
}

void check_constraints(const TransactWriteItemsInput& in) {
  Constraints constraints;
  const auto& token = in.ClientRequestToken;
  if (token) constraints.length(*token, token->size(), "clientRequestToken", 1, kMaxToken);
  constraints.present(in.TransactItems.has_value(), "transactItems");
  const auto size = in.TransactItems ? in.TransactItems->size() : 1;
  constraints.length(size > kMaxActions || size == 0 ? echo(*in.TransactItems) : "", size, "transactItems", 1,
                     kMaxActions);
  for (std::size_t i = 0; in.TransactItems && i < in.TransactItems->size(); ++i)
    each_action((*in.TransactItems)[i], [&](Action::Kind kind, std::string_view name, const auto& action) {
      const auto path = [&](std::string_view member) {
        return fmt::format("transactItems.{}.member.{}.{}", i + 1, name, member);
      };
      constraints.present(subject(action).has_value(), path(kind == Action::Kind::put ? "item" : "key"));
      constraints.table_name(action.TableName, Layer::older, path("tableName"));
      if (kind == Action::Kind::check)
        constraints.present(action.ConditionExpression.has_value(), path("conditionExpression"));
      if constexpr (requires { action.UpdateExpression; })
        constraints.present(action.UpdateExpression.has_value(), path("updateExpression"));
      constraints.enumerated(action.ReturnValuesOnConditionCheckFailure,
                             path("returnValuesOnConditionCheckFailure"), kOnConditionCheckFailure);
    });
  constraints.enumerated(in.ReturnConsumedCapacity, "returnConsumedCapacity", kReturnConsumedCapacity);
  constraints.enumerated(in.ReturnItemCollectionMetrics, "returnItemCollectionMetrics",
                         kReturnItemCollectionMetrics);
  constraints.finish();
}

template <class In>
const std::optional<std::string>& update_text(const In& in) {
  static const std::optional<std::string> kNone;
  if constexpr (requires { in.UpdateExpression; })
    return in.UpdateExpression;
  else
    return kNone;
}

// Step 11 of A2 for one action.
template <class In>
Action prepare(DynamoDb& service, Action::Kind kind, In& in) {
  kVoice.judge(*subject(in));
  // Too deep a value of an expression is let pass here; an item that comes of it is not (B1).
  if (auto& values = in.ExpressionAttributeValues;
      values && values->mistake && values->mistake->older == kTooDeep)
    values->mistake.reset();
  Action out{kind, &subject(in)->item};
  out.show_item_on_failure = in.ReturnValuesOnConditionCheckFailure == "ALL_OLD";
  add_expressions(
      service, kVoice,
      {update_text(in), in.ConditionExpression, in.ExpressionAttributeNames, in.ExpressionAttributeValues},
      out);
  if (kind == Action::Kind::put) check_item_size(*out.subject);
  return out;
}

// What the 4 MB limit counts, and what makes two requests with one token the same.
class Payload {
 public:
  template <class In>
  void add(Action::Kind kind, const In& in) {
    const Item& item = subject(in)->item;
    bytes_ += billed_size(item);
    text_.push_back(static_cast<char>('0' + static_cast<int>(kind)));
    part(*in.TableName);
    part(encode_item(item));
    optional_part(in.ConditionExpression);
    optional_part(update_text(in));
    optional_part(in.ReturnValuesOnConditionCheckFailure);
    if (in.ExpressionAttributeNames)
      for (const auto& [reference, name] : *in.ExpressionAttributeNames) {
        part(reference);
        part(name);
      }
    part(std::string_view());
    if (in.ExpressionAttributeValues) {
      bytes_ += billed_size(in.ExpressionAttributeValues->values);
      part(encode_item(in.ExpressionAttributeValues->values));
    }
  }
  std::size_t bytes() const { return bytes_; }
  std::string take() { return std::move(text_); }

 private:
  void part(std::string_view text) { text_ += fmt::format("{}:{}", text.size(), text); }
  void optional_part(const std::optional<std::string>& text) {
    if (text) part(*text);
    text_.push_back('.');
  }
  std::size_t bytes_ = 0;
  std::string text_;
};

Result<TransactionReport> transact_write_items(DynamoDb& service, Context& context,
                                               TransactWriteItemsInput in) {
  check_constraints(in);
  std::vector<PreparedAction> actions;
  Payload payload;
  for (auto& item : *in.TransactItems) {
    if (item.ConditionCheck.has_value() + item.Put.has_value() + item.Delete.has_value() +
            item.Update.has_value() !=
        1)
      return AwsError::validation("TransactItems can only contain one of Check, Put, Update or Delete");
    each_action(item, [&](Action::Kind kind, std::string_view, auto& action) {
      actions.push_back(locate(service, context.scope, *action.TableName, prepare(service, kind, action)));
      payload.add(kind, action);
    });
  }
  if (payload.bytes() > kMaxTransactionBytes) return too_large_transaction();
  WriteOptions options{in.ReturnConsumedCapacity, in.ReturnItemCollectionMetrics, {}};
  if (in.ClientRequestToken)
    options.idempotency = Idempotency{"TransactWriteItems", *in.ClientRequestToken, payload.take()};
  return run_writes(service, context.scope, std::move(actions), options);
}

constexpr Operation kWrites[] = {op<transact_write_items>("TransactWriteItems")};
}  // namespace

std::span<const Operation> transact_write_operations() { return kWrites; }
}  // namespace emu::dynamodb
