#include "emulator/services/dynamodb/expression/token_stream.hpp"

namespace emu::dynamodb::expression {
namespace {
class UpdateParser : TokenStream {
 public:
  UpdateParser(std::string_view text, const ExpressionVoice& voice) : TokenStream(text, voice) {
    update_ = true;
  }

  Parsed<Update> parse() {
    if (!section()) syntax_error();
    while (peek().kind != Kind::end)
      if (!section()) syntax_error();
    finish();
    if (!twice_.empty())
      voice_.refuse(fmt::format("The \"{}\" section can only be used once in an update expression;", twice_));
    return {std::move(out_), std::move(references_)};
  }

 private:
  bool section() {
    if (take_keyword("SET")) {
      begin("SET", !out_.sets.empty());
      do set();
      while (take(","));
    } else if (take_keyword("REMOVE")) {
      begin("REMOVE", !out_.removes.empty());
      do out_.removes.push_back(path());
      while (take(","));
    } else if (take_keyword("ADD")) {
      begin("ADD", !out_.adds.empty());
      value_actions(out_.adds);
    } else if (take_keyword("DELETE")) {
      begin("DELETE", !out_.deletes.empty());
      value_actions(out_.deletes);
    } else {
      return false;
    }
    return true;
  }
  void begin(std::string_view name, bool again) {
    if (again && twice_.empty()) twice_ = name;
  }
  void value_actions(std::vector<ValueAction>& actions) {
    do {
      auto target = path();
      actions.push_back({std::move(target), value_ref()});
    } while (take(","));
  }
  void set() {
    SetAction action;
    action.target = path();
    expect("=");
    right_side(action);
    out_.sets.push_back(std::move(action));
  }
  // The parentheses of `(a + b)` hold the whole right-hand side, those of `(a) + b` one operand.
  void right_side(SetAction& action) {
    const Deeper deeper(*this);
    if (take("(")) {
      const bool group_again = peek().is("(");
      right_side(action);
      expect(")");
      const bool continues = peek().is("+") || peek().is("-");
      if (group_again && action.sign == 0) note_redundant();
      if (continues && action.sign != 0) syntax_error();
    } else {
      action.left = operand();
    }
    if (peek().is("+") || peek().is("-")) {
      action.sign = peek().text[0];
      take(peek().text);
      count_operator();
      action.right = operand();
    }
  }

  Update out_;
  std::string_view twice_;
};
}  // namespace

Parsed<Update> parse_update(std::string_view text, const ExpressionVoice& voice) {
  return UpdateParser(text, voice).parse();
}
}  // namespace emu::dynamodb::expression
