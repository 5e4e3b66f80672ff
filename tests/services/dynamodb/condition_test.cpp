#include <doctest/doctest.h>

#include "emulator/services/dynamodb/expression/cache.hpp"
#include "emulator/services/dynamodb/expression/check.hpp"
#include "emulator/services/dynamodb/expression/evaluate.hpp"

using namespace emu;
using namespace emu::dynamodb;
using namespace emu::dynamodb::expression;

namespace {
constexpr ExpressionVoice kVoice{{Layer::current}, "ConditionExpression"};

Item item_of(std::string_view json) {
  Json j = Json::parse(json);
  return decode(wire::Tag<GivenItem>{}, j, "").item;
}

const Item kValues = item_of(R"({":n":{"N":"5"},":s":{"S":"str"},":t":{"BOOL":true},":z":{"NULL":true},
  ":ss":{"SS":["x","y"]},":a":{"S":"a"},":b":{"S":"b"},":one":{"N":"1"},":type":{"S":"N"},":bad":{"S":"X"},
  ":m":{"M":{"k":{"N":"1.0"}}},":bin":{"B":"AAE="},":l":{"L":[{"N":"1"}]}})");
const std::optional<Names> kNames{Names{{"#d", "x.y"}, {"#v", "views"}}};

// Parses and checks; what was refused, or "".
std::string refusal(std::string_view text) {
  try {
    const auto parsed = parse_condition(text, kVoice);
    check(parsed.tree, Bindings(parsed.references, kNames, &kValues), kVoice);
  } catch (const AwsError& e) {
    constexpr std::string_view kPrefix = "Invalid ConditionExpression: ";
    CHECK(e.message.starts_with(kPrefix));
    return e.message.substr(kPrefix.size());
  }
  return "";
}

bool is_true(std::string_view text, const Item& item) {
  const auto parsed = parse_condition(text, kVoice);
  const Bindings bindings(parsed.references, kNames, &kValues);
  check(parsed.tree, bindings, kVoice);
  return holds(parsed.tree, bindings, item);
}
}  // namespace

TEST_CASE("well-formed conditions parse") {
  for (const auto* text :
       {"a = :n", "a=:n AND b<>:n", "NOT a = :n", "a BETWEEN :a AND :b", "a IN (:n, :s)",
        "(a = :n) AND (b = :n)", "((a = :n) AND (b = :n))", "attribute_exists (a)", "size(a) > :n",
        "(size(a)) > :n", ":n = a", "(a) = (:n)", "a.b[0].c = :n and not contains(l, :s)",
        "#d = :n or begins_with(a,:s)", "(attribute_exists(a))", "NOT (NOT a = :n)",
        "(a = :n AND b = :n) OR (NOT c = :n)", "size(:s) = a"})
    CHECK_MESSAGE(refusal(text).empty(), text);
}

TEST_CASE("syntax errors show the token and its neighbours") {
  CHECK(refusal("a = = b") == R"(Syntax error; token: "=", near: "= = b")");
  CHECK(refusal("attribute_not_exists(") == R"(Syntax error; token: "<EOF>", near: "(")");
  CHECK(refusal("a") == R"(Syntax error; token: "<EOF>", near: "a")");
  CHECK(refusal("a = :n b") == R"(Syntax error; token: "b", near: ":n b")");
  CHECK(refusal("(a = :n") == R"(Syntax error; token: "<EOF>", near: ":n")");
  CHECK(refusal("a = é") == R"(Syntax error; token: "é", near: "= é")");
  CHECK(refusal("") == "The expression can not be empty;");
  CHECK(refusal("\t\n") == "The expression can not be empty;");
}

TEST_CASE("static errors come in AWS's order and words") {
  CHECK(refusal("((a = :n))") == "The expression has redundant parentheses;");
  CHECK(refusal("((a)) = :n") == "The expression has redundant parentheses;");
  CHECK(refusal("((a = :n)) AND nope(b)") == "The expression has redundant parentheses;");
  CHECK(refusal("nope(a) AND status = :n") == "Invalid function name; function: nope");
  CHECK(refusal("size(a)") ==
        "The function is not allowed to be used this way in an expression; function: size");
  CHECK(refusal("attribute_exists(a) = :t") ==
        "The function is not allowed to be used this way in an expression; function: attribute_exists");
  CHECK(refusal("size(size(a)) = :n") ==
        "The function is not allowed to be used this way in an expression; function: size");
  CHECK(refusal("if_not_exists(a, :n) = :n") ==
        "The function is not allowed to be used this way in an expression; function: if_not_exists");
  CHECK(refusal("a.date = :n") == "Attribute name is a reserved keyword; reserved keyword: date");
  CHECK(refusal("#u = :n") ==
        "An expression attribute name used in the document path is not defined; attribute name: #u");
  CHECK(refusal("a = :u") ==
        "An expression attribute value used in expression is not defined; attribute value: :u");
  CHECK(refusal("contains(a)") ==
        "Incorrect number of operands for operator or function; operator or function: contains, number of "
        "operands: 1");
  CHECK(refusal("attribute_exists(:n)") ==
        "Operator or function requires a document path; operator or function: attribute_exists");
  CHECK(
      refusal("begins_with(a, :n)") ==
      "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N");
  CHECK(refusal("size(:n) = :n") ==
        "Incorrect operand type for operator or function; operator or function: size, operand type: N");
  CHECK(refusal("a < :t") ==
        "Incorrect operand type for operator or function; operator or function: <, operand type: BOOL");
  CHECK(refusal("a BETWEEN :ss AND :ss") ==
        "Incorrect operand type for operator or function; operator or function: BETWEEN, operand type: SS");
  CHECK(
      refusal("attribute_type(a, b)") ==
      "Incorrect operand type for operator or function; operator or function: attribute_type, operand type: "
      "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}");
  CHECK(refusal("attribute_type(a, :bad)") ==
        "Invalid attribute type name found; type: X, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}");
  CHECK(refusal("a.b[0] = a.b[0]") ==
        "The first operand must be distinct from the remaining operands for this operator or function; "
        "operator: =, "
        "first operand: [a, b, [0]]");
  CHECK(refusal("a BETWEEN :a AND :n") ==
        "The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: "
        "AttributeValue: "
        "{S:a}, upper bound operand: AttributeValue: {N:5}");
  CHECK(refusal("a BETWEEN :b AND :a") ==
        "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound "
        "operand: "
        "AttributeValue: {S:b}, upper bound operand: AttributeValue: {S:a}");
}

TEST_CASE("expressions have limits") {
  CHECK(refusal(std::string(4097, 'a')) ==
        "Expression size has exceeded the maximum allowed size; expression size: 4097");
  std::string many = "a = :n";
  for (int i = 0; i < 150; ++i) many += " OR a = :n";
  CHECK(refusal(many) == "The expression contains too many operators; operator count: 301");
  std::string path = "a";
  for (int i = 0; i < 32; ++i) path += ".a";
  CHECK(refusal(path + " = :n") == "The document path has too many nesting levels; nesting levels: 33");
  CHECK(refusal("a[99999999999999] = :n") ==
        "List index is not within the allowable range; index: [99999999999999]");
  std::string in = "a IN (:n";
  for (int i = 0; i < 99; ++i) in += ",:n";
  CHECK(refusal(in + ")") == "The IN operator is provided with too many operands; number of operands: 101");
  CHECK(refusal(std::string(2000, '(')) == "The expression has redundant parentheses;");
}

TEST_CASE("comparisons follow type and value") {
  const auto item = item_of(R"({"n":{"N":"5.0"},"s":{"S":"string"},"t":{"BOOL":true},"z":{"NULL":true},
    "ss":{"SS":["y","x"]},"m":{"M":{"k":{"N":"1"}}},"l":{"L":[{"N":"1"},{"S":"str"}]},"x.y":{"N":"5"},"bin":{"B":"AAECAw=="}})");
  for (const auto* text : {"n = :n",
                           "n <> :s",
                           "n >= :n",
                           "n <= :n",
                           "n > :one",
                           "ss = :ss",
                           "m = :m",
                           "t = :t",
                           "z = :z",
                           "gone <> :n",
                           "gone <> lost",
                           "#d = n",
                           "n BETWEEN :one AND :n",
                           "n IN (:s, :n)",
                           "begins_with(s, :s)",
                           "contains(s, :s)",
                           "contains(ss, s) OR contains(l, :s)",
                           "contains(l, :one)",
                           "begins_with(bin, :bin)",
                           "contains(bin, :bin)",
                           "size(s) > :n",
                           "size(l) < :n",
                           "size(ss) <> n",
                           "attribute_type(n, :type)",
                           "attribute_exists(z)",
                           "attribute_not_exists(m.k.deep)",
                           "attribute_exists(l[1])",
                           "NOT n = :s",
                           "n = :n OR s = :n AND s = :n",
                           "m.k = l[0]"})
    CHECK_MESSAGE(is_true(text, item), text);
  for (const auto* text : {"gone = lost", "gone = :n", "gone < :n", "n < :s", "n > :s", "s = :n",
                           "n BETWEEN :a AND :b", "gone IN (:n)", "begins_with(n, :s)", "contains(n, :n)",
                           "size(n) = :one", "size(gone) <= :n", "attribute_type(s, :type)",
                           "attribute_exists(l[2])", "(n = :n OR s = :n) AND s = :n", "contains(gone, :s)"})
    CHECK_MESSAGE(!is_true(text, item), text);
}

TEST_CASE("size counts UTF-16 units") {
  const auto item = item_of(R"({"e":{"S":"é😀"},"n":{"N":"3"}})");
  CHECK(is_true("size(e) = n", item));
}

TEST_CASE("a cached expression is parsed once and the cache is bounded") {
  Cache<Condition> cache(&parse_condition, 2);
  const auto first = cache.get("a = :n", kVoice);
  CHECK(cache.get("a = :n", kVoice) == first);
  cache.get("b = :n", kVoice);
  cache.get("c = :n", kVoice);
  CHECK(cache.size() <= 2);
  CHECK_THROWS(cache.get("a =", kVoice));
}
