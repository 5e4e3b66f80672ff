#include "emulator/services/dynamodb/partiql/parser.hpp"

#include <fmt/format.h>

#include "emulator/base/text.hpp"
#include "emulator/services/dynamodb/partiql/expressions.hpp"

namespace emu::dynamodb::partiql {
namespace {
class Parser final : Expressions {
 public:
  using Expressions::Expressions;

  StatementTree parse() {
    StatementTree out{statement()};
    take(";");
    if (peek().kind != Kind::end) refuse("Unexpected token after expression");
    out.placeholders = placeholders_;
    return out;
  }

 private:
  using Node = decltype(StatementTree::node);

  Node statement() {
    if (peek().keyword("select")) return select();
    if (peek().keyword("insert")) return insert();
    if (peek().keyword("update")) return update();
    if (peek().keyword("delete")) return remove();
    if (peek().keyword("from")) return update_from_first();
    if (peek().keyword("exists") && peek(1).is("(") && peek(2).keyword("select")) return exists();
    // A first word that begins no statement is an expression: alone or with an operator it is one of those
    // that are not supported, else a statement that nobody knows.
    const auto next = peek(1).kind;
    if (peek().kind == Kind::identifier && next != Kind::symbol && next != Kind::end &&
        !peek(1).keyword("is"))
      refuse("Expected data manipulation");
    return expression();
  }

  void from_first() override { update_from_first(); }

  SelectTree select() {
    take();
    SelectTree out;
    if (peek().keyword("distinct") || peek().keyword("all") || peek().keyword("value"))
      throw AwsError::validation(
          fmt::format("Unsupported clause: {} at {}", upper_case(peek().text), peek().at.text()));
    out.everything = peek().is("*");
    if (out.everything) {
      take();
      if (peek().is(",")) refuse("Other expressions may not be present in the select list when '*' is used.");
    } else {
      do {
        out.columns.push_back(expression());
        out.aliased |= alias();
      } while (take(","));
    }
    if (!take_keyword("from")) refuse("Expected FROM after SELECT list");
    out.from = source();
    for (const std::string_view word : {"join", "inner", "left", "right", "full", "cross", "outer"})
      if (peek().keyword(word) || peek().is(","))
        throw AwsError::validation("Only select from a single table or index is supported.");
    if (take_keyword("where")) out.where = expression();
    if (peek().keyword("order")) out.order = order();
    for (const std::string_view word : {"group", "having", "limit", "offset"})
      if (peek().keyword(word)) clause(out, upper_case(word));
    return out;
  }

  std::vector<OrderTree> order() {
    take();
    if (!take_keyword("by")) refuse("Expected BY after ORDER");
    std::vector<OrderTree> out;
    do {
      OrderTree one{path()};
      one.descending = take_keyword("desc");
      if (!one.descending) take_keyword("asc");
      out.push_back(std::move(one));
    } while (take(","));
    return out;
  }

  // A clause of SQL that DynamoDB lacks: its position is that of its first expression.
  void clause(SelectTree& select, std::string name) {
    take();
    if (take_keyword("by")) name += " BY";
    const auto at = peek().at.text();
    do {
      expression();
    } while (take(","));
    if (select.unsupported.empty())
      select.unsupported = fmt::format("Unsupported clause: {} at {}", name, at);
  }

  static std::string upper_case(std::string_view word) {
    std::string out(word);
    for (char& c : out)
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return out;
  }

  SourceTree source() {
    SourceTree out{path()};
    out.aliased = alias();
    return out;
  }
  bool alias() {
    const bool given = take_keyword("as") || take_keyword("at");
    if (at_name()) {
      take();
      return true;
    }
    if (given) refuse("Expected identifier for alias");
    return false;
  }

  // A path of names and indices, where the grammar allows nothing else.
  Tree simple_path() {
    if (!at_name()) refuse("Expected identifier for simple path");
    return path();
  }
  SourceTree target() {
    SourceTree out{simple_path()};
    return out;
  }

  InsertTree insert() {
    take();
    if (!take_keyword("into")) refuse("Expected INTO after INSERT");
    auto into = target();
    if (take_keyword("value")) return {std::move(into), expression()};
    expression();  // the older form, which has no VALUE and is not supported
    if (peek().kind != Kind::end && !peek().is(";")) refuse("Unexpected token after expression");
    throw AwsError::validation("Unsupported operation: Insert");
  }

  UpdateTree update() {
    take();
    UpdateTree out{target()};
    out.table.aliased = alias();
    actions(out);
    if (take_keyword("where")) out.where = expression();
    out.returning = returning();
    return out;
  }

  UpdateTree update_from_first() {
    take();
    UpdateTree out{source()};
    if (take_keyword("where")) out.where = expression();
    actions(out);
    out.returning = returning();
    return out;
  }

  void actions(UpdateTree& out) {
    if (!peek().keyword("set") && !peek().keyword("remove")) refuse("Expected data manipulation");
    for (;;) {
      if (take_keyword("set")) {
        do {
          auto target_path = simple_path();
          expect("=");
          out.sets.push_back({std::move(target_path), expression()});
        } while (take(","));
      } else if (take_keyword("remove")) {
        do {
          out.removes.push_back(simple_path());
        } while (take(","));
      } else {
        return;
      }
    }
  }

  DeleteTree remove() {
    take();
    if (!take_keyword("from")) refuse("Expected FROM after DELETE");
    DeleteTree out{target()};
    out.from.aliased = alias();
    if (take_keyword("where")) out.where = expression();
    out.returning = returning();
    return out;
  }

  ExistsTree exists() {
    take();
    expect("(");
    ExistsTree out{select()};
    expect(")");
    return out;
  }

  std::optional<Returning> returning() {
    if (!take_keyword("returning")) return std::nullopt;
    Returning out{Extent::all, Side::old};
    if (word("modified")) {
      out.extent = Extent::modified;
    } else if (!take_keyword("all")) {
      refuse("Expected ALL or MODIFIED in a RETURNING clause");
    }
    if (word("new")) {
      out.side = Side::now;
    } else if (!word("old")) {
      refuse("Expected OLD or NEW in a RETURNING clause");
    }
    expect("*");
    return out;
  }
  // Words that have a meaning here and nowhere else.
  bool word(std::string_view lower_case) {
    if (peek().kind != Kind::identifier || !same_text(peek().text, lower_case)) return false;
    take();
    return true;
  }
};
}  // namespace

StatementTree parse(std::string_view text) { return Parser(text).parse(); }
}  // namespace emu::dynamodb::partiql
