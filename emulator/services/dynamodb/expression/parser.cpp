#include "emulator/services/dynamodb/expression/parser.hpp"

#include "emulator/services/dynamodb/expression/token_stream.hpp"

namespace emu::dynamodb::expression {
namespace {
std::optional<Comparator> comparator_of(const Token& t) {
  if (t.kind != Kind::symbol) return std::nullopt;
  for (const auto c :
       {Comparator::eq, Comparator::ne, Comparator::lt, Comparator::le, Comparator::gt, Comparator::ge})
    if (t.text == comparator_name(c)) return c;
  return std::nullopt;
}

bool is_test(Function f) { return f <= Function::contains; }

class ConditionParser : TokenStream {
 public:
  using TokenStream::TokenStream;
  Parsed<Condition> parse() {
    auto tree = any();
    finish();
    return {std::move(tree), std::move(references_)};
  }

 private:
  Condition any() {
    auto first = all();
    if (!peek().keyword("OR")) return first;
    Or out;
    out.any.push_back(std::move(first));
    while (take_keyword("OR")) {
      count_operator();
      out.any.push_back(all());
    }
    return {std::move(out)};
  }

  Condition all() {
    auto first = negated();
    if (!peek().keyword("AND")) return first;
    And out;
    out.all.push_back(std::move(first));
    while (take_keyword("AND")) {
      count_operator();
      out.all.push_back(negated());
    }
    return {std::move(out)};
  }

  Condition negated() {
    const Deeper deeper(*this);
    if (!take_keyword("NOT")) return primary();
    count_operator();
    return {Not{std::make_unique<Condition>(negated())}};
  }

  // '(' opens a condition or an operand; which, shows only behind its ')'. A group that turns out to hold a
  // lone operand is handed on to comparison().
  Condition primary() {
    if (!peek().is("(")) return comparison(lone_operand());
    auto group = grouped();
    if (auto* condition = std::get_if<Condition>(&group)) return std::move(*condition);
    return comparison(std::move(std::get<Operand>(group)));
  }

  std::variant<Condition, Operand> grouped() {
    const Deeper deeper(*this);
    expect("(");
    const bool opens_group = peek().is("(");
    std::variant<Condition, Operand> inner = Operand{};
    bool whole = opens_group;  // the inner group is all there is
    if (opens_group) {
      inner = grouped();
    } else if (peek().keyword("NOT")) {
      inner = any();
    } else {
      inner = lone_operand();
    }
    if (auto* operand_held = std::get_if<Operand>(&inner); operand_held && !peek().is(")")) {
      whole = false;
      inner = continue_condition(comparison(std::move(*operand_held)));
    } else if (operand_held && test(*operand_held)) {
      inner = comparison(std::move(*operand_held));
    } else if (std::holds_alternative<Condition>(inner) && !peek().is(")")) {
      whole = false;
      inner = continue_condition(std::move(std::get<Condition>(inner)));
    }
    expect(")");
    if (whole) note_redundant();
    return inner;
  }

  // A condition whose first conjunct is already read.
  Condition continue_condition(Condition first) {
    if (peek().keyword("AND")) {
      And out;
      out.all.push_back(std::move(first));
      while (take_keyword("AND")) {
        count_operator();
        out.all.push_back(negated());
      }
      first = Condition{std::move(out)};
    }
    if (!peek().keyword("OR")) return first;
    Or out;
    out.any.push_back(std::move(first));
    while (take_keyword("OR")) {
      count_operator();
      out.any.push_back(all());
    }
    return {std::move(out)};
  }

  static bool test(const Operand& o) {
    const auto* call_held = std::get_if<std::unique_ptr<Call>>(&o);
    return call_held && is_test((*call_held)->function);
  }

  // An operand whose use as a value is not judged yet: a boolean function may be a condition by itself.
  Operand lone_operand() {
    if (peek().is("(") || !at_call()) return operand();
    return std::make_unique<Call>(call());
  }

  Condition comparison(Operand left) {
    const auto compared = comparator_of(peek());
    if (!compared && !peek().keyword("BETWEEN") && !peek().keyword("IN")) {
      auto* call_held = std::get_if<std::unique_ptr<Call>>(&left);
      if (!call_held) syntax_error();
      if (!is_test((*call_held)->function)) note_misused(function_name((*call_held)->function));
      return {std::move(**call_held)};
    }
    if (const auto* call_held = std::get_if<std::unique_ptr<Call>>(&left);
        call_held && (*call_held)->function != Function::size)
      note_misused(function_name((*call_held)->function));
    count_operator();
    if (take_keyword("BETWEEN")) {
      auto low = operand();
      if (!take_keyword("AND")) syntax_error();
      return {Between{std::move(left), std::move(low), operand()}};
    }
    if (take_keyword("IN")) {
      In out{std::move(left), {}};
      expect("(");
      do {
        out.among.push_back(operand());
      } while (take(","));
      expect(")");
      return {std::move(out)};
    }
    take(comparator_name(*compared));
    return {Compare{*compared, std::move(left), operand()}};
  }
};

class ProjectionParser : TokenStream {
 public:
  using TokenStream::TokenStream;
  Parsed<Paths> parse() {
    Paths out;
    do {
      out.push_back(path());
    } while (take(","));
    finish();
    return {std::move(out), std::move(references_)};
  }
};
}  // namespace

Parsed<Condition> parse_condition(std::string_view text, const ExpressionVoice& voice) {
  return ConditionParser(text, voice).parse();
}
Parsed<Paths> parse_projection(std::string_view text, const ExpressionVoice& voice) {
  return ProjectionParser(text, voice).parse();
}
}  // namespace emu::dynamodb::expression
