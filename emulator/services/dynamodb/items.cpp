// PutItem, GetItem, DeleteItem.
#include "emulator/services/dynamodb/constraints.hpp"
#include "emulator/services/dynamodb/item_inputs.hpp"
#include "emulator/services/dynamodb/keys.hpp"
#include "emulator/services/dynamodb/rows.hpp"
#include "emulator/services/dynamodb/show.hpp"
#include "emulator/services/dynamodb/writes.hpp"

namespace emu::dynamodb {
Result<WriteOutput> update_item(DynamoDb& service, Context& context, UpdateItemInput in);  // update_item.cpp

namespace {
constexpr Voice kWrites{Layer::prefixed}, kReads{Layer::current};

// Step 10 of A2 for PutItem and DeleteItem.
template <class In>
void check_constraints(const In& in, bool has_subject, std::string_view subject) {
  if (!has_subject) Constraints::refuse_without(subject, in);
  Constraints constraints;
  constraints.table_name(in.TableName, Layer::prefixed);
  constraints.conditional_operator(in.ConditionalOperator, Layer::prefixed);
  constraints.enumerated(in.ReturnConsumedCapacity, "returnConsumedCapacity", kReturnConsumedCapacity);
  constraints.return_values(in.ReturnValues, Layer::prefixed);
  constraints.enumerated(in.ReturnItemCollectionMetrics, "returnItemCollectionMetrics",
                         kReturnItemCollectionMetrics);
  constraints.enumerated(in.ReturnValuesOnConditionCheckFailure, "returnValuesOnConditionCheckFailure",
                         kOnConditionCheckFailure);
  constraints.finish();
}

// Step 11: combinations of parameters, values, then the condition.
template <class In>
std::optional<BoundCondition> prepare_condition(DynamoDb& service, const In& in, const GivenItem& subject) {
  refuse_mixture(
      kWrites,
      {{"Expected", in.Expected.has_value()}, {"ConditionalOperator", in.ConditionalOperator.has_value()}},
      {{"ConditionExpression", in.ConditionExpression.has_value()}});
  if (in.ReturnValues && *in.ReturnValues != "NONE" && *in.ReturnValues != "ALL_OLD")
    throw kWrites.request("ReturnValues can only be ALL_OLD or NONE");
  kWrites.judge(subject);
  auto condition = legacy_condition(kWrites, "expected", in.Expected, in.ConditionalOperator);
  const bool expression = in.ConditionExpression.has_value();
  RequestExpressions expressions(service, kWrites, in.ExpressionAttributeNames, in.ExpressionAttributeValues,
                                 expression, expression);
  if (auto parsed = expressions.condition(in.ConditionExpression, "ConditionExpression"))
    condition = std::move(parsed);
  expressions.finish();
  return condition;
}

template <class In>
Change change_of(const In& in, const Item& key, const std::optional<BoundCondition>& condition) {
  return {key, condition ? &*condition : nullptr, in.ReturnValuesOnConditionCheckFailure == "ALL_OLD",
          in.ReturnValues == "ALL_OLD" || wanted(in.ReturnConsumedCapacity)};
}

template <class In>
WriteOutput reply(const In& in, const Item& key, Written written) {
  WriteOutput out;
  if (in.ReturnValues == "ALL_OLD") out.Attributes = std::move(written.old);
  out.ConsumedCapacity = consumed(*written.schema, written.cost, in.ReturnConsumedCapacity);
  out.ItemCollectionMetrics = collection_metrics(*written.schema, key, in.ReturnItemCollectionMetrics);
  return out;
}

Result<WriteOutput> put_item(DynamoDb& service, Context& context, PutItemInput in) {
  check_constraints(in, in.Item.has_value(), "item");
  const auto condition = prepare_condition(service, in, *in.Item);
  Item& item = in.Item->item;
  if (billed_size(item) > kMaxItemBytes)
    return AwsError::validation("Item size has exceeded the maximum allowed size");
  const auto table = service.data_table(context.scope, *in.TableName);
  if (!table) return table.error();
  check_put(*table->schema, item);
  auto written = write(service, *table, change_of(in, item, condition),
                       [&](const Schema&, const Item*, Item&) -> Result<const Item*> { return &item; });
  if (!written) return std::move(written.error());
  return reply(in, item, std::move(*written));
}

Result<WriteOutput> delete_item(DynamoDb& service, Context& context, DeleteItemInput in) {
  check_constraints(in, in.Key.has_value(), "key");
  const auto condition = prepare_condition(service, in, *in.Key);
  const auto table = service.data_table(context.scope, *in.TableName);
  if (!table) return table.error();
  const Item& key = in.Key->item;
  check_lookup(*table->schema, key);
  auto change = change_of(in, key, condition);
  change.needs_old = true;  // its row must be known to exist, for the indexes' sake and for the cost
  auto written = write(service, *table, change,
                       [](const Schema&, const Item*, Item&) -> Result<const Item*> { return nullptr; });
  if (!written) return std::move(written.error());
  return reply(in, key, std::move(*written));
}

Result<GetItemOutput> get_item(DynamoDb& service, Context& context, GetItemInput in) {
  Constraints constraints;
  constraints.table_name(in.TableName, Layer::current);
  constraints.present(in.Key.has_value(), "key");
  constraints.enumerated(in.ReturnConsumedCapacity, "returnConsumedCapacity", kReturnConsumedCapacity);
  constraints.finish();
  refuse_mixture(kReads, {{"AttributesToGet", in.AttributesToGet.has_value()}},
                 {{"ProjectionExpression", in.ProjectionExpression.has_value()}});
  kReads.judge(*in.Key);
  auto projection = legacy_projection(in.AttributesToGet);
  static const std::optional<GivenValues> kNoValues;
  RequestExpressions expressions(service, kReads, in.ExpressionAttributeNames, kNoValues,
                                 in.ProjectionExpression.has_value(), false);
  if (auto parsed = expressions.projection(in.ProjectionExpression)) projection = std::move(parsed);
  expressions.finish();

  const auto table = service.data_table(context.scope, *in.TableName);
  if (!table) return table.error();
  check_lookup(*table->schema, in.Key->item);
  GetItemOutput out;
  auto shown = show(service, *table->schema, in.Key->item, projection);
  if (wanted(in.ReturnConsumedCapacity)) {
    const auto units = read_units(shown ? shown->billed : 0, in.ConsistentRead.value_or(false));
    out.ConsumedCapacity = consumed(*table->schema, {units, {}}, in.ReturnConsumedCapacity);
  }
  if (shown) out.Item = std::move(shown->item);
  return out;
}

constexpr Operation kItems[] = {
    op<put_item>("PutItem"),
    op<get_item>("GetItem"),
    op<update_item>("UpdateItem"),
    op<delete_item>("DeleteItem"),
};
}  // namespace

std::span<const Operation> item_operations() { return kItems; }
}  // namespace emu::dynamodb
