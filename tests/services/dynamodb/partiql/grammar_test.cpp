#include "tests/services/dynamodb/partiql/partiql_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
std::string malformed(std::string_view detail) { return std::string(kNotWellFormed) + std::string(detail); }
}  // namespace

TEST_CASE("a statement that nobody knows is told so") {
  PartiqlWorld w;
  CHECK(w.refused("SELECTT 1") == malformed("Expected data manipulation"));
  CHECK(w.refused(R"(SLECT * FROM "Tab" WHERE pk = 'a')") == malformed("Expected data manipulation"));
  CHECK(w.refused(R"(UPDATE "Tab" WHERE pk = 'a')") == malformed("Expected data manipulation"));
  CHECK(w.refused(R"(FROM "Tab" WHERE pk = 'a')") == malformed("Expected data manipulation"));
  CHECK(w.refused("x IS INT4") == "Unsupported operation: IsType");
  CHECK(w.refused("x IS DOUBLE PRECISION") == "Unsupported operation: IsType");
  CHECK(w.refused(" -- nothing") == malformed("Unexpected term"));
}

TEST_CASE("what is left over behind a statement is refused") {
  PartiqlWorld w;
  const auto leftover = malformed("Unexpected token after expression");
  for (const auto* text :
       {R"(SELECT * FROM "Tab" WHERE pk = 'a' foo)", R"(SELECT * FROM "Tab" WHERE pk = 1 e5)",
        R"(SELECT * FROM "Tab" WHERE pk = 'a'))", R"(INSERT INTO "Tab" VALUE {'pk': 'a'} foo)",
        R"(INSERT INTO "Tab" t VALUE {'pk': 'a'})", R"(UPDATE "Tab" SET a = 9 WHERE pk = 'a' foo)",
        R"(DELETE FROM "Tab" WHERE pk = 'a' foo)", R"(DELETE FROM "Tab" WHERE pk = 'a' ORDER BY pk)",
        R"(SELECT * FROM "Tab" ORDER BY pk WHERE pk = 'a')", R"(FROM "Tab" SET c = 1 WHERE pk = 'a')",
        R"(SELECT * FROM "Tab" WHERE pk = 'a';;)"})
    CHECK_MESSAGE(w.refused(text) == leftover, text);
  CHECK(w.tab("a").is_null());
}

TEST_CASE("a statement that breaks off is told where") {
  PartiqlWorld w;
  for (const auto* text :
       {R"(SELECT * FROM "Tab" WHERE)", R"(SELECT * FROM "Tab" WHERE;)", R"(SELECT * FROM "Tab" WHERE NOT)",
        R"(SELECT * FROM "Tab" WHERE ()", R"(UPDATE "Tab" SET a = 1 WHERE)", R"(SELECT * FROM "gone" WHERE)",
        "SELECT * FROM"})
    CHECK_MESSAGE(w.refused(text) == malformed("Unexpected term"), text);
  for (const auto* text : {R"(SELECT * FROM "Tab" WHERE pk = 'a' AND)",
                           R"(SELECT * FROM "Tab" WHERE pk = 'a' OR)", R"(SELECT * FROM "Tab" WHERE pk =)"})
    CHECK_MESSAGE(w.refused(text) == malformed("Missing right-hand side expression of infix operator"), text);
  for (const auto* text : {"DELETE FROM", "DELETE FROM   ", "DELETE FROM;", "DELETE FROM WHERE pk = 'a'"})
    CHECK_MESSAGE(w.refused(text) == malformed("Expected identifier for simple path"), text);
  CHECK(w.refused(R"(SELECT * FROM "Tab" WHERE ORDER BY pk)") == malformed("Unexpected keyword"));
  CHECK(w.refused(R"(SELECT * FROM "Tab" WHERE IS NULL)") == malformed("Unexpected operator"));
  CHECK(w.refused(R"(SELECT * FROM "Tab" WHERE pk = LIKE)") == malformed("Unexpected operator"));
  CHECK(w.refused(R"(SELECT * FROM "Tab" WHERE pk = 'a' AND x IS FOO)") == malformed("Expected type name"));
  CHECK(w.refused(R"(SELECT m.inner FROM "Tab")") == malformed("Invalid path dot component"));
}

TEST_CASE("a text that cannot be cut into tokens is refused without a word on why") {
  PartiqlWorld w;
  for (const auto* text :
       {R"(SELECT * FROM "Tab" WHERE pk = 1e2147483648)", R"(SELECT * FROM "Tab" WHERE pk = 1.5e-2147483647)",
        R"(SELECT * FROM "Tab" WHERE pk = 1e99999999999)", R"(SELECT * FROM "Tab" WHERE pk = 1 # note)",
        R"(SELECT * FROM "Tab" WHERE pk = 1 /* note)", R"(SELECT * FROM "Tab)",
        R"(SELECT * FROM "Tab" WHERE pk = 'a)", R"(SELECT * FROM "Tab" WHERE pk = 1e)"})
    CHECK_MESSAGE(w.refused(text) == malformed(""), text);
}

TEST_CASE("comments, quotes and letters of any case are read as AWS reads them") {
  PartiqlWorld w;
  w.put({{"pk", S("a")}, {"it's", S("a--b /*c*/")}, {"n", N("7310000")}});
  CHECK(w.items("SELECT/**/* FROM \"Tab\" -- the table\nWHERE pk/* key */='a' --").size() == 1);
  CHECK(w.items(R"(select * from Tab where pk = 'a' and "it's" = 'a--b /*c*/'; -- done)").size() == 1);
  for (const auto* number : {"7.31e6", "7.31E6", "7.31e+6", "731e4", "73100000e-1", "- -7310000", "+.731e7"})
    CHECK_MESSAGE(w.items(fmt::format("SELECT pk FROM Tab WHERE pk = 'a' AND n = {}", number)).size() == 1,
                  number);
  w.execute(R"(INSERT INTO Tab VALUE {'pk': 'q', 'q': 'it''s', 'd': -0, 'b': -1.5e-3})");
  CHECK(w.tab("q") == Json{{"pk", S("q")}, {"q", S("it's")}, {"d", N("0")}, {"b", N("-0.0015")}});
}

TEST_CASE("what PartiQL has and DynamoDB does not do is refused by name and place") {
  PartiqlWorld w;
  for (const auto* text :
       {R"(SELECT * FROM "Tab" t WHERE pk='x')", R"(SELECT * FROM "Tab" AS t WHERE pk = 'x')",
        R"(UPDATE "Tab" t SET a = 3 WHERE pk = 'x')", R"(DELETE FROM "Tab" t WHERE pk = 'x')",
        R"(SELECT pk AS p FROM "Tab")"})
    CHECK_MESSAGE(w.refused(text) == "Aliasing is not supported", text);
  CHECK(w.refused(R"(SELECT COUNT(*) FROM "Tab")") == "Unexpected path component at 1:8:5");
  CHECK(w.refused(R"(SELECT attribute_exists(ss) FROM "gone")") == "Unexpected path component at 1:8:16");
  CHECK(w.refused(R"(SELECT * FROM "Tab" WHERE EXISTS(ss))") == "Unrecognized function: exists at 1:27:6");
  CHECK(w.refused("SELECT * FROM Tab WHERE\n  größe = foo(x)") == "Unrecognized function: foo at 2:11:3");
  CHECK(w.refused("SELECT pk FROM Tab LIMIT 5") == "Unsupported clause: LIMIT at 1:26:1");
  CHECK(w.refused("SELECT s, m.s FROM Tab") == "Duplicate identifiers in select clause: s");
  CHECK(w.refused("SELECT l[-1] FROM Tab") ==
        "List index is not within the allowable range; index: [-1] at 1:11:1");
  CHECK(w.refused("SELECT l[2147483648] FROM Tab") ==
        "List index is not within the allowable range; index: [2147483648] at 1:10:10");
  CHECK(w.refused("SELECT * FROM Tab WHERE a + 1 = 2") == "Unsupported operation: Plus");
  CHECK(w.refused("EXISTS(SELECT * FROM Tab WHERE pk = 'a' AND b IS MISSING)") ==
        "EXISTS can only be used in ExecuteTransaction write requests.");
}

TEST_CASE("a FROM clause names a table, or a table and an index") {
  PartiqlWorld w;
  CHECK(w.refused(R"(SELECT * FROM "" WHERE pk = 'x')") == "Path component cannot be an empty string");
  CHECK(w.refused(R"(SELECT * FROM "Tab"."" WHERE pk = 'x')") == "Path component cannot be an empty string");
  CHECK(w.refused(R"(SELECT * FROM "Tab"."i"."x" WHERE pk = 'x')") ==
        "A path may contain at most 2 components in the FROM clause");
  CHECK(w.refused(R"(SELECT * FROM "Tab"."none" WHERE pk = 'x')") ==
        "The table does not have the specified index");
  CHECK(w.refused(R"(INSERT INTO "Tab"."i" VALUE {'pk': 'x'})") ==
        "FROM clause may only contain a single table name");
  CHECK(w.refused(R"(UPDATE "Tab"."i" SET a = 1 WHERE pk = 'x')") ==
        "This operation is not supported on an index");
  CHECK(w.refused(R"(DELETE FROM "Tab"."i" WHERE pk = 'x')") ==
        "This operation is not supported on an index");
  const auto gone = w.failed("SELECT * FROM gone WHERE pk = 'x'");
  CHECK(gone.code == "ResourceNotFoundException");
  CHECK(gone.message == "Requested resource not found");
}

TEST_CASE("a bad literal is told by its place in the value") {
  PartiqlWorld w;
  const std::string over =
      "Number overflow. Attempting to store a number with magnitude larger than supported range under ";
  CHECK(w.refused("SELECT * FROM Tab WHERE pk = 1e126") == over + "root");
  CHECK(w.refused("SELECT * FROM Tab WHERE pk = 1e-131") ==
        "Number underflow. Attempting to store a number with magnitude smaller than supported range under "
        "root");
  CHECK(w.refused("SELECT * FROM Tab WHERE pk = 123456789012345678901234567890123456789") ==
        "Attempting to store more than 38 significant digits in a Number under root");
  CHECK(w.refused("INSERT INTO Tab VALUE {'pk': 'a', 'm': {'x': 1e126}}") == over + "root.x");
  CHECK(w.refused("INSERT INTO Tab VALUE {'pk': 'a', 'l': [1, 1e126]}") == over + "root[1]");
  CHECK(w.refused("INSERT INTO Tab VALUE {'pk': 'a', 's': <<>>}") == "Empty bags are not supported");
  CHECK(w.refused("INSERT INTO Tab VALUE {'pk': 'a', 's': <<1, 'a'>>}") ==
        "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags");
  CHECK(w.refused("INSERT INTO Tab VALUE {'pk': 'a', 's': <<'a', 'a'>>}") ==
        "One or more parameter values were invalid: Input collection [a, a] contains duplicates.");
  CHECK(
      w.refused("INSERT INTO Tab VALUE {'pk': 'a', 's': <<2, 2.0>>}") ==
      "One or more parameter values were invalid: Input collection [2, 2.0] contains duplicates! under root");
  CHECK(w.refused("INSERT INTO Tab VALUE {'pk': 'a', 'ss': set_add(<<'a'>>, <<'b'>>)}") ==
        "Unsupported data type: set_add under key root at 1:41:7");
  CHECK(w.refused("INSERT INTO Tab VALUE {'pk': 'a', 'm': {'k': ?}}", P(S("v"))) ==
        "Unsupported data type: Parameter under key root.k at 1:46:1");
  CHECK(w.refused("INSERT INTO Tab VALUE {'': 1}") == "Empty attribute name");
  const auto nested = [](int levels) {
    std::string out = "INSERT INTO Tab VALUE {'pk': 'deep', 'd': ";
    for (int i = 0; i < levels; ++i) out += "{'a':";
    out += "1" + std::string(static_cast<std::size_t>(levels), '}') + "}";
    return out;
  };
  std::string path = "root";
  for (int i = 0; i < 32; ++i) path += ".a";
  CHECK(w.refused(nested(32)) == "Nesting Levels have exceeded supported limits under " + path);
  CHECK(w.refused(nested(1000)).starts_with("Nesting Levels have exceeded supported limits"));
  w.execute(nested(31));
  CHECK(!w.tab("deep").is_null());
}

TEST_CASE("the request around a statement has its constraints") {
  PartiqlWorld w;
  const auto refused = [&](Json in) { return w.refusal("ExecuteStatement", std::move(in)); };
  const std::string detected = "1 validation error detected: ";
  CHECK(refused(Json::object()) ==
        detected + "Value null at 'statement' failed to satisfy constraint: Member must not be null");
  CHECK(refused({{"Statement", ""}}) == detected +
                                            "Value '' at 'statement' failed to satisfy constraint: Member "
                                            "must have length greater than or equal to 1");
  CHECK(refused({{"Statement", std::string(8193, ' ')}})
            .ends_with("at 'statement' failed to satisfy constraint: Member must have length less than or "
                       "equal to 8192"));
  CHECK(refused({{"Statement", "SELECT * FROM Tab"}, {"Parameters", Json::array()}}) ==
        detected +
            "Value '[]' at 'parameters' failed to satisfy constraint: Member must have length greater than "
            "or equal "
            "to 1");
  CHECK(refused({{"Statement", "SELECT * FROM Tab"}, {"Limit", 0}}) ==
        detected +
            "Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal "
            "to 1");
}

TEST_CASE("parameters are judged before the statement, and counted") {
  PartiqlWorld w;
  CHECK(w.refused("UPDATE Tab SET WHERE", P(Json{{"SS", {"a", "a"}}})) ==
        "One or more parameter values were invalid: Input collection [a, a] contains duplicates.");
  CHECK(w.refused("SELECT * FROM Tab WHERE pk = ?", P(N(""))) ==
        "The parameter cannot be converted to a numeric value");
  CHECK(w.refused("SELECT * FROM Tab WHERE pk = ?", P(N("abc"))) ==
        "The parameter cannot be converted to a numeric value: abc");
  const std::string mismatch = "Number of parameters in request and statement don't match.";
  CHECK(w.refused("SELECT * FROM Tab WHERE pk = ?") == mismatch);
  CHECK(w.refused("SELECT * FROM Tab WHERE pk = ?", P(S("a"), S("b"))) == mismatch);
}

TEST_CASE("a statement with any character missing is understood or refused, and no more") {
  const std::string_view whole[] = {
      R"(SELECT a, m.k[0]."x" FROM "T"."i" WHERE pk IN ['a', 1.5e-3] AND NOT (b IS NOT MISSING OR size(c) >= -2) ORDER BY pk DESC;)",
      R"(INSERT INTO T VALUE {'pk': ?, 'l': [1, <<'a''b'>>, {'k': null}]})",
      R"(UPDATE T SET a = list_append(a, [1]) SET s = set_add(s, <<2>>) REMOVE b[1] WHERE pk = 'x' AND c BETWEEN 1 AND ? RETURNING MODIFIED OLD *)",
      R"(EXISTS(SELECT * FROM T WHERE pk = 'a' AND (begins_with(b, 'c') = true) <> false /* note */))"};
  const auto understood = [](std::string_view text) {
    try {
      return !dynamodb::partiql::statement_of(text).tree.refusal;
    } catch (const AwsError& error) {
      CHECK(error.code == "ValidationException");
      return false;
    }
  };
  for (const auto text : whole) {
    CHECK_MESSAGE(understood(text), text);
    for (std::size_t i = 0; i < text.size(); ++i) {
      understood(text.substr(0, i));
      understood(std::string(text.substr(0, i)).append(text.substr(i + 1)));
      understood(std::string(text.substr(0, i)).append("(").append(text.substr(i)));
    }
  }
}

TEST_CASE("no depth of nesting is too much for the parser") {
  for (const std::string_view open :
       {"(", "[", "{'a':", "<<", "f(", "NOT ", "- ", "a.b[", "SELECT * FROM a WHERE ("}) {
    std::string text = "SELECT * FROM T WHERE a = ";
    while (text.size() < 8000) text += open;
    CHECK_THROWS_AS(dynamodb::partiql::statement_of(text), AwsError);
  }
}

TEST_CASE("conditions within conditions do not multiply") {
  const auto nested = [](std::string_view open, std::string_view close, int depth) {
    std::string text = "SELECT * FROM T WHERE ";
    for (int i = 0; i < depth; ++i) text += open;
    text += "a = 1";
    for (int i = 0; i < depth; ++i) text += close;
    return text;
  };
  CHECK(!dynamodb::partiql::statement_of(nested("(", ") IN [true, false, true]", 60)).tree.refusal);
  CHECK(!dynamodb::partiql::statement_of(nested("(", ") = true", 60)).tree.refusal);
  CHECK(dynamodb::partiql::statement_of(nested("(", ") = b", 60)).tree.refusal);
  CHECK(dynamodb::partiql::statement_of(nested("(", ") = (b = 1)", 60)).tree.refusal);
}
