// D1, D3, D5: condition expressions that are none, and which fault is told first.
#include "tests/services/dynamodb/text_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
struct WithValues : TextWorld {
  // PutItem on a table that is not there: a static error needs none.
  std::string condition_refused(const std::string& condition) {
    auto values = Json::parse(R"({":n":{"N":"5"},":s":{"S":"str"},":t":{"BOOL":true},":z":{"NULL":true},
      ":ss":{"SS":["x"]},":l":{"L":[]},":m":{"M":{}},":b":{"B":"AA=="}})");
    for (auto it = values.begin(); it != values.end();)
      it = used(condition, it.key()) ? std::next(it) : values.erase(it);
    Json in{{"TableName", "absent"}, {"Item", {{"pk", S("a")}}}, {"ConditionExpression", condition}};
    if (!values.empty()) in["ExpressionAttributeValues"] = values;
    const auto said = refused("PutItem", in);
    constexpr std::string_view kPrefix = ENV "Invalid ConditionExpression: ";
    return said.starts_with(kPrefix) ? said.substr(kPrefix.size()) : said;
  }
  static bool used(std::string_view condition, std::string_view reference) {
    const auto at = condition.find(reference);
    if (at == condition.npos) return false;
    const auto end = at + reference.size();
    return end == condition.size() || !std::isalnum(static_cast<unsigned char>(condition[end])) ||
           used(condition.substr(at + 1), reference);
  }
};
const std::string kAbsent = "ResourceNotFoundException: Requested resource not found";  // no static error
std::string syntax(std::string_view token, std::string_view near) {
  return R"(Syntax error; token: ")" + std::string(token) + R"(", near: ")" + std::string(near) + '"';
}
std::string operand(std::string_view function, std::string_view type) {
  return "Incorrect operand type for operator or function; operator or function: " + std::string(function) +
         ", operand type: " + std::string(type);
}
std::string misused(std::string_view function) {
  return "The function is not allowed to be used this way in an expression; function: " +
         std::string(function);
}
std::string count(std::string_view function, int n) {
  return "Incorrect number of operands for operator or function; operator or function: " +
         std::string(function) + ", number of operands: " + std::to_string(n);
}
}  // namespace

TEST_CASE("blanks may stand between any two tokens, keywords may be in any case") {
  WithValues w;
  for (const auto* condition : {"a . b [ 0 ] = :n", "\ta\r\n=\n:n", "attribute_exists ( a )", "size (a) > :n",
                                "a In (:n , :s)", "nOt a = :n aNd b = :n oR c bEtWeEn :n AND :n",
                                "a=:n and(b=:n)or(not(c=:n))", "a1_b = :n", "(a=:n)and((b=:n)or(c=:n))"})
    CHECK_MESSAGE(w.condition_refused(condition) == kAbsent, condition);
}

TEST_CASE("the token that does not fit is shown between its neighbours") {
  WithValues w;
  check_each({{"a = = b", syntax("=", "= = b")},
              {"attribute_not_exists(", syntax("<EOF>", "(")},
              {"_a = :n", syntax("_", "_a")},
              {"1a = :n", syntax("1", "1a")},
              {"a-b = :n", syntax("-", "a-b")},
              {"a = :n AND", syntax("<EOF>", "AND")},
              {"a = :", syntax(":", "= :")},
              {"# = :n", syntax("#", "# =")},
              {"a = \"x\"", syntax("\"", "= \"x")},
              {"a == :n", syntax("=", "== :n")},
              {"a != :n", syntax("!", "a !=")},
              {"a BETWEEN :n OR :n", syntax("OR", ":n OR :n")},
              {"a IN :n", syntax(":n", "IN :n")},
              {"a IN ()", syntax(")", "()")},
              {"a[b] = :n", syntax("b", "[b]")},
              {"a. = :n", syntax("=", ". = :n")},
              {"attribute_exists a", syntax("a", "attribute_exists a")},
              {"a = :n, b = :n", syntax(",", ":n, b")},
              {")", syntax(")", ")")}},
             [&](const char* c) { return w.condition_refused(c); });
}

TEST_CASE("function names are lower case and known") {
  WithValues w;
  check_each({{"Attribute_Exists(a)", "Invalid function name; function: Attribute_Exists"},
              {"SIZE(a) = :n", "Invalid function name; function: SIZE"},
              {"foo(a)", "Invalid function name; function: foo"},
              {"list_append(a, b) = :l", misused("list_append")},
              {"if_not_exists(a, b) = :n", misused("if_not_exists")},
              {"size(a)", misused("size")},
              {"contains(a, :s) = :t", misused("contains")},
              {"begins_with(size(a), :s)", misused("size")}},
             [&](const char* c) { return w.condition_refused(c); });
}

TEST_CASE("operands have the number, kind and type that their operator takes") {
  WithValues w;
  check_each(
      {{"attribute_exists(a, b)", count("attribute_exists", 2)},
       {"attribute_not_exists(a, :n)", count("attribute_not_exists", 2)},
       {"attribute_type(a)", count("attribute_type", 1)},
       {"begins_with(a)", count("begins_with", 1)},
       {"contains(a, b, c)", count("contains", 3)},
       {"size(a, b) = :n", count("size", 2)},
       {"attribute_exists(:n)",
        "Operator or function requires a document path; operator or function: attribute_exists"},
       {"attribute_not_exists(:n)",
        "Operator or function requires a document path; operator or function: attribute_not_exists"},
       {"begins_with(a, :n)", operand("begins_with", "N")},
       {"begins_with(:ss, a)", operand("begins_with", "SS")},
       {"size(:n) = :s", operand("size", "N")},
       {"size(:t) = :s", operand("size", "BOOL")},
       {"size(:z) = :s", operand("size", "NULL")},
       {"a < :t", operand("<", "BOOL")},
       {"a <= :z", operand("<=", "NULL")},
       {":l > a", operand(">", "L")},
       {"a >= :m", operand(">=", "M")},
       {"a < :ss", operand("<", "SS")},
       {"a BETWEEN :t AND :t", operand("BETWEEN", "BOOL")},
       {"attribute_type(a, b)", operand("attribute_type", "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}")},
       {"attribute_type(a, :n)", operand("attribute_type", "N")},
       {"attribute_type(a, :s)",
        "Invalid attribute type name found; type: str, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}"},
       {"a = a",
        "The first operand must be distinct from the remaining operands for this operator or function; "
        "operator: =, first operand: [a]"},
       {"a.b[0] <> a.b[0]",
        "The first operand must be distinct from the remaining operands for this operator or function; "
        "operator: <>, first operand: [a, b, [0]]"},
       {"contains(a, a)",
        "The first operand must be distinct from the remaining operands for this operator or function; "
        "operator: contains, first operand: [a]"},
       {"begins_with(a, a)",
        "The first operand must be distinct from the remaining operands for this operator or function; "
        "operator: begins_with, first operand: [a]"},
       {"a BETWEEN :n AND :s",
        "The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: "
        "AttributeValue: {N:5}, upper bound operand: AttributeValue: {S:str}"}},
      [&](const char* c) { return w.condition_refused(c); });
}

TEST_CASE("of several faults the one that AWS looks for first is told") {
  WithValues w;
  check_each(
      {{"foo(a) AND ((b = :n))", "The expression has redundant parentheses;"},
       {"size(a) AND foo(b)", "Invalid function name; function: foo"},
       {"status = :n AND size(a)", misused("size")},
       {"a = :gone AND status = :n", "Attribute name is a reserved keyword; reserved keyword: status"},
       {"a = :gone AND #gone = :n",
        "An expression attribute value used in expression is not defined; attribute value: :gone"},
       {"#gone = :n AND a = :gone",
        "An expression attribute name used in the document path is not defined; attribute name: #gone"},
       {"contains(a) AND b < :t", count("contains", 1)},
       {"b < :t AND contains(a)", operand("<", "BOOL")},
       {"a = a AND b < :t",
        "The first operand must be distinct from the remaining operands for this operator or function; "
        "operator: =, first operand: [a]"}},
      [&](const char* c) { return w.condition_refused(c); });
}

TEST_CASE("expressions are bounded") {
  WithValues w;
  std::string ors = "a = :n";
  for (int i = 0; i < 149; ++i) ors += " OR a = :n";
  CHECK(w.condition_refused(ors) == kAbsent);  // 299 operators
  CHECK(w.condition_refused("NOT " + ors) == kAbsent);
  CHECK(w.condition_refused("NOT (NOT " + ors + ")") ==
        "The expression contains too many operators; operator count: 301");
  std::string deep = "a";
  for (int i = 0; i < 31; ++i) deep += i % 2 ? ".a" : "[0]";
  CHECK(w.condition_refused(deep + " = :n") == kAbsent);
  CHECK(w.condition_refused(deep + ".a = :n") ==
        "The document path has too many nesting levels; nesting levels: 33");
  std::string in = "a IN (:n";
  for (int i = 0; i < 98; ++i) in += ",:n";
  CHECK(w.condition_refused(in + ")") == kAbsent);
  CHECK(w.condition_refused(in + ",:n)") ==
        "The IN operator is provided with too many operands; number of operands: 101");
  CHECK(w.condition_refused("a = :n" + std::string(4090, ' ')) == kAbsent);
  CHECK(w.condition_refused("a = :n" + std::string(4091, ' ')) ==
        "Expression size has exceeded the maximum allowed size; expression size: 4097");
}

TEST_CASE("every reserved word is refused as a name, at any depth and in any case") {
  WithValues w;
  for (const auto* word : {"ABORT", "abort", "Zone", "year", "name", "Status", "TTL", "values", "data",
                           "date", "Timestamp", "user", "Region", "items", "count", "bytes", "hash", "key"}) {
    const std::string name(word);
    if (name == "bytes") {
      CHECK(w.condition_refused(name + " = :n") == kAbsent);
      continue;
    }
    CHECK(w.condition_refused(name + " = :n") ==
          "Attribute name is a reserved keyword; reserved keyword: " + name);
    CHECK(w.condition_refused("a[0]." + name + " = :n") ==
          "Attribute name is a reserved keyword; reserved keyword: " + name);
  }
}
