#include "emulator/services/dynamodb/partiql/changes.hpp"

#include "emulator/services/dynamodb/expression/update.hpp"
#include "emulator/services/dynamodb/partiql/access.hpp"
#include "emulator/services/dynamodb/partiql/translate.hpp"

namespace emu::dynamodb::partiql {
namespace {
Result<ActionOf> with_key(Action action, KeyOf found) {
  if (!found.contradictory.empty())
    return AwsError::validation(
        fmt::format("Multiple conditions on same key {}. Only single item Update/Insert/Delete are supported",
                    found.contradictory));
  if (!found.complete) return AwsError::validation(std::string(kNoKey));
  ActionOf out{std::make_unique<const Item>(std::move(found.key)), std::move(action)};
  out.action.subject = out.key.get();
  return out;
}

std::optional<Item> shown(const Prepared& statement, const Schema& schema, Written& written) {
  if (const auto* remove = statement.as<Delete>())
    return remove->returning ? std::move(written.old) : std::nullopt;
  const auto* update = statement.as<Update>();
  if (!update || !update->returning) return std::nullopt;
  auto& side = update->returning->side == Side::old ? written.old : written.now;
  if (!side || update->returning->extent == Extent::all) return std::move(side);
  auto touched = expression::project(expression::targets(update->changes.tree),
                                     statement.bindings(schema.key.hash[0].name), *side);
  return touched.empty() ? std::nullopt : std::optional(std::move(touched));
}
}  // namespace

Result<ActionOf> action_of(const Schema& schema, const Prepared& statement) {
  const auto bindings = statement.bindings(schema.key.hash[0].name);
  if (const auto* insert = statement.as<Insert>()) {
    ActionOf out{nullptr, {Action::Kind::put, &statement.item()}};
    out.action.condition = statement.bound(insert->absent, schema);
    return out;
  }
  if (const auto* remove = statement.as<Delete>()) {
    Action action{Action::Kind::remove};
    action.condition = statement.bound(remove->condition, schema);
    return with_key(std::move(action), key_of(schema, remove->where(), bindings, false));
  }
  if (const auto* update = statement.as<Update>()) {
    Action action{Action::Kind::update};
    action.condition = statement.bound(update->where, schema);
    action.update = statement.bound(update->changes, schema);
    return with_key(std::move(action), key_of(schema, update->where.tree, bindings, false));
  }
  const auto& exists = *statement.as<Exists>();
  auto found = key_of(schema, exists.where.tree, bindings, false);
  if (!found.complete || (!found.other_conditions && found.contradictory.empty()))
    return AwsError::validation("EXISTS() must contain a single item read with additional condition");
  found.contradictory = {};  // the condition is judged on the first item named
  Action action{Action::Kind::check};
  action.condition = statement.bound(exists.where, schema);
  return with_key(std::move(action), std::move(found));
}

Result<Changed> change(DynamoDb& service, const Table& table, const Prepared& statement,
                       const ActionOf& action, bool needs_old) {
  auto written = write(service, table, action.action, needs_old || statement->returns());
  if (!written) {
    auto& error = written.error();
    if (statement.as<Insert>() && error.code == condition_failed().code)
      return AwsError{"DuplicateItemException", "Duplicate primary key exists in table"};
    if (error.message == kTooDeep) error.message = "Nesting Levels have exceeded supported limits";
    return std::move(error);
  }
  return Changed{shown(statement, *table.schema, *written), std::move(written->cost)};
}
}  // namespace emu::dynamodb::partiql
