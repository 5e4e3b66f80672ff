#include "emulator/services/dynamodb/partiql/expressions.hpp"

#include <algorithm>

#include "emulator/base/text.hpp"

namespace emu::dynamodb::partiql {
namespace {
Tree operation(Operator op, const Position& at, Tree left, std::optional<Tree> right = std::nullopt) {
  Operation out{op, {}};
  out.operands.push_back(std::move(left));
  if (right) out.operands.push_back(std::move(*right));
  return {std::move(out), at};
}

std::optional<Operator> among(const Token& t,
                              std::initializer_list<std::pair<std::string_view, Operator>> symbols) {
  for (const auto& [symbol, op] : symbols)
    if (t.is(symbol)) return op;
  return std::nullopt;
}
}  // namespace

Expressions::Deeper::Deeper(Expressions& of) : of_(of) {
  if (++of_.nesting_ > kMaxNesting)
    throw AwsError::validation("Nesting Levels have exceeded supported limits");
}

bool Expressions::take(std::string_view symbol) {
  if (!peek().is(symbol)) return false;
  take();
  return true;
}
bool Expressions::take_keyword(std::string_view word) {
  if (!peek().keyword(word)) return false;
  take();
  return true;
}
void Expressions::expect(std::string_view symbol) {
  if (!take(symbol)) refuse("Unexpected token");
}
void Expressions::operand_follows() const {
  if (peek().kind == Kind::end) refuse("Missing right-hand side expression of infix operator");
}

Tree Expressions::expression() {
  const Deeper deeper(*this);
  auto first = all();
  if (!peek().keyword("or")) return first;
  auto out = operation(Operator::any, peek().at, std::move(first));
  while (take_keyword("or")) {
    operand_follows();
    std::get<Operation>(out.node).operands.push_back(all());
  }
  return out;
}

Tree Expressions::all() {
  auto first = negated();
  if (!peek().keyword("and")) return first;
  auto out = operation(Operator::all, peek().at, std::move(first));
  while (take_keyword("and")) {
    operand_follows();
    std::get<Operation>(out.node).operands.push_back(negated());
  }
  return out;
}

Tree Expressions::negated() {
  const Deeper deeper(*this);
  const Position at = peek().at;
  if (!take_keyword("not")) return comparison();
  return operation(Operator::negation, at, negated());
}

Tree Expressions::comparison() {
  auto left = sum();
  for (std::size_t n = 0;; ++n) {
    if (n == kMaxChain) refuse("Unexpected operator");
    const auto op = among(peek(), {{"=", Operator::eq},
                                   {"<>", Operator::ne},
                                   {"!=", Operator::ne},
                                   {"<", Operator::lt},
                                   {"<=", Operator::le},
                                   {">", Operator::gt},
                                   {">=", Operator::ge}});
    if (op) {
      const Position at = take().at;
      operand_follows();
      left = operation(*op, at, std::move(left), sum());
    } else if (peek().keyword("is")) {
      left = is(std::move(left));
    } else if (at_comparison("in") || at_comparison("between") || at_comparison("like")) {
      const Position at = peek().at;
      const bool negative = take_keyword("not");
      if (peek().keyword("in")) {
        left = in(std::move(left));
      } else if (peek().keyword("between")) {
        left = between(std::move(left));
      } else {
        take();
        operand_follows();
        left = operation(Operator::like, at, std::move(left), sum());
      }
      if (negative) left = operation(Operator::negation, at, std::move(left));
    } else {
      return left;
    }
  }
}

Tree Expressions::is(Tree operand) {
  // Types of two words have but one first word that is no type itself.
  static constexpr std::string_view kTypes[] = {
      "any",      "bag",     "blob",    "bool",    "boolean", "char",      "character", "clob",
      "date",     "dec",     "decimal", "double",  "float",   "int",       "int2",      "int4",
      "int8",     "integer", "list",    "missing", "null",    "numeric",   "real",      "sexp",
      "smallint", "string",  "struct",  "symbol",  "time",    "timestamp", "tuple",     "varchar"};
  const Position at = take().at;
  const bool negative = take_keyword("not");
  auto type = lower(peek().text);
  const bool word = peek().kind == Kind::identifier || peek().kind == Kind::keyword;
  if (!word || !std::ranges::binary_search(kTypes, std::string_view(type))) refuse("Expected type name");
  take();
  const auto second = [&](std::string_view first, std::string_view then) {
    if (type == first && peek().kind == Kind::identifier && same_text(peek().text, then)) take();
  };
  second("double", "precision");
  second("character", "varying");
  second("char", "varying");
  Trees one;
  one.push_back(std::move(operand));
  Tree out{IsType{std::move(one), std::move(type)}, at};
  return negative ? operation(Operator::negation, at, std::move(out)) : std::move(out);
}

Tree Expressions::in(Tree operand) {
  const Position at = take().at;
  operand_follows();
  if (!peek().is("(")) return operation(Operator::in, at, std::move(operand), sum());
  Tree list{Sequence{}, take().at};
  std::get<Sequence>(list.node).elements = elements(")");
  return operation(Operator::in, at, std::move(operand), std::move(list));
}

Tree Expressions::between(Tree operand) {
  auto out = operation(Operator::between, take().at, std::move(operand), sum());
  if (!take_keyword("and")) refuse("Expected AND after BETWEEN");
  operand_follows();
  std::get<Operation>(out.node).operands.push_back(sum());
  return out;
}

Tree Expressions::sum() {
  auto left = product();
  for (std::size_t n = 0;; ++n) {
    const auto op = among(peek(), {{"+", Operator::plus}, {"-", Operator::minus}, {"||", Operator::join}});
    if (!op) return left;
    if (n == kMaxChain) refuse("Unexpected operator");
    const Position at = take().at;
    operand_follows();
    left = operation(*op, at, std::move(left), product());
  }
}

Tree Expressions::product() {
  auto left = sign();
  for (std::size_t n = 0;; ++n) {
    const auto op = among(peek(), {{"*", Operator::times}, {"/", Operator::by}, {"%", Operator::rest}});
    if (!op) return left;
    if (n == kMaxChain) refuse("Unexpected operator");
    const Position at = take().at;
    operand_follows();
    left = operation(*op, at, std::move(left), sign());
  }
}

// Signs before a number are part of it.
Tree Expressions::sign() {
  const Position at = peek().at;
  bool any = false, negative = false;
  while (peek().is("+") || peek().is("-")) {
    any = true;
    negative ^= take().text == "-";
  }
  auto operand = path();
  if (!any) return operand;
  if (auto* digits = std::get_if<Digits>(&operand.node)) {
    if (negative) digits->text.insert(0, "-");
    return operand;
  }
  return operation(negative ? Operator::minus : Operator::plus, at, std::move(operand));
}

Tree Expressions::path() {
  auto root = term();
  if (!peek().is(".") && !peek().is("[")) return root;
  Document out;
  const Position at = root.at;
  out.root.push_back(std::move(root));
  for (;;) {
    if (take(".")) {
      if (!at_name()) refuse("Invalid path dot component");
      out.steps.push_back({take().text, {}});
    } else if (take("[")) {
      Step step;
      step.index.push_back(expression());
      expect("]");
      out.steps.push_back(std::move(step));
    } else {
      return {std::move(out), at};
    }
  }
}

Tree Expressions::term() {
  const Deeper deeper(*this);
  const Position at = peek().at;
  switch (peek().kind) {
    case Kind::keyword:
      return keyword_term();
    case Kind::identifier:
    case Kind::quoted:
      if (peek().kind == Kind::identifier && peek(1).is("(")) return call();
      return {Name{take().text}, at};
    case Kind::string:
      return {Text{take().text}, at};
    case Kind::number:
      return {Digits{take().text}, at};
    case Kind::parameter:
      take();
      return {Placeholder{static_cast<std::uint16_t>(placeholders_++)}, at};
    case Kind::symbol:
    case Kind::end:
      break;
  }
  if (take("(")) {
    auto inner = expression();
    if (!peek().is(",")) {
      expect(")");
      return inner;
    }
    Sequence list;
    list.elements.push_back(std::move(inner));
    take(",");
    std::ranges::move(elements(")"), std::back_inserter(list.elements));
    return {std::move(list), at};
  }
  if (take("[")) return {Sequence{false, elements("]")}, at};
  if (take("<<")) return {Sequence{true, elements(">>")}, at};
  if (peek().is("{")) return structure();
  for (const std::string_view op : {"=", "<>", "!=", "<", "<=", ">", ">=", "*", "/", "%", "||"})
    if (peek().is(op)) refuse("Unexpected operator");
  refuse("Unexpected term");
}

Tree Expressions::keyword_term() {
  const Position at = peek().at;
  if (take_keyword("true")) return {Constant::yes, at};
  if (take_keyword("false")) return {Constant::no, at};
  if (take_keyword("null")) return {Constant::null, at};
  if (take_keyword("missing")) return {Constant::missing, at};
  if (peek().keyword("exists") && peek(1).is("(")) return call();
  if (peek().keyword("from")) from_first();
  for (const std::string_view word :
       {"and", "or", "is", "in", "like", "between", "union", "intersect", "except"})
    if (peek().keyword(word)) refuse("Unexpected operator");
  refuse("Unexpected keyword");
}

Tree Expressions::call() {
  const Token& name = take();
  Tree out{FunctionCall{lower(name.text), {}}, name.at};
  expect("(");
  if (peek().is("*") && peek(1).is(")")) {
    take();
    take();
  } else {
    std::get<FunctionCall>(out.node).arguments = elements(")");
  }
  return out;
}

Trees Expressions::elements(std::string_view close) {
  Trees out;
  if (take(close)) return out;
  do {
    out.push_back(expression());
  } while (take(","));
  expect(close);
  return out;
}

Tree Expressions::structure() {
  Tree tree{Structure{}, take().at};
  auto& out = std::get<Structure>(tree.node);
  if (take("}")) return tree;
  do {
    out.names.push_back(expression());
    expect(":");
    out.values.push_back(expression());
  } while (take(","));
  expect("}");
  return tree;
}
}  // namespace emu::dynamodb::partiql
