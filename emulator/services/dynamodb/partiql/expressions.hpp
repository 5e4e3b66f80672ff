// The part of the grammar that is about values and conditions; base of the statement parser. Operators bind,
// from loosest to tightest: OR, AND, NOT, comparisons with IS, IN, BETWEEN and LIKE, + - ||, * / %, signs,
// paths. Throws AWS's texts. Recursion is bounded by kMaxNesting.
//
//   term := literal | ? | name | name '(' [expr,…] ')' | '(' expr ')' | '[' … ']' | '<<' … '>>' | '{' … '}'
//   path := term ( '.' name | '[' expr ']' )*
#pragma once
#include "emulator/services/dynamodb/partiql/tree.hpp"

namespace emu::dynamodb::partiql {
class Expressions {
 public:
  explicit Expressions(std::string_view text) : all_(tokens(text)) {}
  virtual ~Expressions() = default;
  Expressions(const Expressions&) = delete;

 protected:
  static constexpr int kMaxNesting = 300;        // three for a level of parentheses; literals have 32 (B1)
  static constexpr std::size_t kMaxChain = 100;  // operators of one precedence in a row, but AND and OR

  const Token& peek(std::size_t ahead = 0) const { return all_[std::min(at_ + ahead, all_.size() - 1)]; }
  const Token& take() { return all_[at_ + 1 < all_.size() ? at_++ : at_]; }
  bool take(std::string_view symbol);
  bool take_keyword(std::string_view word);
  void expect(std::string_view symbol);
  [[noreturn]] static void refuse(std::string_view detail) { throw not_well_formed(detail); }

  Tree expression();
  Tree path();
  bool at_name() const { return peek().kind == Kind::identifier || peek().kind == Kind::quoted; }
  // A statement that begins with FROM, where the grammar wants a term.
  virtual void from_first() = 0;

  std::size_t placeholders_ = 0;

 private:
  class Deeper {
   public:
    explicit Deeper(Expressions& of);
    ~Deeper() { --of_.nesting_; }
    Deeper(const Deeper&) = delete;

   private:
    Expressions& of_;
  };

  Tree all();
  Tree negated();
  Tree comparison();
  Tree is(Tree operand);
  Tree in(Tree operand);
  Tree between(Tree operand);
  Tree sum();
  Tree product();
  Tree sign();
  Tree term();
  Tree keyword_term();
  Tree call();
  Tree structure();
  Trees elements(std::string_view close);
  void operand_follows() const;
  // A comparison that can be negated: NOT IN, NOT BETWEEN, NOT LIKE.
  bool at_comparison(std::string_view word) const {
    return peek().keyword(word) || (peek().keyword("not") && peek(1).keyword(word));
  }

  std::vector<Token> all_;
  std::size_t at_ = 0;
  int nesting_ = 0;
};
}  // namespace emu::dynamodb::partiql
