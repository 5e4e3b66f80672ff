#include "emulator/services/dynamodb/partiql/translate.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "emulator/services/dynamodb/expression/bindings.hpp"
#include "emulator/services/dynamodb/partiql/conditions.hpp"
#include "emulator/services/dynamodb/partiql/literals.hpp"
#include "emulator/services/dynamodb/partiql/parser.hpp"

namespace emu::dynamodb::partiql {
namespace {
using namespace expression;

// "The hash key is not there": true where there is no item.
Condition no_item() {
  Call out{Function::attribute_not_exists, {}};
  out.arguments.emplace_back(Path{{kHashKey}});
  return {std::move(out)};
}

// What a column of this path is called in the result: its last name, and the indices behind that.
std::string column_name(const Path& path) {
  std::string out;
  for (const auto& step : path.steps) {
    if (const auto* name = std::get_if<std::string>(&step)) {
      out = *name;
    } else {
      out += fmt::format("[{}]", std::get<ListIndex>(step).at);
    }
  }
  return out;
}

class Translator {
 public:
  explicit Translator(Statement& out) : out_(out) {}

  void node(const SelectTree& tree) {
    auto& select = out_.action.emplace<Select>();
    from(tree.from);
    if (tree.aliased) throw AwsError::validation("Aliasing is not supported");
    if (!tree.unsupported.empty()) throw AwsError::validation(tree.unsupported);
    select.everything = tree.everything;
    for (const auto& column : tree.columns) {
      if (!Conditions::is_path(column)) throw unexpected_component(column);
      auto path = Conditions::path(column);
      auto name = column_name(path);
      if (std::ranges::find(select.columns, name, &Column::name) != select.columns.end())
        throw AwsError::validation(fmt::format("Duplicate identifiers in select clause: {}", name));
      select.columns.push_back({std::move(path), std::move(name)});
    }
    if (tree.where) select.where = where(tree.where);
    for (const auto& order : tree.order) {
      const auto* name = std::get_if<Name>(&order.key.node);
      if (!name) throw unexpected_component(order.key);
      select.order.push_back({name->name, order.descending});
    }
    if (!select.order.empty() && !select.where)
      throw AwsError::validation("Must have WHERE clause in the statement when using ORDER BY clause.");
  }

  void node(const InsertTree& tree) {
    auto& insert = out_.action.emplace<Insert>();
    from(tree.into);
    if (out_.source.index) throw AwsError::validation("FROM clause may only contain a single table name");
    insert.absent.tree = no_item();
    if (std::holds_alternative<Placeholder>(tree.value.node)) {
      insert.whole = conditions_.value(tree.value);
      return;
    }
    const auto* item = std::get_if<Structure>(&tree.value.node);
    if (!item) throw AwsError::validation("Unsupported operation: Insert");
    for (std::size_t i = 0; i < item->names.size(); ++i) {
      const auto* name = std::get_if<Text>(&item->names[i].node);
      if (!name) throw unexpected_component(item->names[i]);
      if (name->text.empty()) throw AwsError::validation("Empty attribute name");
      insert.attributes.emplace_back(name->text, conditions_.value(item->values[i]));
    }
  }

  void node(const UpdateTree& tree) {
    auto& update = out_.action.emplace<Update>();
    write(tree.table);
    update.returning = tree.returning;
    for (const auto& set : tree.sets) assign(update, set);
    for (const auto& path : tree.removes) update.changes.tree.removes.push_back(Conditions::path(path));
    update.where = where(tree.where);
  }

  void node(const DeleteTree& tree) {
    auto& remove = out_.action.emplace<Delete>();
    write(tree.from);
    if (tree.returning && (tree.returning->extent != Extent::all || tree.returning->side != Side::old))
      throw AwsError::validation(
          fmt::format("Invalid returning clause: RETURNING {} {} *. Only RETURNING ALL OLD * is allowed in "
                      "DELETE statements.",
                      tree.returning->extent == Extent::all ? "ALL" : "MODIFIED",
                      tree.returning->side == Side::old ? "OLD" : "NEW"));
    remove.returning = tree.returning.has_value();
    Or either;
    either.any.push_back(no_item());
    either.any.push_back(where(tree.where).tree);
    remove.condition.tree = {std::move(either)};
  }

  void node(const ExistsTree& tree) {
    auto& exists = out_.action.emplace<Exists>();
    from(tree.select.from);
    if (out_.source.index)
      throw AwsError::validation("EXISTS() must contain a single item read with additional condition");
    exists.where = where(tree.select.where);
  }

  void node(const Tree& tree) { throw unsupported(tree); }

  void finish() { out_.slots = conditions_.take_slots(); }

 private:
  void from(const SourceTree& source) {
    std::vector<std::string> names;
    if (const auto* name = std::get_if<Name>(&source.path.node)) {
      names.push_back(name->name);
    } else if (const auto* path = std::get_if<Document>(&source.path.node)) {
      for (const auto& step : Conditions::path(source.path).steps) {
        const auto* name_held = std::get_if<std::string>(&step);
        if (!name_held) throw unexpected_component(path->root[0]);
        names.push_back(*name_held);
      }
    } else {
      throw unexpected_component(source.path);
    }
    if (std::ranges::find(names, "") != names.end())
      throw AwsError::validation("Path component cannot be an empty string");
    if (names.size() > 2)
      throw AwsError::validation("A path may contain at most 2 components in the FROM clause");
    out_.source.table = std::move(names[0]);
    if (names.size() == 2) out_.source.index = std::move(names[1]);
    if (source.aliased) throw AwsError::validation("Aliasing is not supported");
  }
  void write(const SourceTree& source) {
    from(source);
    if (out_.source.index) throw AwsError::validation("This operation is not supported on an index");
  }
  Parsed<Condition> where(const std::optional<Tree>& tree) {
    if (!tree) throw AwsError::validation(std::string(kNoKey));
    return {conditions_.condition(*tree), {}};
  }

  void assign(Update& update, const SetTree& set) {
    auto target = Conditions::path(set.target);
    if (const auto* call = std::get_if<FunctionCall>(&set.value.node);
        call && (call->name == "set_add" || call->name == "set_delete"))
      return change_set(update, std::move(target), *call, set.value.at);
    SetAction action{.target = std::move(target), .left = ValueRef{0}};
    const auto* sum = std::get_if<Operation>(&set.value.node);
    if (sum && sum->operands.size() == 2 && (sum->op == Operator::plus || sum->op == Operator::minus)) {
      action.left = operand(sum->operands[0]);
      action.sign = sum->op == Operator::plus ? '+' : '-';
      action.right = operand(sum->operands[1]);
    } else {
      action.left = operand(set.value);
    }
    update.changes.tree.sets.push_back(std::move(action));
  }

  // SET path = set_add(path, set), which is ADD path set; set_delete likewise.
  void change_set(Update& update, Path target, const FunctionCall& call, const Position& at) {
    const std::string_view name = call.name == "set_add" ? "SET_ADD" : "SET_DELETE";
    if (call.arguments.size() != 2)
      throw AwsError::validation(fmt::format("{} must have exactly two arguments at {}", name, at.text()));
    const Tree &first = call.arguments[0], &second = call.arguments[1];
    if (!Conditions::is_path(first) || !same_path(Conditions::path(first), target, Bindings{}))
      throw AwsError::validation(
          fmt::format("The first argument to {} must equal the assignment value at {}", name, at.text()));
    SetOperand set{
        {},
        fmt::format("The second argument to {} must be a value with type SET at {}", name, first.at.text())};
    const auto* bag = std::get_if<Sequence>(&second.node);
    if (!std::holds_alternative<Placeholder>(second.node) && !(bag && bag->bag))
      throw AwsError::validation(set.refusal);
    set.value = conditions_.value(second);
    auto& actions = name == "SET_ADD" ? update.changes.tree.adds : update.changes.tree.deletes;
    actions.push_back({std::move(target), set.value});
    update.sets.push_back(std::move(set));
  }

  // What an assignment may compute with, besides what a condition may.
  Operand operand(const Tree& tree) {
    const auto* call = std::get_if<FunctionCall>(&tree.node);
    if (!call) return conditions_.operand(tree);
    Call out{Function::list_append, {}};
    if (call->name == "if_not_exists") {
      out.function = Function::if_not_exists;
    } else if (call->name != "list_append") {
      throw unrecognized(*call, tree.at);
    }
    for (const auto& argument : call->arguments) out.arguments.push_back(operand(argument));
    return std::make_unique<Call>(std::move(out));
  }

  Statement& out_;
  Conditions conditions_;
};
}  // namespace

bool Statement::returns() const {
  const auto* update = std::get_if<Update>(&action);
  const auto* remove = std::get_if<Delete>(&action);
  return (update && update->returning) || (remove && remove->returning);
}

Parsed<Statement> statement_of(std::string_view text, const ExpressionVoice&) {
  const auto tree = parse(text);
  Parsed<Statement> out;
  out.tree.parameters = tree.placeholders;
  Translator translator(out.tree);
  try {
    std::visit([&](const auto& held) { translator.node(held); }, tree.node);
  } catch (const AwsError& refusal) {
    out.tree.refusal = refusal;  // for AWS has more to say before it: see the header
  }
  translator.finish();
  return out;
}
}  // namespace emu::dynamodb::partiql
