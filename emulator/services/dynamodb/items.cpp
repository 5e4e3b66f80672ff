// PutItem, GetItem, DeleteItem.
#include "emulator/services/dynamodb/action.hpp"
#include "emulator/services/dynamodb/constraints.hpp"
#include "emulator/services/dynamodb/item_inputs.hpp"
#include "emulator/services/dynamodb/keys.hpp"
#include "emulator/services/dynamodb/rows.hpp"
#include "emulator/services/dynamodb/show.hpp"

namespace emu::dynamodb {
Result<WriteOutput> update_item(DynamoDb& service, Context& context, UpdateItemInput in);  // update_item.cpp

namespace {
// Step 10 of A2 for PutItem and DeleteItem.
template <class In>
void check_constraints(const In& in, const Voice& voice, bool has_subject, std::string_view subject) {
  if (!has_subject) Constraints::refuse_without(subject, in);
  Constraints constraints;
  constraints.table_name(in.TableName, voice.layer);
  constraints.conditional_operator(in.ConditionalOperator, voice.layer);
  constraints.enumerated(in.ReturnConsumedCapacity, "returnConsumedCapacity", kReturnConsumedCapacity);
  constraints.return_values(in.ReturnValues, voice.layer);
  constraints.enumerated(in.ReturnItemCollectionMetrics, "returnItemCollectionMetrics",
                         kReturnItemCollectionMetrics);
  constraints.enumerated(in.ReturnValuesOnConditionCheckFailure, "returnValuesOnConditionCheckFailure",
                         kOnConditionCheckFailure);
  constraints.finish();
}

// Step 11: combinations of parameters, values, then the condition.
template <class In>
Action prepare(DynamoDb& service, const Voice& voice, const In& in, Action::Kind kind,
               const GivenItem& subject) {
  refuse_mixture(
      voice,
      {{"Expected", in.Expected.has_value()}, {"ConditionalOperator", in.ConditionalOperator.has_value()}},
      {{"ConditionExpression", in.ConditionExpression.has_value()}});
  if (in.ReturnValues && *in.ReturnValues != "NONE" && *in.ReturnValues != "ALL_OLD")
    throw voice.request("ReturnValues can only be ALL_OLD or NONE");
  voice.judge(subject);
  Action out{kind, &subject.item};
  out.show_item_on_failure = in.ReturnValuesOnConditionCheckFailure == "ALL_OLD";
  out.condition = legacy_condition(voice, "expected", in.Expected, in.ConditionalOperator);
  static const std::optional<std::string> kNoUpdate;
  add_expressions(
      service, voice,
      {kNoUpdate, in.ConditionExpression, in.ExpressionAttributeNames, in.ExpressionAttributeValues}, out);
  return out;
}

template <class In>
Result<WriteOutput> carry_out(DynamoDb& service, const Context& context, const In& in, const Action& action) {
  const auto table = service.data_table(context.scope, *in.TableName);
  if (!table) return table.error();
  const bool needs_old = in.ReturnValues == "ALL_OLD" || wanted(in.ReturnConsumedCapacity);
  auto written = write(service, *table, action, needs_old);
  if (!written) return std::move(written.error());
  WriteOutput out;
  if (in.ReturnValues == "ALL_OLD") out.Attributes = std::move(written->old);
  out.ConsumedCapacity = consumed(*written->schema, written->cost, in.ReturnConsumedCapacity);
  out.ItemCollectionMetrics =
      collection_metrics(*written->schema, *action.subject, in.ReturnItemCollectionMetrics);
  return out;
}

Result<WriteOutput> put_item(DynamoDb& service, Context& context, PutItemInput in) {
  const Voice voice = service.voice(Layer::prefixed);
  check_constraints(in, voice, in.Item.has_value(), "item");
  const auto action = prepare(service, voice, in, Action::Kind::put, *in.Item);
  check_item_size(in.Item->item);
  return carry_out(service, context, in, action);
}

Result<WriteOutput> delete_item(DynamoDb& service, Context& context, DeleteItemInput in) {
  const Voice voice = service.voice(Layer::prefixed);
  check_constraints(in, voice, in.Key.has_value(), "key");
  return carry_out(service, context, in, prepare(service, voice, in, Action::Kind::remove, *in.Key));
}

Result<GetItemOutput> get_item(DynamoDb& service, Context& context, GetItemInput in) {
  const Voice voice = service.voice(Layer::current);
  Constraints constraints;
  constraints.table_name(in.TableName, voice.layer);
  constraints.present(in.Key.has_value(), "key");
  constraints.enumerated(in.ReturnConsumedCapacity, "returnConsumedCapacity", kReturnConsumedCapacity);
  constraints.finish();
  refuse_mixture(voice, {{"AttributesToGet", in.AttributesToGet.has_value()}},
                 {{"ProjectionExpression", in.ProjectionExpression.has_value()}});
  voice.judge(*in.Key);
  auto projection = legacy_projection(in.AttributesToGet);
  static const std::optional<GivenValues> kNoValues;
  RequestExpressions expressions(service, voice, in.ExpressionAttributeNames, kNoValues,
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
