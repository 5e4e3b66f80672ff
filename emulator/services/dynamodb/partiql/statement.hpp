// A PartiQL statement made ready for use (spec-dynamodb C10): its conditions and updates are the trees of
// expression/, whose checks and evaluation serve both languages. Made once per distinct text (cache.hpp) and
// shared by the requests that send it; what depends on their parameters is in bound.hpp.
#pragma once
#include <optional>
#include <variant>

#include "emulator/services/dynamodb/expression/parser.hpp"

namespace emu::dynamodb::partiql {
struct Source {
  std::string table;
  std::optional<std::string> index;
};

// A value of the statement: a literal, or a parameter by its number.
using Slot = std::variant<Value, std::uint16_t>;
// The one name that the trees refer to and the text does not have: the table's hash key.
inline constexpr expression::NameRef kHashKey{0};

enum class Extent { all, modified };
enum class Side { old, now };
struct Returning {
  Extent extent;
  Side side;
};

struct Column {
  expression::Path path;
  std::string name;  // in the result
};
struct OrderKey {
  std::string attribute;
  bool descending;
};
struct Select {
  bool everything = true;
  std::vector<Column> columns;
  std::optional<expression::Parsed<expression::Condition>> where;
  std::vector<OrderKey> order;
};
struct Insert {
  std::vector<std::pair<std::string, expression::ValueRef>> attributes;
  std::optional<expression::ValueRef> whole;         // VALUE ?
  expression::Parsed<expression::Condition> absent;  // that there is no such item yet
};
// The set of SET_ADD and SET_DELETE; what a parameter holds is known with the request only.
struct SetOperand {
  expression::ValueRef value;
  std::string refusal;
};
struct Update {
  expression::Parsed<expression::Update> changes;
  std::vector<SetOperand> sets;
  expression::Parsed<expression::Condition> where;
  std::optional<Returning> returning;
};
struct Delete {
  // What the text says, or that there is no item: deleting nothing succeeds.
  expression::Parsed<expression::Condition> condition;
  const expression::Condition& where() const { return std::get<expression::Or>(condition.tree.node).any[1]; }
  bool returning = false;  // ALL OLD *
};
struct Exists {  // a condition within a transaction
  expression::Parsed<expression::Condition> where;
};

struct Statement {
  Source source;
  std::variant<Select, Insert, Update, Delete, Exists> action;
  std::vector<Slot> slots;          // what ValueRefs refer to
  std::size_t parameters = 0;       // how many ? it has
  std::optional<AwsError> refusal;  // it is well formed, but DynamoDB does not do it; `action` is incomplete
  bool reads() const { return std::holds_alternative<Select>(action); }
  bool returns() const;
};
}  // namespace emu::dynamodb::partiql
