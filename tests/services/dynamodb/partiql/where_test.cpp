#include "tests/services/dynamodb/partiql/partiql_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
class OneItem : public PartiqlWorld {
 public:
  OneItem() {
    put({{"pk", S("a")},
         {"s", S("str")},
         {"n", N("1")},
         {"ss", {{"SS", {"a", "b"}}}},
         {"l", {{"L", {S("x")}}}},
         {"m", {{"M", {{"sub", S("x")}}}}},
         {"nul", {{"NULL", true}}},
         {"yes", {{"BOOL", true}}},
         {"b", {{"B", "AQI="}}}});
  }
  bool holds(std::string_view condition, Json parameters = {}) {
    return items(fmt::format("SELECT pk FROM Tab WHERE pk = 'a' AND {}", condition), std::move(parameters))
               .size() == 1;
  }
  std::string where_refused(std::string_view condition, Json parameters = {}) {
    return refused(fmt::format("SELECT pk FROM Tab WHERE pk = 'a' AND {}", condition), std::move(parameters));
  }
};
}  // namespace

TEST_CASE("comparisons follow DynamoDB's, but for what is missing") {
  OneItem w;
  for (const auto* yes : {"s = 'str'",
                          "n <> 2",
                          "n != 2",
                          "n >= 1",
                          "1 <= n",
                          "n BETWEEN 0 AND 5",
                          "n IN (1, 2)",
                          "n IN [1]",
                          "n IN (1)",
                          "NOT n = 2",
                          "NOT (n = 2 OR s = 'x')",
                          "l = ['x']",
                          "m = {'sub': 'x'}",
                          "ss = <<'b', 'a'>>",
                          "n > -5",
                          "n = - - 1",
                          "n NOT IN [2, 3]",
                          "n NOT BETWEEN 2 AND 3",
                          "l[0] = 'x'",
                          "m.sub = 'x'",
                          "b = ?",
                          "NOT nothing = 'x'",
                          "yes = true",
                          "nul = null"})
    CHECK_MESSAGE(w.holds(yes, std::string_view(yes) == "b = ?" ? P(Json{{"B", "AQI="}}) : Json()), yes);
  for (const auto* no : {"s = 'x'", "n < 1", "n = '1'", "nothing <> 'x'", "nothing = 'x'", "nothing <> other",
                         "n IN []", "nothing < 1", "s < 5"})
    CHECK_MESSAGE(!w.holds(no), no);
}

TEST_CASE("functions are known in any case") {
  OneItem w;
  for (const auto* yes : {"begins_with(s, 'st')", "BEGINS_WITH(\"s\", 'st')", "contains(ss, 'a')",
                          "contains(s, 'tr')", "size(s) = 3", "3 = SIZE (s)", "attribute_type(ss, 'SS')",
                          "attribute_exists(m.sub) AND attribute_exists(l[0])", "attribute_not_exists(nope)",
                          "(attribute_exists(nope) OR attribute_exists(ss))"})
    CHECK_MESSAGE(w.holds(yes), yes);
  for (const auto* no :
       {"size(s) = 4", "attribute_type(ss, 'S')", "attribute_exists(nope)", "NOT attribute_exists(ss)"})
    CHECK_MESSAGE(!w.holds(no), no);
}

TEST_CASE("IS asks for what is missing, null, or of a type") {
  OneItem w;
  for (const auto* yes :
       {"nope IS MISSING", "s IS NOT MISSING", "nul IS NULL", "s IS NOT NULL", "nope IS NOT NULL",
        "yes IS BOOL", "s IS STRING", "n IS INT", "ss IS BAG", "l IS LIST", "m IS STRUCT"})
    CHECK_MESSAGE(w.holds(yes), yes);
  for (const auto* no : {"s IS MISSING", "nope IS NULL", "s IS NULL", "s IS BOOL", "s IS TIMESTAMP"})
    CHECK_MESSAGE(!w.holds(no), no);
}

TEST_CASE("a condition may be compared with a truth value") {
  OneItem w;
  for (const auto* yes :
       {"attribute_exists(nope) = false", "true = attribute_exists(n)", "attribute_exists(n) <> 1",
        "contains(nope, 'z') = false", "(n BETWEEN 0 AND 5) = true", "(n = 5 OR s = 'x') = false",
        "attribute_exists(nope) IN [true, false]", "attribute_exists(n) = attribute_exists(s)",
        "attribute_exists(n) = yes"})
    CHECK_MESSAGE(w.holds(yes), yes);
  for (const auto* no : {"attribute_exists(n) = 1", "NOT attribute_exists(n) = true",
                         "(attribute_exists(n) = true) = false", "attribute_exists(n) = s"})
    CHECK_MESSAGE(!w.holds(no), no);
  CHECK(w.where_refused("attribute_exists(n) > false") ==
        "Incorrect operand type for operator or function; operator or function: >, operand type: BOOL");
}

TEST_CASE("what a function or operator cannot take is refused before the table is looked at") {
  PartiqlWorld w;
  const auto refused = [&](std::string_view condition, Json parameters = {}) {
    return w.refused(fmt::format("SELECT pk FROM gone WHERE pk = 'a' AND {}", condition),
                     std::move(parameters));
  };
  CHECK(refused("val < ?", P(Json{{"BOOL", true}})) ==
        "Incorrect operand type for operator or function; operator or function: <, operand type: BOOL");
  CHECK(refused("val BETWEEN true AND false") ==
        "Incorrect operand type for operator or function; operator or function: BETWEEN, operand type: BOOL");
  CHECK(refused("attribute_exists('ss')") ==
        "Operator or function requires a document path; operator or function: attribute_exists");
  CHECK(refused("attribute_exists()") ==
        "Incorrect number of operands for operator or function; operator or function: attribute_exists, "
        "number of "
        "operands: 0");
  CHECK(refused("attribute_type(l, 1)") ==
        "Incorrect operand type for operator or function; operator or function: attribute_type, operand "
        "type: N");
  CHECK(refused("attribute_type(l, 'X')")
            .starts_with("Invalid attribute type name found; type: X, valid types: {"));
  CHECK(refused("size(s)") ==
        "The function is not allowed to be used this way in an expression; function: size");
  CHECK(refused("set_add(ss, <<'x'>>) = ss") == "Unrecognized function: set_add at 1:40:7");
  CHECK(refused("n > -n") == "Unsupported operation: Minus");
  CHECK(refused("s LIKE 'x'") == "Unsupported operation: Like");
}
