#include "emulator/services/dynamodb/partiql/conditions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "emulator/base/text.hpp"
#include "emulator/services/dynamodb/partiql/literals.hpp"

namespace emu::dynamodb::partiql {
namespace {
using namespace expression;

constexpr std::size_t kMaxSlots = 20'000;  // a statement of 8192 characters has less, unless it repeats
constexpr std::size_t kMaxIn = 100;        // values of one IN
constexpr std::size_t kInAtOnce = 99;      // as many as the condition language takes (D3)

constexpr std::pair<std::string_view, Function> kTests[] = {
    {"attribute_exists", Function::attribute_exists},
    {"attribute_not_exists", Function::attribute_not_exists},
    {"attribute_type", Function::attribute_type},
    {"begins_with", Function::begins_with},
    {"contains", Function::contains},
};
const Function* test_named(std::string_view name) {
  const auto* found = std::ranges::find(kTests, name, &std::pair<std::string_view, Function>::first);
  return found == std::end(kTests) ? nullptr : &found->second;
}

AwsError misused(std::string_view function) {
  return AwsError::validation(fmt::format(
      "The function is not allowed to be used this way in an expression; function: {}", function));
}

bool is_condition(const Tree& tree) {
  if (const auto* o = std::get_if<Operation>(&tree.node)) return o->op <= Operator::like;
  if (const auto* c = std::get_if<FunctionCall>(&tree.node)) return test_named(c->name);
  return std::holds_alternative<IsType>(tree.node);
}

Condition constant(bool holds) { return holds ? Condition{And{}} : Condition{Or{}}; }
Condition negation(Condition inner) { return {Not{std::make_unique<Condition>(std::move(inner))}}; }
Condition both(Condition a, Condition b) {
  And out;
  out.all.push_back(std::move(a));
  out.all.push_back(std::move(b));
  return {std::move(out)};
}
Condition either(Condition a, Condition b) {
  Or out;
  out.any.push_back(std::move(a));
  out.any.push_back(std::move(b));
  return {std::move(out)};
}
Condition test(Function f, const Path& path) {
  Call out{f, {}};
  out.arguments.emplace_back(path);
  return {std::move(out)};
}

// The types that a type name of PartiQL covers, in DynamoDB's letters.
std::vector<std::string_view> letters_of(std::string_view type) {
  static constexpr std::string_view kTexts[] = {"char", "character", "clob", "string", "symbol", "varchar"};
  static constexpr std::string_view kNumbers[] = {"dec",     "decimal", "double", "float",
                                                  "int",     "int2",    "int4",   "int8",
                                                  "integer", "numeric", "real",   "smallint"};
  if (type == "null") return {"NULL"};
  if (type.starts_with("bool")) return {"BOOL"};
  if (type == "blob") return {"B"};
  if (type == "list" || type == "sexp") return {"L"};
  if (type == "struct" || type == "tuple") return {"M"};
  if (type == "bag") return {"SS", "NS", "BS"};
  if (std::ranges::binary_search(kTexts, type)) return {"S"};
  if (std::ranges::binary_search(kNumbers, type)) return {"N"};
  return {};  // dates and times
}
}  // namespace

AwsError unsupported(const Tree& tree) {
  return AwsError::validation(fmt::format("Unsupported operation: {}", node_name(tree)));
}
AwsError unexpected_component(const Tree& tree) {
  return AwsError::validation(fmt::format("Unexpected path component at {}", tree.at.text()));
}
AwsError unrecognized(const FunctionCall& call, const Position& at) {
  return AwsError::validation(fmt::format("Unrecognized function: {} at {}", call.name, at.text()));
}

ValueRef Conditions::slot(Slot one) {
  if (slots_.size() == kMaxSlots)
    throw AwsError::validation("Expression size has exceeded the maximum allowed size");
  slots_.push_back(std::move(one));
  return ValueRef{static_cast<std::uint16_t>(slots_.size() - 1)};
}
ValueRef Conditions::value(const Tree& tree) {
  if (const auto* placeholder = std::get_if<Placeholder>(&tree.node)) return slot(placeholder->index);
  return slot(literal(tree));
}

Path Conditions::path(const Tree& tree) {
  if (const auto* name = std::get_if<Name>(&tree.node)) return Path{{expression::Step(name->name)}};
  const auto& document = std::get<Document>(tree.node);
  const auto* root = std::get_if<Name>(&document.root[0].node);
  if (!root) throw unexpected_component(document.root[0]);
  Path out{{expression::Step(root->name)}};
  for (const auto& step : document.steps) {
    if (step.member) {
      out.steps.emplace_back(*step.member);
      continue;
    }
    const Tree& index = step.index[0];
    if (const auto* member = std::get_if<Text>(&index.node)) {
      out.steps.emplace_back(member->text);
      continue;
    }
    const auto* digits = std::get_if<Digits>(&index.node);
    if (!digits) throw unexpected_component(index);
    const auto at = number_in<std::int32_t>(digits->text);
    if (!at || *at < 0)
      throw AwsError::validation(fmt::format(
          "List index is not within the allowable range; index: [{}] at {}", digits->text, index.at.text()));
    out.steps.emplace_back(ListIndex{static_cast<std::uint32_t>(*at)});
  }
  return out;
}

Operand Conditions::operand(const Tree& tree) {
  if (is_path(tree)) return path(tree);
  if (std::holds_alternative<Placeholder>(tree.node) || is_literal(tree)) return value(tree);
  const auto* given = std::get_if<FunctionCall>(&tree.node);
  if (!given) throw unsupported(tree);
  if (test_named(given->name)) throw misused(given->name);
  if (given->name != "size") throw unrecognized(*given, tree.at);
  return std::make_unique<Call>(function(Function::size, *given));
}

Call Conditions::function(Function f, const FunctionCall& given) {
  Call out{f, {}};
  for (const auto& argument : given.arguments) out.arguments.push_back(operand(argument));
  return out;
}

Condition Conditions::condition(const Tree& tree) {
  if (const auto* held = std::get_if<Operation>(&tree.node)) return operation(*held, tree);
  if (const auto* held = std::get_if<IsType>(&tree.node)) return is(*held, tree);
  if (const auto* held = std::get_if<FunctionCall>(&tree.node)) return call(*held, tree);
  throw unsupported(tree);
}

Condition Conditions::operation(const Operation& held, const Tree& tree) {
  const auto& operands = held.operands;
  switch (held.op) {
    case Operator::all: {
      And out;
      for (const auto& o : operands) out.all.push_back(condition(o));
      return {std::move(out)};
    }
    case Operator::any: {
      Or out;
      for (const auto& o : operands) out.any.push_back(condition(o));
      return {std::move(out)};
    }
    case Operator::negation:
      return negation(condition(operands[0]));
    case Operator::in:
      return in(operands[0], operands[1]);
    case Operator::between: {
      auto of = operand(operands[0]), low = operand(operands[1]);
      return {Between{std::move(of), std::move(low), operand(operands[2])}};
    }
    case Operator::eq:
    case Operator::ne:
    case Operator::lt:
    case Operator::le:
    case Operator::gt:
    case Operator::ge:
      return comparison(held.op, operands[0], operands[1]);
    case Operator::like:
    case Operator::plus:
    case Operator::minus:
    case Operator::times:
    case Operator::by:
    case Operator::rest:
    case Operator::join:
      break;
  }
  throw unsupported(tree);
}

Condition Conditions::comparison(Operator op, const Tree& left, const Tree& right) {
  if (is_condition(left)) return truth(op, left, right);
  if (is_condition(right)) return truth(op, right, left);
  auto a = operand(left), b = operand(right);
  std::vector<Path> present;
  if (op == Operator::ne)  // false, not true, for a missing attribute
    for (const auto* o : {&a, &b})
      if (const auto* p = std::get_if<Path>(o)) present.push_back(*p);
  Condition out{Compare{static_cast<Comparator>(op), std::move(a), std::move(b)}};
  for (const auto& p : present) out = both(test(Function::attribute_exists, p), std::move(out));
  return out;
}

Condition Conditions::truth(Operator op, const Tree& tree, const Tree& other) {
  if (op != Operator::eq && op != Operator::ne)
    throw AwsError::validation(fmt::format(
        "Incorrect operand type for operator or function; operator or function: {}, operand type: BOOL",
        comparator_name(static_cast<Comparator>(op))));
  const bool equal = op == Operator::eq;
  if (const auto* given = std::get_if<Constant>(&other.node);
      given && (*given == Constant::yes || *given == Constant::no))
    return (*given == Constant::yes) == equal ? condition(tree) : negation(condition(tree));
  if (is_literal(other)) {
    condition(tree);  // for what may be wrong with it
    return constant(!equal);
  }
  if (compared_ > 0 || std::holds_alternative<Placeholder>(other.node)) throw unsupported(other);
  ++compared_;
  const auto is_true = [&](bool yes) -> Condition {
    if (!is_path(other)) return yes ? condition(other) : negation(condition(other));
    return {Compare{Comparator::eq, path(other), slot(Value{yes})}};
  };
  auto same = either(both(condition(tree), is_true(true)), both(negation(condition(tree)), is_true(false)));
  --compared_;
  if (equal) return same;
  if (!is_path(other)) return negation(std::move(same));
  return both(test(Function::attribute_exists, path(other)), negation(std::move(same)));
}

Condition Conditions::truth_in(const Tree& tree, const Trees& among) {
  const auto is = [](Constant wanted) {
    return [wanted](const Tree& e) {
      const auto* given = std::get_if<Constant>(&e.node);
      return given && *given == wanted;
    };
  };
  for (const auto& e : among)
    if (!is_literal(e)) throw unsupported(e);
  const bool yes = std::ranges::any_of(among, is(Constant::yes));
  const bool no = std::ranges::any_of(among, is(Constant::no));
  auto out = condition(tree);
  if (yes == no) return constant(yes);
  return yes ? std::move(out) : negation(std::move(out));
}

Condition Conditions::in(const Tree& left, const Tree& among) {
  const auto* list = std::get_if<Sequence>(&among.node);
  if (!list) throw AwsError::validation("Unsupported operation: InCollection");
  if (list->elements.size() > kMaxIn)
    throw AwsError::validation(fmt::format(
        "The IN operator is provided with too many operands; number of operands: {}", list->elements.size()));
  if (is_condition(left)) return truth_in(left, list->elements);
  Or out;
  for (std::size_t from = 0; from < list->elements.size(); from += kInAtOnce) {
    In part{operand(left), {}};
    for (auto i = from; i < std::min(from + kInAtOnce, list->elements.size()); ++i)
      part.among.push_back(operand(list->elements[i]));
    out.any.push_back({std::move(part)});
  }
  if (out.any.size() == 1) return std::move(out.any[0]);
  return {std::move(out)};
}

Condition Conditions::is(const IsType& given, const Tree& tree) {
  if (!is_path(given.operand[0])) throw unsupported(tree);
  const auto of = path(given.operand[0]);
  if (given.type == "missing") return test(Function::attribute_not_exists, of);
  if (given.type == "any") return test(Function::attribute_exists, of);
  Or out;
  for (const auto letters : letters_of(given.type)) {
    Call call{Function::attribute_type, {}};
    call.arguments.emplace_back(of);
    call.arguments.emplace_back(slot(Value{std::string(letters)}));
    out.any.push_back({std::move(call)});
  }
  if (out.any.size() == 1) return std::move(out.any[0]);
  return {std::move(out)};
}

Condition Conditions::call(const FunctionCall& given, const Tree& tree) {
  if (const auto* f = test_named(given.name)) return {function(*f, given)};
  if (given.name == "size") throw misused(given.name);
  throw unrecognized(given, tree.at);
}
}  // namespace emu::dynamodb::partiql
