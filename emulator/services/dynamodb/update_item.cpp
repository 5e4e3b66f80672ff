// UpdateItem: the one write whose new item depends on the old.
#include "emulator/services/dynamodb/action.hpp"
#include "emulator/services/dynamodb/constraints.hpp"
#include "emulator/services/dynamodb/expression/update.hpp"
#include "emulator/services/dynamodb/item_inputs.hpp"

namespace emu::dynamodb {
namespace {
void check_constraints(const UpdateItemInput& in, const Voice& voice) {
  if (!in.Key) Constraints::refuse_without("key", in);
  Constraints constraints;
  constraints.table_name(in.TableName, voice.layer);
  constraints.return_values(in.ReturnValues, voice.layer);
  if (voice.layer == Layer::prefixed) constraints.finish();  // a bad ReturnValues is reported alone (A6)
  constraints.conditional_operator(in.ConditionalOperator, voice.layer);
  constraints.enumerated(in.ReturnConsumedCapacity, "returnConsumedCapacity", kReturnConsumedCapacity);
  constraints.enumerated(in.ReturnItemCollectionMetrics, "returnItemCollectionMetrics",
                         kReturnItemCollectionMetrics);
  constraints.enumerated(in.ReturnValuesOnConditionCheckFailure, "returnValuesOnConditionCheckFailure",
                         kOnConditionCheckFailure);
  constraints.finish();
}

Action prepare(DynamoDb& service, const Voice& voice, const UpdateItemInput& in) {
  refuse_mixture(voice,
                 {{"AttributeUpdates", in.AttributeUpdates.has_value()},
                  {"Expected", in.Expected.has_value()},
                  {"ConditionalOperator", in.ConditionalOperator.has_value()}},
                 {{"UpdateExpression", in.UpdateExpression.has_value()},
                  {"ConditionExpression", in.ConditionExpression.has_value()}});
  voice.judge(*in.Key);
  Action out{Action::Kind::update, &in.Key->item};
  out.show_item_on_failure = in.ReturnValuesOnConditionCheckFailure == "ALL_OLD";
  out.update = legacy_update(voice, in.AttributeUpdates);
  out.legacy_update = out.update.has_value();
  out.condition = legacy_condition(voice, "expected", in.Expected, in.ConditionalOperator);
  add_expressions(service, voice,
                  {in.UpdateExpression, in.ConditionExpression, in.ExpressionAttributeNames,
                   in.ExpressionAttributeValues},
                  out);
  return out;
}

std::optional<Item> attributes(const std::optional<std::string>& mode, const Action& action,
                               Written& written) {
  if (!mode || *mode == "NONE") return std::nullopt;
  auto& side = mode->ends_with("OLD") ? written.old : written.now;
  if (!side || mode->starts_with("ALL")) return std::move(side);
  if (!action.update) return std::nullopt;
  auto touched = project(targets(action.update->tree()), action.update->bindings, *side);
  if (touched.empty()) return std::nullopt;
  return touched;
}
}  // namespace

Result<WriteOutput> update_item(DynamoDb& service, Context& context, UpdateItemInput in) {
  const Voice voice = service.voice(Layer::prefixed);
  check_constraints(in, voice);
  const auto action = prepare(service, voice, in);
  const auto table = service.data_table(context.scope, *in.TableName);
  if (!table) return table.error();
  auto written = write(service, *table, action, true);
  if (!written) return std::move(written.error());
  WriteOutput out;
  out.ConsumedCapacity = consumed(*written->schema, written->cost, in.ReturnConsumedCapacity);
  out.ItemCollectionMetrics =
      collection_metrics(*written->schema, in.Key->item, in.ReturnItemCollectionMetrics);
  out.Attributes = attributes(in.ReturnValues, action, *written);
  return out;
}
}  // namespace emu::dynamodb
