// D10 and E7: key conditions that no key answers, for keys of one, two and many attributes.
#include "tests/services/dynamodb/text_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
const Json kValues =
    Json::parse(R"({":p":{"S":"p"},":n":{"N":"1"},":m":{"N":"2"},":s":{"S":"x"},":e":{"S":""},
  ":t":{"BOOL":true},":l":{"L":[]}})");
Json input(const std::string& condition, std::string_view table = "Sorted") {
  Json in{{"TableName", table}, {"KeyConditionExpression", condition}};
  for (const auto& [name, value] : kValues.items())
    if (condition.find(name) != condition.npos) in["ExpressionAttributeValues"][name] = value;
  return in;
}
const std::string kP = VALIDATION "Invalid KeyConditionExpression: ";
std::string invalid(std::string_view text) { return kP + std::string(text); }
}  // namespace

TEST_CASE("a key condition that is none is refused before the table is looked up") {
  TextWorld w;
  const auto operation = [](std::string_view name) {
    return invalid("Invalid operator used in KeyConditionExpression: " + std::string(name));
  };
  const auto condition = [](std::string_view text) {
    return invalid("Invalid condition in KeyConditionExpression: " + std::string(text));
  };
  const auto type = [](std::string_view function, std::string_view letters) {
    return invalid("Incorrect operand type for operator or function; operator or function: " +
                   std::string(function) + ", operand type: " + std::string(letters));
  };
  CHECK(w.refused("Query", R"({"TableName":"absent"})") == VALIDATION
        "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.");
  check_each(
      {{"pk = :p OR sk = :n", operation("OR")},
       {"NOT pk = :p", operation("NOT")},
       {"pk IN (:p)", operation("IN")},
       {"pk <> :p", operation("<>")},
       {"pk = :p AND attribute_exists(sk)", operation("attribute_exists")},
       {"pk = :p AND attribute_not_exists(sk)", operation("attribute_not_exists")},
       {"pk = :p AND contains(sk, :s)", operation("contains")},
       {"pk = :p AND :n BETWEEN sk AND :m",
        condition("BETWEEN operator must have the key attribute as its first operand")},
       {"pk = :p AND begins_with(:s, sk)",
        condition("begins_with operator must have the key attribute as its first operand")},
       {"pk = :p AND sk = v", condition("Multiple attribute names used in one condition")},
       {"pk = :p AND begins_with(sk, v)", condition("Multiple attribute names used in one condition")},
       {"pk = :p AND sk BETWEEN v AND :n", condition("Multiple attribute names used in one condition")},
       {"pk = :p AND :n = :m", condition("No key attribute specified")},
       {"pk = :p AND size(sk) = :n", invalid("KeyConditionExpressions cannot contain nested operations")},
       {"pk = :p AND sk.x = :n",
        invalid("KeyConditionExpressions cannot have conditions on nested attributes")},
       {"pk = :p AND sk[0] = :n",
        invalid("KeyConditionExpressions cannot have conditions on nested attributes")},
       {"pk = :p AND sk > :n AND sk < :m",
        invalid("KeyConditionExpressions must only contain one condition per key")},
       {"pk = :p AND pk = :p", invalid("KeyConditionExpressions must only contain one condition per key")},
       {"pk = :p AND begins_with(sk, :n)", type("begins_with", "N")},
       {"pk = :p AND sk < :t", type("<", "BOOL")},
       {"pk = :p AND sk BETWEEN :l AND :l", type("BETWEEN", "L")},
       {"pk = :p AND sk BETWEEN :m AND :n",
        invalid("The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower "
                "bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}")},
       {"pk = :p AND sk BETWEEN :n AND :s",
        invalid(
            "The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: "
            "AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:x}")},
       {"", invalid("The expression can not be empty;")},
       {"pk = :p AND", invalid(R"(Syntax error; token: "<EOF>", near: "AND")")},
       {"((pk = :p))", invalid("The expression has redundant parentheses;")},
       {"hash = :p", invalid("Attribute name is a reserved keyword; reserved keyword: hash")},
       // clause by clause, in writing order, before anything is counted
       {"pk = :gone AND begins_with(sk, :n)",
        invalid("An expression attribute value used in expression is not defined; attribute value: :gone")},
       {"begins_with(sk, :n) AND pk = :gone", type("begins_with", "N")},
       {"pk = :p AND begins_with(sk, :n) AND sk = :gone", type("begins_with", "N")},
       {"pk = :p AND begins_with(sk, :n) AND sk > :s", type("begins_with", "N")},
       {"pk <> :p OR sk = :n", operation("OR")},
       {"pk <> :p AND sk IN (:n)", operation("<>")},
       {"sk IN (:n) AND pk <> :p", operation("IN")}},
      [&](const char* text) { return w.refused("Query", input(text, "absent")); });
}

TEST_CASE("a key condition fits the key") {
  TextWorld w;
  w.table("Sorted", true);
  w.table();
  const std::string missed = VALIDATION "Query condition missed key schema element: ";
  const std::string unsupported = VALIDATION "Query key condition not supported";
  const std::string type = VALIDATION OMPV "Condition parameter type does not match schema type";
  check_each(
      {{"sk = :n", missed + "pk"},
       {"v = :n", missed + "pk"},
       {"pk = :p AND v = :n", missed + "sk"},
       {"v = :n AND sk = :n", missed + "pk"},
       {"pk > :p", unsupported},
       {"begins_with(pk, :s)", unsupported},
       {"pk BETWEEN :p AND :s AND sk = :n", unsupported},
       {"pk = :n", type},
       {"pk = :p AND sk = :s", type},
       {"pk = :p AND begins_with(sk, :s)", type},
       {"pk = :t", type},
       {"pk = :p AND sk = :n AND v = :n", VALIDATION
        "The number of query conditions (3) exceeds the number of key attributes defined in the schema (2)"},
       {"pk = :e", VALIDATION
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain "
        "an empty string value. Key: pk"}},
      [&](const char* text) { return w.refused("Query", input(text)); });
  check_each(
      {{"pk = :p AND sk = :n", unsupported},
       {"pk = :p AND sk = :n AND v = :n", VALIDATION
        "The number of query conditions (3) exceeds the number of key attributes defined in the schema (1)"}},
      [&](const char* text) { return w.refused("Query", input(text, "Tab")); });
}

namespace {
// Many: hash id; GSI many with the hash keys h1 S, h2 N and the range keys a S, b N, c B.
struct Many : TextWorld {
  Many() {
    answer("CreateTable", R"j({"TableName":"Many","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[
      {"AttributeName":"id","AttributeType":"S"},{"AttributeName":"h1","AttributeType":"S"},
      {"AttributeName":"h2","AttributeType":"N"},{"AttributeName":"a","AttributeType":"S"},
      {"AttributeName":"b","AttributeType":"N"},{"AttributeName":"c","AttributeType":"B"}],
      "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],"GlobalSecondaryIndexes":[{"IndexName":"many",
      "Projection":{"ProjectionType":"ALL"},"KeySchema":[{"AttributeName":"h1","KeyType":"HASH"},
        {"AttributeName":"h2","KeyType":"HASH"},{"AttributeName":"a","KeyType":"RANGE"},
        {"AttributeName":"b","KeyType":"RANGE"},{"AttributeName":"c","KeyType":"RANGE"}]}]})j");
  }
  void add(std::string_view id, std::string_view h2, std::string_view a, std::string_view b,
           std::string_view c) {
    DynamoWorld::put(
        {{"id", S(id)}, {"h1", S("x")}, {"h2", N(h2)}, {"a", S(a)}, {"b", N(b)}, {"c", {{"B", c}}}}, "Many");
  }
  static Json input(const std::string& condition) {
    const auto values =
        Json::parse(R"({":x":{"S":"x"},":1":{"N":"1"},":5":{"N":"5"},":A":{"S":"A"},":B":{"S":"B"},
      ":10":{"N":"10"},":c":{"B":"AQ=="}})");
    Json in{{"TableName", "Many"}, {"IndexName", "many"}, {"KeyConditionExpression", condition}};
    for (const auto& [name, value] : values.items())
      if ((condition + " ").find(name + " ") != condition.npos ||
          (condition + " ").find(name + ")") != condition.npos)
        in["ExpressionAttributeValues"][name] = value;
    return in;
  }
  std::string ids(const std::string& condition, Json more = Json::object()) {
    std::string out;
    for (const auto& item : call("Query", merged(input(condition), more))["Items"])
      out += item["id"]["S"].get<std::string>();
    return out;
  }
};
}  // namespace

TEST_CASE("an index of many key attributes sorts by its range keys in turn and narrows by a prefix of them") {
  Many w;
  w.add("1", "1", "A", "10", "AQ==");
  w.add("2", "1", "A", "5", "Ag==");
  w.add("3", "1", "A", "5", "AQ==");
  w.add("4", "1", "B", "-1", "AQ==");
  w.add("5", "2", "A", "5", "AQ==");
  w.put(R"({"id":{"S":"6"},"h1":{"S":"x"},"h2":{"N":"1"},"a":{"S":"A"}})",
        "Many");  // lacks b and c: not there
  CHECK(w.ids("h1 = :x AND h2 = :1") == "3214");
  CHECK(w.ids("h1 = :x AND h2 = :1", {{"ScanIndexForward", false}}) == "4123");
  CHECK(w.ids("h2 = :1 AND a = :A AND h1 = :x") == "321");
  CHECK(w.ids("h1 = :x AND h2 = :1 AND a > :A") == "4");
  CHECK(w.ids("h1 = :x AND h2 = :1 AND begins_with(a, :B)") == "4");
  CHECK(w.ids("b = :5 AND h1 = :x AND a = :A AND h2 = :1") == "32");
  CHECK(w.ids("h1 = :x AND h2 = :1 AND a = :A AND b BETWEEN :5 AND :10") == "321");
  CHECK(w.ids("h1 = :x AND h2 = :1 AND a = :A AND b = :5 AND c > :c") == "2");
  CHECK(w.ids("h1 = :x AND h2 = :1 AND a = :A AND b = :5 AND c <= :c") == "3");
  const auto legacy = w.answer("Query", R"({"TableName":"Many","IndexName":"many","KeyConditions":{
    "h1":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"x"}]},
    "h2":{"ComparisonOperator":"EQ","AttributeValueList":[{"N":"1"}]},
    "a":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"A"}]},
    "b":{"ComparisonOperator":"LT","AttributeValueList":[{"N":"10"}]}}})");
  CHECK(legacy["Count"] == 2);
}

TEST_CASE("a page of an index of many key attributes ends with all of them and the table's") {
  Many w;
  for (const auto* id : {"1", "2", "3"}) w.add(id, "1", "A", "5", "AQ==");
  std::string seen;
  Json start;
  do {
    Json in = Many::input("h1 = :x AND h2 = :1");
    in["Limit"] = 1;
    if (!start.is_null()) in["ExclusiveStartKey"] = start;
    const auto page = w.call("Query", in);
    for (const auto& item : page["Items"]) seen += item["id"]["S"].get<std::string>();
    start = page.value("LastEvaluatedKey", Json());
    if (!start.is_null()) CHECK(start.size() == 6);
  } while (!start.is_null());
  std::ranges::sort(seen);
  CHECK(seen == "123");
}

TEST_CASE("the conditions on many key attributes leave no gap") {
  Many w;
  const auto range = [](std::string_view part, std::string_view because) {
    return VALIDATION "RANGE key attributes " + std::string(part) +
           " must have equality conditions specified in the query because a condition is present on key "
           "attribute " +
           std::string(because);
  };
  const auto refuse = [&](const char* condition) { return w.refused("Query", Many::input(condition)); };
  check_each({{"h1 = :x AND h2 = :1 AND b = :5", range("a", "b")},
              {"h1 = :x AND h2 = :1 AND a > :A AND b = :5", range("a", "b")},
              {"h1 = :x AND h2 = :1 AND a = :A AND c = :c", range("b", "c")}},
             refuse);
  for (const auto* condition : {"h1 = :x", "h1 = :x AND a = :A", "h1 = :x AND h2 > :1"}) {
    const auto said = refuse(condition);
    CHECK_MESSAGE(said.find("HASH") != said.npos, said);
    CHECK_MESSAGE(said.find("equality") != said.npos, said);
    CHECK_MESSAGE(said.find("h2") != said.npos, said);
  }
  auto filtered = Many::input("h1 = :x AND h2 = :1");
  filtered["FilterExpression"] = "b > :1";
  CHECK(w.refused("Query", filtered) == VALIDATION
        "Filter Expression can only contain non-primary key attributes: Primary key attribute: b");
}

TEST_CASE("an index has at most four key attributes of a kind, the hash ones first") {
  TextWorld w;
  const auto create = [&](std::initializer_list<std::pair<const char*, const char*>> keys) {
    auto table = Json::parse(R"({"TableName":"Many","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[
      {"AttributeName":"id","AttributeType":"S"}],"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]})");
    Json schema = Json::array();
    for (const auto& [name, kind] : keys) {
      schema.push_back({{"AttributeName", name}, {"KeyType", kind}});
      const Json definition{{"AttributeName", name}, {"AttributeType", "S"}};
      auto& all = table["AttributeDefinitions"];
      if (std::ranges::find(all, definition) == all.end()) all.push_back(definition);
    }
    table["GlobalSecondaryIndexes"] = {
        {{"IndexName", "many"}, {"KeySchema", schema}, {"Projection", {{"ProjectionType", "ALL"}}}}};
    return w.refused("CreateTable", table);
  };
  const auto five = create({{"a", "HASH"}, {"b", "HASH"}, {"c", "HASH"}, {"d", "HASH"}, {"e", "HASH"}});
  CHECK_MESSAGE(five.find("HASH") != five.npos, five);
  const auto late = create({{"a", "HASH"}, {"b", "RANGE"}, {"c", "HASH"}});
  CHECK_MESSAGE(late.find("precede") != late.npos, late);
  const auto twice = create({{"a", "HASH"}, {"b", "RANGE"}, {"b", "RANGE"}});
  CHECK_MESSAGE(twice.find("same name") != twice.npos, twice);
}
