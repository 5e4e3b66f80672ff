// What the parsers share: the tokens with a position, paths and operands, and the errors that AWS reports in
// an order of its own after the syntax is known to be right (D5: redundant parentheses, then unknown
// functions, then misused ones, then reserved words). Base of the parsers in parser.cpp and
// update_parser.cpp.
#pragma once
#include <optional>

#include "emulator/services/dynamodb/expression/lexer.hpp"
#include "emulator/services/dynamodb/expression/parser.hpp"

namespace emu::dynamodb::expression {
class TokenStream {
 public:
  TokenStream(std::string_view text, const ExpressionVoice& voice);

 protected:
  static constexpr int kMaxNesting = 640;    // no legal expression of 300 operators needs more
  static constexpr int kMaxOperators = 300;  // D3
  static constexpr std::size_t kMaxText = 4096;
  static constexpr std::size_t kMaxPath = 32;

  const Token& peek(std::size_t ahead = 0) const { return all_[std::min(at_ + ahead, all_.size() - 1)]; }
  bool take(std::string_view symbol);
  bool take_keyword(std::string_view upper);
  void expect(std::string_view symbol);
  [[noreturn]] void syntax_error() const;
  void finish();  // the end is reached; reports what was noted

  Path path();
  Operand operand(bool nested_in_call = false);
  ValueRef value_ref();
  void count_operator() { ++operators_; }

  // Counts parentheses and calls in the current recursion.
  class Deeper {
   public:
    explicit Deeper(TokenStream& s) : s_(s) {
      if (++s_.nesting_ > kMaxNesting) s_.voice_.refuse("The expression has redundant parentheses;");
    }
    ~Deeper() { --s_.nesting_; }
    Deeper(const Deeper&) = delete;

   private:
    TokenStream& s_;
  };

  // A function name followed by '('. In an update only its own two functions are known as operands.
  bool at_call() const { return peek().kind == Kind::identifier && peek(1).is("("); }
  Call call();
  void note_redundant() { redundant_ = true; }
  void note_misused(std::string_view function) {
    if (!misused_) misused_ = function;
  }

  const ExpressionVoice& voice_;
  References references_;
  bool update_ = false;

 private:
  Step element();
  std::string_view text_;
  std::vector<Token> all_;
  std::size_t at_ = 0;
  int nesting_ = 0;
  int operators_ = 0;
  bool redundant_ = false;
  std::optional<std::string_view> unknown_, misused_, reserved_;
};
}  // namespace emu::dynamodb::expression
