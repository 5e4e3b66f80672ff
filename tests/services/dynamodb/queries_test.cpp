#include <set>

#include "tests/services/dynamodb/dynamodb_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
std::vector<std::string> column(const Json& reply, const char* name, const char* type) {
  std::vector<std::string> out;
  for (const auto& item : reply["Items"]) out.push_back(item[name][type]);
  return out;
}
using Texts = std::vector<std::string>;

struct Sorted : DynamoWorld {
  Sorted() {
    table("Sorted", true);
    for (const auto* sk : {"-2", "-1", "0", "1.5", "10"})
      put({{"pk", S("p")}, {"sk", N(sk)}, {"v", N(sk)}}, "Sorted");
    put({{"pk", S("q")}, {"sk", N("0")}}, "Sorted");
  }
  static Json input(std::string_view condition, Json values, Json more) {
    values[":p"] = S("p");
    Json in{{"TableName", "Sorted"},
            {"KeyConditionExpression", condition},
            {"ExpressionAttributeValues", values}};
    in.update(more);
    return in;
  }
  Texts query(std::string_view condition, Json values = Json::object(), Json more = Json::object()) {
    return column(call("Query", input(condition, values, more)), "sk", "N");
  }
  std::string query_refusal(std::string_view condition, Json values = Json::object(),
                            Json more = Json::object()) {
    return refusal("Query", input(condition, values, more));
  }
};
constexpr std::string_view kP = "Invalid KeyConditionExpression: ";
std::string p(std::string_view text) { return std::string(kP) + std::string(text); }
}  // namespace

TEST_CASE("a query reads one partition in key order") {
  Sorted w;
  CHECK(w.query("pk = :p") == Texts{"-2", "-1", "0", "1.5", "10"});
  const Json zero{{":s", N("0")}};
  CHECK(w.query("pk = :p AND sk > :s", zero) == Texts{"1.5", "10"});
  CHECK(w.query("pk = :p AND :s <= sk", zero) == Texts{"0", "1.5", "10"});
  CHECK(w.query("(pk = :p) AND (sk < :s)", zero) == Texts{"-2", "-1"});
  CHECK(w.query("pk = :p AND sk <= :s", zero) == Texts{"-2", "-1", "0"});
  CHECK(w.query("sk = :s AND pk = :p", zero) == Texts{"0"});
  CHECK(w.query("pk = :p AND sk BETWEEN :a AND :b", {{":a", N("-1")}, {":b", N("1.5")}}) ==
        Texts{"-1", "0", "1.5"});
  CHECK(w.query("pk = :p AND :s <= sk", zero, {{"ScanIndexForward", false}}) == Texts{"10", "1.5", "0"});
}

TEST_CASE("a full page ends with a key to go on from, even when nothing follows") {
  Sorted w;
  auto page = w.call("Query", Sorted::input("pk = :p", Json::object(), {{"Limit", 3}}));
  CHECK(page["Count"] == 3);
  CHECK(page["LastEvaluatedKey"] == Json{{"pk", S("p")}, {"sk", N("0")}});
  page = w.call("Query", Sorted::input("pk = :p", Json::object(),
                                       {{"Limit", 2}, {"ExclusiveStartKey", page["LastEvaluatedKey"]}}));
  CHECK(column(page, "sk", "N") == Texts{"1.5", "10"});
  REQUIRE(page.contains("LastEvaluatedKey"));
  page = w.call("Query", Sorted::input("pk = :p", Json::object(),
                                       {{"Limit", 2}, {"ExclusiveStartKey", page["LastEvaluatedKey"]}}));
  CHECK(page["Count"] == 0);
  CHECK_FALSE(page.contains("LastEvaluatedKey"));
  CHECK_FALSE(
      w.call("Query", Sorted::input("pk = :p", Json::object(), {{"Limit", 6}})).contains("LastEvaluatedKey"));
  CHECK(w.query("pk = :p", Json::object(),
                {{"ScanIndexForward", false}, {"ExclusiveStartKey", {{"pk", S("p")}, {"sk", N("0")}}}}) ==
        Texts{"-1", "-2"});
}

TEST_CASE("a filter counts after, a limit before") {
  Sorted w;
  const Json filter{{"FilterExpression", "v > :f"}, {"Select", "COUNT"}};
  const auto reply = w.call("Query", Sorted::input("pk = :p", {{":f", N("0")}}, filter));
  CHECK(reply == Json{{"Count", 2}, {"ScannedCount", 5}});
  CHECK(w.query_refusal("pk = :p", {{":f", N("0")}}, {{"FilterExpression", "sk > :f"}}) ==
        "Filter Expression can only contain non-primary key attributes: Primary key attribute: sk");
}

TEST_CASE("key conditions that no key answers are refused") {
  Sorted w;
  const Json ab{{":a", N("1")}, {":b", N("2")}};
  CHECK(w.query_refusal("pk = :p AND sk > :a AND sk < :b", ab) ==
        p("KeyConditionExpressions must only contain one condition per key"));
  CHECK(w.refusal("Query", {{"TableName", "Sorted"},
                            {"KeyConditionExpression", "sk = :s"},
                            {"ExpressionAttributeValues", {{":s", N("1")}}}}) ==
        "Query condition missed key schema element: pk");
  CHECK(w.query_refusal("pk = :p AND v = :a", {{":a", N("1")}}) ==
        "Query condition missed key schema element: sk");
  CHECK(w.query_refusal("pk > :p") == "Query key condition not supported");
  CHECK(w.query_refusal("pk = :p OR sk = :a", {{":a", N("1")}}) ==
        p("Invalid operator used in KeyConditionExpression: OR"));
  CHECK(w.query_refusal("pk = :p AND attribute_exists(sk)") ==
        p("Invalid operator used in KeyConditionExpression: attribute_exists"));
  CHECK(w.query_refusal("pk = :p AND sk.x = :a", {{":a", N("1")}}) ==
        p("KeyConditionExpressions cannot have conditions on nested attributes"));
  CHECK(w.query_refusal("pk = :p AND size(sk) = :a", {{":a", N("1")}}) ==
        p("KeyConditionExpressions cannot contain nested operations"));
  CHECK(w.query_refusal("pk = :p AND sk = v") ==
        p("Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition"));
  CHECK(w.query_refusal("pk = :p AND sk = :a", {{":a", S("x")}}) ==
        "One or more parameter values were invalid: Condition parameter type does not match schema type");
  CHECK(w.refusal("Query", {{"TableName", "nowhere"},
                            {"KeyConditionExpression", "pk = :p AND begins_with(sk, :n)"},
                            {"ExpressionAttributeValues", {{":p", S("p")}, {":n", N("1")}}}}) ==
        p("Incorrect operand type for operator or function; operator or function: begins_with, operand type: "
          "N"));
  CHECK(w.refusal("Query", {{"TableName", "Sorted"}}) ==
        "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.");
  CHECK(w.query_refusal("pk = :p AND sk = :a AND v = :b", ab) ==
        "The number of query conditions (3) exceeds the number of key attributes defined in the schema (2)");
}

TEST_CASE("start keys must fit the query") {
  Sorted w;
  const auto refusal = [&](std::string_view condition, Json start) {
    return w.query_refusal(condition, {{":s", N("0")}},
                           {{"ExclusiveStartKey", start}, {"FilterExpression", "v <> :s"}});
  };
  CHECK(refusal("pk = :p", {{"pk", S("p")}}) == "The provided starting key is invalid");
  CHECK(refusal("pk = :p", {{"pk", S("p")}, {"sk", S("x")}}) ==
        "The provided starting key is invalid: The provided key element does not match the schema");
  CHECK(refusal("pk = :p", {{"pk", S("q")}, {"sk", N("0")}}) ==
        "The provided starting key is outside query boundaries based on provided conditions");
  CHECK(refusal("pk = :p AND sk > :s", {{"pk", S("p")}, {"sk", N("-1")}}) ==
        "The provided starting key does not match the range key predicate");
}

TEST_CASE("Select and projection must not contradict each other") {
  Sorted w;
  const auto refusal = [&](Json more) { return w.query_refusal("pk = :p", Json::object(), more); };
  CHECK(refusal({{"Select", "SPECIFIC_ATTRIBUTES"}}) ==
        "1 validation error detected: Must specify the AttributesToGet or ProjectionExpression when choosing "
        "to get "
        "SPECIFIC_ATTRIBUTES");
  CHECK(refusal({{"Select", "COUNT"}, {"ProjectionExpression", "v"}}) ==
        "1 validation error detected: Cannot specify the ProjectionExpression when choosing to get only the "
        "Count");
  CHECK(refusal({{"Select", "ALL_PROJECTED_ATTRIBUTES"}}) ==
        "1 validation error detected: ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an "
        "IndexName");
  CHECK(refusal({{"Limit", 0}}) ==
        "1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must have value "
        "greater than "
        "or equal to 1");
  CHECK(refusal({{"IndexName", "nope"}}) == "The table does not have the specified index: nope");
}

TEST_CASE("a scan follows the order of AWS's hash") {
  DynamoWorld w;
  w.table();
  for (const auto* key :
       {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "aardman", "hello", "zapf", "äáöü"})
    w.put({{"pk", S(key)}});
  const Texts order{"2", "8", "9", "1", "6", "hello", "0", "5", "4", "äáöü", "aardman", "7", "3", "zapf"};
  CHECK(column(w.call("Scan", {{"TableName", "Tab"}}), "pk", "S") == order);
  Texts paged;
  Json start;
  do {
    Json in{{"TableName", "Tab"}, {"Limit", 3}};
    if (!start.is_null()) in["ExclusiveStartKey"] = start;
    const auto page = w.call("Scan", in);
    for (auto& key : column(page, "pk", "S")) paged.push_back(key);
    start = page.value("LastEvaluatedKey", Json());
  } while (!start.is_null());
  CHECK(paged == order);
}

TEST_CASE("the segments of a parallel scan hold every item once, where AWS puts it") {
  DynamoWorld w;
  w.table();
  std::set<std::string> all;
  for (int i = 0; i < 200; ++i) {
    all.insert(std::to_string(i));
    w.put({{"pk", S(std::to_string(i))}});
  }
  std::size_t seen = 0;
  for (int segment = 0; segment < 3; ++segment)
    for (const auto& key : column(
             w.call("Scan", {{"TableName", "Tab"}, {"Segment", segment}, {"TotalSegments", 3}}), "pk", "S")) {
      ++seen;
      all.erase(key);
    }
  CHECK(seen == 200);
  CHECK(all.empty());
  for (const auto* key : {"3635", "228", "1668", "3435"}) w.put({{"pk", S(key)}});
  const auto bucket = [&](int n) {
    return column(w.call("Scan", {{"TableName", "Tab"}, {"Segment", n}, {"TotalSegments", 4096}}), "pk", "S");
  };
  CHECK(std::ranges::count(bucket(0), "3635") == 1);
  CHECK(std::ranges::count(bucket(0), "228") == 1);
  CHECK(std::ranges::count(bucket(1), "1668") == 1);
  CHECK(std::ranges::count(bucket(4), "3435") == 1);
}

TEST_CASE("scan parameters are checked") {
  DynamoWorld w;
  w.table();
  const auto refusal = [&](Json more) {
    Json in{{"TableName", "Tab"}};
    in.update(more);
    return w.refusal("Scan", in);
  };
  CHECK(refusal({{"Segment", 2}, {"TotalSegments", 2}}) ==
        "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 2 is "
        "not less than "
        "TotalSegments: 2");
  CHECK(refusal({{"TotalSegments", 2}}) ==
        "The Segment parameter is required but was not present in the request when parameter TotalSegments "
        "is present");
  CHECK(refusal({{"Limit", 0}}) ==
        "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have "
        "value greater "
        "than or equal to 1");
  CHECK(refusal({{"FilterExpression", "a = :v"}, {"ExpressionAttributeValues", {{":v", N("x")}}}}) ==
        "ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric "
        "value: x for "
        "key :v");
  CHECK(refusal({{"ExclusiveStartKey", {{"x", S("y")}}}}) ==
        "The provided starting key is invalid: The provided key element does not match the schema");
}

TEST_CASE("a page ends at one megabyte of what was read, filtered or not") {
  DynamoWorld w;
  w.table("Sorted", true);
  for (int i = 0; i < 8; ++i)
    w.put({{"pk", S("p")}, {"sk", N(std::to_string(i))}, {"v", S(std::string(200'000, 'x'))}}, "Sorted");
  const auto page = w.call("Query", {{"TableName", "Sorted"},
                                     {"KeyConditionExpression", "pk = :p"},
                                     {"FilterExpression", "attribute_not_exists(v)"},
                                     {"ExpressionAttributeValues", {{":p", S("p")}}},
                                     {"ReturnConsumedCapacity", "TOTAL"}});
  CHECK(page["Count"] == 0);
  CHECK(page["ScannedCount"] == 6);
  CHECK(page["LastEvaluatedKey"]["sk"] == N("5"));
  CHECK(page["ConsumedCapacity"]["CapacityUnits"] == 146.5);  // ceil(6 * 200,0xx / 4096) / 2
}

TEST_CASE("a long read goes on over many slices") {
  DynamoWorld w;
  w.table("Sorted", true);
  for (int i = 0; i < 300; ++i) w.put({{"pk", S("p")}, {"sk", N(std::to_string(i))}}, "Sorted");
  for (const bool forward : {true, false}) {
    const auto reply = w.call("Query", {{"TableName", "Sorted"},
                                        {"KeyConditionExpression", "pk = :p"},
                                        {"ScanIndexForward", forward},
                                        {"ExpressionAttributeValues", {{":p", S("p")}}}});
    CHECK(reply["Count"] == 300);
    CHECK(reply["Items"][forward ? 299 : 0]["sk"] == N("299"));
  }
}
