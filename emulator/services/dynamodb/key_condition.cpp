#include "emulator/services/dynamodb/key_condition.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "emulator/services/dynamodb/expression/evaluate.hpp"
#include "emulator/services/dynamodb/expression/parser.hpp"
#include "emulator/services/dynamodb/keys.hpp"

namespace emu::dynamodb {
namespace {
using namespace expression;

struct Collector {
  const Bindings& bindings;
  const ExpressionVoice& voice;
  std::vector<KeyTest> tests;

  [[noreturn]] void bad_operator(std::string_view name) const {
    voice.refuse(fmt::format("Invalid operator used in KeyConditionExpression: {}", name));
  }
  [[noreturn]] void bad_condition(std::string_view text) const {
    voice.refuse(fmt::format("Invalid condition in KeyConditionExpression: {}", text));
  }
  std::string_view key_name(const Path& path) const {
    if (path.steps.size() > 1)
      voice.refuse("KeyConditionExpressions cannot have conditions on nested attributes");
    return bindings.name(path.steps[0]);
  }
  void no_nesting(const Operand& o) const {
    if (std::holds_alternative<std::unique_ptr<Call>>(o))
      voice.refuse("KeyConditionExpressions cannot contain nested operations");
  }
  const Value* constant(const Operand& o) const {
    no_nesting(o);
    if (const auto* v = std::get_if<ValueRef>(&o)) return &bindings.value(*v);
    bad_condition("Multiple attribute names used in one condition");
  }
  void add(KeyTest test) {
    if (std::ranges::find(tests, test.name, &KeyTest::name) != tests.end())
      voice.refuse("KeyConditionExpressions must only contain one condition per key");
    tests.push_back(test);
  }
  const Path& first_operand(const Operand& o, std::string_view name) const {
    no_nesting(o);
    if (const auto* path = std::get_if<Path>(&o)) return *path;
    bad_condition(fmt::format("{} operator must have the key attribute as its first operand", name));
  }

  void node(const Compare& c) {
    if (c.comparator == Comparator::ne) bad_operator("<>");
    no_nesting(c.left);
    no_nesting(c.right);
    if (const auto* path = std::get_if<Path>(&c.left)) {
      const auto* value = constant(c.right);
      return add({key_name(*path), key_operator(c.comparator, false), value});
    }
    const auto* path = std::get_if<Path>(&c.right);
    if (!path) bad_condition("No key attribute specified");
    add({key_name(*path), key_operator(c.comparator, true), constant(c.left)});
  }
  void node(const Between& b) {
    const auto& path = first_operand(b.value, "BETWEEN");
    const auto *low = constant(b.low), *high = constant(b.high);
    add({key_name(path), KeyOperator::between, low, high});
  }
  void node(const Call& c) {
    if (c.function != Function::begins_with) bad_operator(function_name(c.function));
    const auto& path = first_operand(c.arguments[0], "begins_with");
    const auto* value = constant(c.arguments[1]);
    add({key_name(path), KeyOperator::begins_with, value});
  }
  void node(const In&) const { bad_operator("IN"); }
  void node(const Or&) const { bad_operator("OR"); }
  void node(const Not&) const { bad_operator("NOT"); }
  void node(const And& a) {
    for (const auto& c : a.all) condition(c);
  }
  void condition(const Condition& c) {
    std::visit([&](const auto& held) { node(held); }, c.node);
  }
};

AwsError missed(std::string_view name) {
  return AwsError::validation(fmt::format("Query condition missed key schema element: {}", name));
}

void check_value(const KeyPart& part, const KeyTest& test) {
  for (const auto* v : {test.value, test.high}) {
    if (!v) continue;
    if (v->type() != part.type)
      throw invalid_parameters("Condition parameter type does not match schema type");
    if (is_empty(*v)) throw empty_key(part, *v);
  }
}

// A partition of several hash keys is named by all of them (E7).
void check_partition(const KeyShape& shape, const std::vector<KeyTest>& tests) {
  std::vector<std::string_view> open;
  for (const auto& part : shape.hash)
    if (std::ranges::none_of(
            tests, [&](const KeyTest& t) { return t.name == part.name && t.op == KeyOperator::eq; }))
      open.push_back(part.name);
  if (!open.empty())
    throw AwsError::validation(
        fmt::format("HASH key attributes {} must have equality conditions specified in the query",
                    fmt::join(open, ", ")));
}

// A later range key has a condition while an earlier has none, or no equality (E7).
AwsError needs_equality(std::string_view part, std::string_view because) {
  return AwsError::validation(fmt::format(
      "RANGE key attributes {} must have equality conditions specified in the query because a condition "
      "is present on key attribute {}",
      part, because));
}
}  // namespace

KeyOperator key_operator(expression::Comparator comparator, bool mirrored) {
  static constexpr KeyOperator kForward[] = {KeyOperator::eq, KeyOperator::eq, KeyOperator::lt,
                                             KeyOperator::le, KeyOperator::gt, KeyOperator::ge};
  static constexpr KeyOperator kMirrored[] = {KeyOperator::eq, KeyOperator::eq, KeyOperator::gt,
                                              KeyOperator::ge, KeyOperator::lt, KeyOperator::le};
  return (mirrored ? kMirrored : kForward)[static_cast<std::size_t>(comparator)];
}

bool KeyTest::holds(const Value& v) const {
  if (op == KeyOperator::begins_with) return begins_with(v, *value);
  const auto against = order(v, *value);
  if (!against) return false;
  switch (op) {
    case KeyOperator::eq:
      return *against == 0;
    case KeyOperator::lt:
      return *against < 0;
    case KeyOperator::le:
      return *against <= 0;
    case KeyOperator::gt:
      return *against > 0;
    case KeyOperator::ge:
      return *against >= 0;
    case KeyOperator::between:
      return *against >= 0 && order(v, *high) != std::strong_ordering::greater;
    case KeyOperator::begins_with:
      break;
  }
  return false;
}

std::vector<KeyTest> key_tests(const BoundCondition& condition, const ExpressionVoice& voice) {
  Collector collector{condition.bindings, voice, {}};
  collector.condition(condition.tree());
  return std::move(collector.tests);
}

KeyQuery fit(const KeyShape& shape, const std::vector<KeyTest>& tests) {
  const auto unsupported = [] { return AwsError::validation("Query key condition not supported"); };
  const auto of = [&](const KeyPart& part) -> const KeyTest* {
    const auto it = std::ranges::find(tests, part.name, &KeyTest::name);
    return it == tests.end() ? nullptr : &*it;
  };
  const auto keys = shape.hash.size() + shape.range.size();
  if (tests.size() > keys && !(keys == 1 && tests.size() == 2))
    throw AwsError::validation(fmt::format(
        "The number of query conditions ({}) exceeds the number of key attributes defined in the schema ({})",
        tests.size(), keys));
  if (shape.hash.size() > 1) check_partition(shape, tests);
  KeyQuery out;
  for (const auto& part : shape.hash) {
    const auto* test = of(part);
    if (!test) throw missed(part.name);
    if (test->op != KeyOperator::eq) throw unsupported();
    check_value(part, *test);
    out.hash.push_back(test->value);
  }
  const KeyPart* open = nullptr;  // the first range key without an equality
  for (const auto& part : shape.range) {
    const auto* test = of(part);
    if (test && open) throw needs_equality(open->name, part.name);
    if (!open && (!test || test->op != KeyOperator::eq)) open = &part;
    if (!test) continue;
    check_value(part, *test);
    out.range.push_back(*test);
  }
  if (out.hash.size() + out.range.size() < tests.size()) {  // a condition on something else
    if (shape.range.empty()) throw unsupported();
    throw missed(shape.range[out.range.size() < shape.range.size() ? out.range.size() : 0].name);
  }
  return out;
}

storage::Range rows(const Schema& schema, unsigned slot, const KeyQuery& query) {
  using storage::prefix;
  storage::Key at = partition_prefix(schema, slot, query.hash);
  const KeyTest* last = nullptr;
  for (const auto& test : query.range) {
    if (test.op != KeyOperator::eq) {
      last = &test;
      break;
    }
    at.raw(part_bytes(*test.value));
  }
  auto out = prefix(at);
  if (!last) return out;
  const auto bound = [&](const Value& v) { return at.bytes() + part_bytes(v); };
  switch (last->op) {
    case KeyOperator::lt:
      out.to = bound(*last->value);
      break;
    case KeyOperator::le:
      out.to = prefix(bound(*last->value)).to;
      break;
    case KeyOperator::gt:
      out.from = prefix(bound(*last->value)).to;
      break;
    case KeyOperator::ge:
      out.from = bound(*last->value);
      break;
    case KeyOperator::between:
      out.from = bound(*last->value);
      out.to = prefix(bound(*last->high)).to;
      break;
    case KeyOperator::begins_with:
      out = prefix(at.bytes() + open_bytes(*last->value));
      break;
    case KeyOperator::eq:
      break;
  }
  return out;
}
}  // namespace emu::dynamodb
