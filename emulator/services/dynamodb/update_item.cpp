// UpdateItem: the one write whose new item depends on the old.
#include <algorithm>

#include "emulator/services/dynamodb/constraints.hpp"
#include "emulator/services/dynamodb/expression/update.hpp"
#include "emulator/services/dynamodb/item_inputs.hpp"
#include "emulator/services/dynamodb/keys.hpp"
#include "emulator/services/dynamodb/writes.hpp"

namespace emu::dynamodb {
namespace {
constexpr Voice kVoice{Layer::prefixed};

void check_constraints(const UpdateItemInput& in) {
  if (!in.Key) Constraints::refuse_without("key", in);
  Constraints constraints;
  constraints.table_name(in.TableName, Layer::prefixed);
  constraints.return_values(in.ReturnValues, Layer::prefixed);
  constraints.finish();  // UpdateItem reports a bad ReturnValues alone (A6)
  constraints.conditional_operator(in.ConditionalOperator, Layer::prefixed);
  constraints.enumerated(in.ReturnConsumedCapacity, "returnConsumedCapacity", kReturnConsumedCapacity);
  constraints.enumerated(in.ReturnItemCollectionMetrics, "returnItemCollectionMetrics",
                         kReturnItemCollectionMetrics);
  constraints.enumerated(in.ReturnValuesOnConditionCheckFailure, "returnValuesOnConditionCheckFailure",
                         kOnConditionCheckFailure);
  constraints.finish();
}

struct Prepared {
  std::optional<BoundUpdate> update;
  std::optional<BoundCondition> condition;
  bool legacy = false;
};

Prepared prepare(DynamoDb& service, const UpdateItemInput& in) {
  refuse_mixture(kVoice,
                 {{"AttributeUpdates", in.AttributeUpdates.has_value()},
                  {"Expected", in.Expected.has_value()},
                  {"ConditionalOperator", in.ConditionalOperator.has_value()}},
                 {{"UpdateExpression", in.UpdateExpression.has_value()},
                  {"ConditionExpression", in.ConditionExpression.has_value()}});
  kVoice.judge(*in.Key);
  Prepared out;
  out.update = legacy_update(kVoice, in.AttributeUpdates);
  out.legacy = out.update.has_value();
  out.condition = legacy_condition(kVoice, "expected", in.Expected, in.ConditionalOperator);
  const bool any = in.UpdateExpression || in.ConditionExpression;
  RequestExpressions expressions(service, kVoice, in.ExpressionAttributeNames, in.ExpressionAttributeValues,
                                 any, any);
  if (auto parsed = expressions.update(in.UpdateExpression)) out.update = std::move(parsed);
  if (auto parsed = expressions.condition(in.ConditionExpression, "ConditionExpression"))
    out.condition = std::move(parsed);
  expressions.finish();
  return out;
}

void check_targets(const Schema& schema, const BoundUpdate& update) {
  for (const auto* path : targets(update.tree())) {
    const auto name = update.bindings.name(path->steps[0]);
    const bool below = path->steps.size() > 1;
    constexpr std::string_view kScalar =
        "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: ";
    if (schema.key.find(name)) {
      if (below) throw AwsError::validation(fmt::format("{}Key: {}", kScalar, name));
      throw invalid_parameters(
          fmt::format("Cannot update attribute {}. This attribute is part of the key", name));
    }
    for (const auto& index : schema.indexes)
      if (below && index.key.find(name))
        throw AwsError::validation(fmt::format("{}IndexKey: {}", kScalar, name));
  }
}

// Attributes set to a value of the request, whose type is known before the item is.
std::vector<std::string_view> assigned(const BoundUpdate& update) {
  std::vector<std::string_view> out;
  for (const auto& set : update.tree().sets)
    if (set.target.steps.size() == 1 && !set.sign && std::holds_alternative<expression::ValueRef>(set.left))
      out.push_back(update.bindings.name(set.target.steps[0]));
  return out;
}

Result<const Item*> updated(const Prepared& prepared, const Schema& schema, const Item& key, const Item* old,
                            Item& made) {
  if (!prepared.update) {
    made = old ? *old : key;  // no update at all: the bare key comes to exist
    return &made;
  }
  const auto& tree = prepared.update->tree();
  if (!old && tree.sets.empty() && tree.adds.empty()) return nullptr;  // nothing to take away from
  auto item = apply(tree, prepared.update->bindings, old ? *old : key, old != nullptr);
  if (!item) {
    if (prepared.legacy && item.error().message.starts_with("An operand"))
      return AwsError::validation("Type mismatch for attribute to update");
    return std::move(item.error());
  }
  check_updated(schema, *item, assigned(*prepared.update));
  for (const auto& attribute : *item)
    if (depth(attribute.value) > kMaxDepth) return AwsError::validation(std::string(kTooDeep));
  if (billed_size(*item) > kMaxItemBytes)
    return AwsError::validation("Item size to update has exceeded the maximum allowed size");
  made = std::move(*item);
  return &made;
}

std::optional<Item> attributes(const std::optional<std::string>& mode, const Prepared& prepared,
                               Written& written) {
  if (!mode || *mode == "NONE") return std::nullopt;
  auto& side = mode->ends_with("OLD") ? written.old : written.now;
  if (!side || mode->starts_with("ALL")) return std::move(side);
  if (!prepared.update) return std::nullopt;
  auto touched = project(targets(prepared.update->tree()), prepared.update->bindings, *side);
  if (touched.empty()) return std::nullopt;
  return touched;
}
}  // namespace

Result<WriteOutput> update_item(DynamoDb& service, Context& context, UpdateItemInput in) {
  check_constraints(in);
  const auto prepared = prepare(service, in);
  const auto table = service.data_table(context.scope, *in.TableName);
  if (!table) return table.error();
  const Item& key = in.Key->item;
  check_lookup(*table->schema, key);
  if (prepared.update) check_targets(*table->schema, *prepared.update);
  const Change change{key, prepared.condition ? &*prepared.condition : nullptr,
                      in.ReturnValuesOnConditionCheckFailure == "ALL_OLD"};
  auto written = write(service, *table, change, [&](const Schema& schema, const Item* old, Item& made) {
    return updated(prepared, schema, key, old, made);
  });
  if (!written) return std::move(written.error());
  WriteOutput out;
  out.ConsumedCapacity = consumed(*written->schema, written->cost, in.ReturnConsumedCapacity);
  out.ItemCollectionMetrics = collection_metrics(*written->schema, key, in.ReturnItemCollectionMetrics);
  out.Attributes = attributes(in.ReturnValues, prepared, *written);
  return out;
}
}  // namespace emu::dynamodb
