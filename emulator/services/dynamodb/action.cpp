#include "emulator/services/dynamodb/action.hpp"

#include "emulator/services/dynamodb/expression/update.hpp"
#include "emulator/services/dynamodb/keys.hpp"

namespace emu::dynamodb {
namespace {
std::optional<AwsError> target_fault(const Schema& schema, const BoundUpdate& update) {
  for (const auto* path : targets(update.tree())) {
    const auto name = update.bindings.name(path->steps[0]);
    const bool below = path->steps.size() > 1;
    constexpr std::string_view kScalar =
        "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: ";
    if (schema.key.find(name)) {
      if (below) return AwsError::validation(fmt::format("{}Key: {}", kScalar, name));
      return invalid_parameters(
          fmt::format("Cannot update attribute {}. This attribute is part of the key", name));
    }
    for (const auto& index : schema.indexes)
      if (below && index.key.find(name))
        return AwsError::validation(fmt::format("{}IndexKey: {}", kScalar, name));
  }
  return std::nullopt;
}

// Calls f(name, value) for every attribute set to a value of the request, which is known before the item is.
template <class F>
void each_assigned(const BoundUpdate& update, F f) {
  for (const auto& set : update.tree().sets)
    if (const auto* ref = std::get_if<expression::ValueRef>(&set.left);
        ref && set.target.steps.size() == 1 && !set.sign)
      f(update.bindings.name(set.target.steps[0]), update.bindings.value(*ref));
}

Result<const Item*> updated(const Action& action, const Schema& schema, const Item* old, Item& made) {
  if (!action.update) {
    made = old ? *old : *action.subject;
    return &made;
  }
  const auto& tree = action.update->tree();
  if (!old && tree.sets.empty() && tree.adds.empty()) return nullptr;  // nothing to take away from
  auto item = apply(tree, action.update->bindings, old ? *old : *action.subject, old != nullptr);
  if (!item) {
    if (action.legacy_update && item.error().message.starts_with("An operand"))
      return AwsError::validation("Type mismatch for attribute to update");
    return std::move(item.error());
  }
  std::vector<std::string_view> assigned;
  each_assigned(*action.update, [&](auto name, const Value&) { assigned.push_back(name); });
  if (auto wrong = updated_fault(schema, *item, assigned)) return std::move(*wrong);
  for (const auto& attribute : *item)
    if (depth(attribute.value) > kMaxDepth) return AwsError::validation(std::string(kTooDeep));
  if (billed_size(*item) > kMaxItemBytes)
    return AwsError::validation("Item size to update has exceeded the maximum allowed size");
  made = std::move(*item);
  return &made;
}
}  // namespace

void add_expressions(DynamoDb& service, const Voice& voice, const GivenExpressions& given, Action& action) {
  const bool any = given.update || given.condition;
  RequestExpressions expressions(service, voice, given.names, given.values, any, any,
                                 action.kind == Action::Kind::update
                                     ? "UpdateExpression and ConditionExpression are null"
                                     : "ConditionExpression is null");
  if (auto parsed = expressions.update(given.update)) action.update = std::move(parsed);
  if (auto parsed = expressions.condition(given.condition, "ConditionExpression"))
    action.condition = std::move(parsed);
  expressions.finish();
}

std::optional<AwsError> fault(const Action& action, const Schema& schema) {
  if (action.kind == Action::Kind::put) return put_fault(schema, *action.subject);
  auto wrong = lookup_fault(schema, *action.subject);
  if (!wrong && action.update) wrong = target_fault(schema, *action.update);
  return wrong;
}

std::optional<AwsError> empty_fault(const Action& action, const Schema& schema) {
  auto wrong = empty_fault(schema, *action.subject);
  if (wrong || !action.update) return wrong;
  each_assigned(*action.update, [&](std::string_view name, const Value& value) {
    for (const auto& index : schema.indexes)
      if (const auto* part = index.key.find(name);
          !wrong && part && part->type == value.type() && is_empty(value))
        wrong = empty_updated_key(value);
  });
  return wrong;
}

Result<const Item*> outcome(const Action& action, const Schema& schema, const Item* old, Item& made) {
  switch (action.kind) {
    case Action::Kind::put:
      return action.subject;
    case Action::Kind::remove:
      return nullptr;
    case Action::Kind::update:
      return updated(action, schema, old, made);
    case Action::Kind::check:
      break;
  }
  return old;
}
}  // namespace emu::dynamodb
