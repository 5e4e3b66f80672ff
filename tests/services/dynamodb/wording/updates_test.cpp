// D7: update expressions that are none, and those that the item at hand does not bear.
#include "tests/services/dynamodb/text_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
Json input(const std::string& expression, Json values) {
  Json in{{"TableName", "Tab"}, {"Key", {{"pk", S("a")}}}, {"UpdateExpression", expression}};
  Json used = Json::object();
  for (const auto& [name, value] : values.items())
    if (expression.find(name) != expression.npos) used[name] = value;
  if (!used.empty()) in["ExpressionAttributeValues"] = used;
  return in;
}
const Json kValues = Json::parse(R"({":n":{"N":"5"},":s":{"S":"str"},":t":{"BOOL":true},":z":{"NULL":true},
  ":x":{"SS":["x"]},":l":{"L":[]},":m":{"M":{}},":b":{"B":"AA=="}})");
std::string syntax(std::string_view token, std::string_view near) {
  return R"(Syntax error; token: ")" + std::string(token) + R"(", near: ")" + std::string(near) + '"';
}
std::string operand(std::string_view function, std::string_view type) {
  return "Incorrect operand type for operator or function; operator or function: " + std::string(function) +
         ", operand type: " + std::string(type);
}
std::string section(std::string_view name, std::string_view type) {
  return "Incorrect operand type for operator or function; operator: " + std::string(name) +
         ", operand type: " + std::string(type);
}
std::string met(std::string_view how, std::string_view one, std::string_view two) {
  return "Two document paths " + std::string(how) +
         " with each other; must remove or rewrite one of these paths; path one: " + std::string(one) +
         ", path two: " + std::string(two);
}
std::string misused(std::string_view function) {
  return "The function is not allowed to be used this way in an expression; function: " +
         std::string(function);
}
constexpr std::string_view kPath =
    "The document path provided in the update expression is invalid for update";
constexpr std::string_view kType = "An operand in the update expression has an incorrect data type";
constexpr std::string_view kMissing =
    "The provided expression refers to an attribute that does not exist in the item";
}  // namespace

TEST_CASE("an update that is none is refused before the table is looked up") {
  TextWorld w;
  check_each(
      {{" ", "The expression can not be empty;"},
       {"INVALID SYNTAX HERE", syntax("INVALID", "INVALID SYNTAX")},
       {"SET", syntax("<EOF>", "SET")},
       {"SET a", syntax("<EOF>", "a")},
       {"SET a = ", syntax("<EOF>", "=")},
       {"SET a = :n,", syntax("<EOF>", ",")},
       {"SET _123 = :n", syntax("_", "SET _123")},
       {"ADD hits : incr", syntax(":", "hits : incr")},
       {"ADD a = :n", syntax("=", "a = :n")},
       {"ADD a b", syntax("b", "a b")},
       {"REMOVE a :n", syntax(":n", "a :n")},
       {"SET a = :n + :n + :n", syntax("+", ":n + :n")},
       {"SET a = :n * :n", syntax("*", ":n * :n")},
       {"SET a = if_not_exists(b, :n + :n)", syntax("+", ":n + :n")},
       {"SET a = ((:n))", "The expression has redundant parentheses;"},
       {"SET a = :n REMOVE b SET c = :n",
        R"(The "SET" section can only be used once in an update expression;)"},
       {"REMOVE a remove b", R"(The "REMOVE" section can only be used once in an update expression;)"},
       {"ADD a :n ADD b :n", R"(The "ADD" section can only be used once in an update expression;)"},
       {"DELETE a :x DELETE b :x", R"(The "DELETE" section can only be used once in an update expression;)"},
       {"SET views = :n", "Attribute name is a reserved keyword; reserved keyword: views"},
       {"REMOVE a.b[0].Date", "Attribute name is a reserved keyword; reserved keyword: Date"},
       {"SET a = nope(:n)", "Invalid function name; function: nope"},
       {"SET a = size(b)", misused("size")},
       {"SET a = attribute_exists(b)", misused("attribute_exists")},
       {"SET a = list_append(list_append(a, :l), :l)", misused("list_append")},
       {"SET a = #gone",
        "An expression attribute name used in the document path is not defined; attribute name: #gone"},
       {"SET a = :gone",
        "An expression attribute value used in expression is not defined; attribute value: :gone"},
       {"SET a = :n, a = :s", met("overlap", "[a]", "[a]")},
       {"SET a.b = :n REMOVE a", met("overlap", "[a, b]", "[a]")},
       {"SET a[0] = :n ADD a[0].b :n", met("overlap", "[a, [0]]", "[a, [0], b]")},
       {"SET a.c = :n, a[1] = :n", met("conflict", "[a, c]", "[a, [1]]")},
       {"ADD a :s", section("ADD", "STRING")},
       {"ADD a :b", section("ADD", "BINARY")},
       {"ADD a :t", section("ADD", "BOOLEAN")},
       {"ADD a :z", section("ADD", "NULL")},
       {"ADD a :l", section("ADD", "LIST")},
       {"ADD a :m", section("ADD", "MAP")},
       {"DELETE a :n", section("DELETE", "NUMBER")},
       {"DELETE a :s", section("DELETE", "STRING")},
       {"SET a = b + :s", operand("+", "S")},
       {"SET a = :x - b", operand("-", "SS")},
       {"SET a = list_append(b, :n)", operand("list_append", "N")},
       {"SET a = list_append(:s, b)", operand("list_append", "S")},
       {"SET a = if_not_exists(:n, :n)",
        "Operator or function requires a document path; operator or function: if_not_exists"},
       {"SET a = if_not_exists(b)",
        "Incorrect number of operands for operator or function; operator or function: if_not_exists, number "
        "of "
        "operands: 1"},
       {"SET a = list_append(b, :l, :l)",
        "Incorrect number of operands for operator or function; operator or function: list_append, number of "
        "operands: 3"}},
      [&](const char* expression) {
        const auto said = w.refused("UpdateItem", input(expression, kValues));
        constexpr std::string_view kPrefix = ENV "Invalid UpdateExpression: ";
        return said.starts_with(kPrefix) ? said.substr(kPrefix.size()) : said;
      });
}

TEST_CASE("of several faults of an update the one that AWS looks for first is told") {
  TextWorld w;
  check_each(
      {{"SET a = nope(:n), views = :n", "Attribute name is a reserved keyword; reserved keyword: views"},
       {"SET a = nope(:n) SET b = :n", "Invalid function name; function: nope"},
       {"SET a = #gone SET b = :n", R"(The "SET" section can only be used once in an update expression;)"},
       {"SET a = :gone, b = #gone",
        "An expression attribute name used in the document path is not defined; attribute name: #gone"},
       {"SET a = :gone, a.b = :n",
        "An expression attribute value used in expression is not defined; attribute value: :gone"},
       {"SET a[0] = :n, a.b = :n, c = :n, c.d = :n", met("overlap", "[c]", "[c, d]")},
       {"SET a[0] = :n, a.b = :n ADD c :s", met("conflict", "[a, [0]]", "[a, b]")},
       {"SET a = b + :s ADD c :s", section("ADD", "STRING")}},
      [&](const char* expression) {
        const auto said = w.refused("UpdateItem", input(expression, kValues));
        constexpr std::string_view kPrefix = ENV "Invalid UpdateExpression: ";
        return said.starts_with(kPrefix) ? said.substr(kPrefix.size()) : said;
      });
}

TEST_CASE("updates are bounded") {
  TextWorld w;
  w.table();
  std::string sums = "SET ";
  for (int i = 0; i < 301; ++i) sums += (i ? ",a" : "a") + std::to_string(i) + "=b+b";
  CHECK(w.refused("UpdateItem", input(sums, Json::object())) == ENV
        "Invalid UpdateExpression: The expression contains too many operators; operator count: 301");
  CHECK(w.refused("UpdateItem", input("REMOVE a" + std::string(4089, ' '), Json::object())) == ENV
        "Invalid UpdateExpression: Expression size has exceeded the maximum allowed size;");
  w.call("UpdateItem", input("REMOVE a" + std::string(4088, ' '), Json::object()));
  std::string deep = "REMOVE a";
  for (int i = 0; i < 32; ++i) deep += ".a";
  CHECK(w.refused("UpdateItem", input(deep, Json::object())) == ENV
        "Invalid UpdateExpression: The document path has too many nesting levels; nesting levels: 33");
  CHECK(w.refused("UpdateItem", input("REMOVE a[99999999999999]", Json::object())) == ENV
        "Invalid UpdateExpression: List index is not within the allowable range; index: [99999999999999]");
}

TEST_CASE("what the item at hand does not bear is refused without prefix") {
  TextWorld w;
  w.table();
  w.put(R"({"pk":{"S":"a"},"n":{"N":"9e125"},"s":{"S":"text"},"l":{"L":[{"N":"1"}]},"m":{"M":{"k":{"S":"v"}}},
    "ss":{"SS":["a"]}})");
  const std::string key = OMPV "Cannot update attribute pk. This attribute is part of the key";
  const std::string overflow =
      "Number overflow. Attempting to store a number with magnitude larger than supported range";
  const std::string path(kPath), type(kType), missing(kMissing);
  check_each({{"SET pk = :s", key},
              {"REMOVE pk", key},
              {"ADD pk :n", key},
              {"DELETE pk :x", key},
              {"SET pk.a = :n",
               "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: "
               "Key: pk"},
              {"REMOVE pk[0]",
               "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: "
               "Key: pk"},
              {"SET gone.a = :n", path},
              {"SET gone[0] = :n", path},
              {"SET s.a = :n", path},
              {"SET l.a = :n", path},
              {"SET m[0] = :n", path},
              {"SET l[5].a = :n", path},
              {"SET m.gone.a = :n", path},
              {"REMOVE gone.a", path},
              {"REMOVE m[0]", path},
              {"REMOVE s.a", path},
              {"ADD gone.a :n", path},
              {"DELETE gone.a :x", path},
              {"SET a = gone", missing},
              {"SET a = gone + :n", missing},
              {"SET a = m.gone", missing},
              {"SET a = l[1]", missing},
              {"SET a = list_append(gone, :l)", missing},
              {"SET a = s + :n", type},
              {"SET a = :n - l", type},
              {"SET a = list_append(s, :l)", type},
              {"SET a = if_not_exists(s, :n) + :n", type},
              {"ADD s :n", type},
              {"ADD n :x", type},
              {"ADD l :x", type},
              {"DELETE s :x", type},
              {"DELETE n :x", type},
              {"SET n = n + n", overflow},
              {"SET a = n + :n", overflow}},
             [&](const char* expression) {
               return w.refused("UpdateItem", input(expression, kValues)).substr(std::size(VALIDATION) - 1);
             });
}

TEST_CASE("what is not there need not be removed") {
  TextWorld w;
  w.table();
  w.put(R"({"pk":{"S":"a"},"l":{"L":[{"N":"1"}]},"m":{"M":{"k":{"S":"v"}}}})");
  const auto before = w.item();
  for (const auto* expression :
       {"REMOVE gone", "REMOVE l[7]", "REMOVE m.gone", "DELETE gone :x", "DELETE m.gone :x"}) {
    w.call("UpdateItem", input(expression, kValues));
    CHECK_MESSAGE(w.item() == before, expression);
  }
  for (const auto* expression : {"REMOVE gone.a", "REMOVE gone[0]", "DELETE gone :x", "DELETE gone.a :x"}) {
    auto absent = input(expression, kValues);
    absent["Key"]["pk"] = S("absent");
    CHECK_MESSAGE(w.call("UpdateItem", absent) == Json::object(), expression);
    CHECK(w.item("absent").is_null());
  }
}

TEST_CASE("a result nested too deep is refused") {
  TextWorld w;
  w.table();
  std::string open, close;
  for (int i = 0; i < 30; ++i) {
    open += R"({"L":[)";
    close += "]}";
  }
  w.put(R"({"pk":{"S":"a"},"d":)" + open + R"({"M":{}})" + close + "}");  // 31 levels
  std::string path = "d";
  for (int i = 0; i < 30; ++i) path += "[0]";
  w.call("UpdateItem", input("SET " + path + ".s = :s", kValues));  // 32
  CHECK(w.refused("UpdateItem", input("SET x = d, " + path + ".q = :wide", {{":wide", {{"L", {S("x")}}}}})) ==
        VALIDATION
        "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond "
        "supported limit");
}
