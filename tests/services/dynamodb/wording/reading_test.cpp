// E2 to E4: what Query and Scan refuse about indexes, projections, start keys and segments.
#include "tests/services/dynamodb/text_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
// Tab: hash pk S, range sk N; GSI by-g (g S, h N; INCLUDE x), GSI all-g (g; ALL), LSI by-l (pk, l S;
// KEYS_ONLY).
struct Indexed : TextWorld {
  Indexed() {
    answer("CreateTable", R"j({"TableName":"Tab","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[
      {"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"N"},
      {"AttributeName":"g","AttributeType":"S"},{"AttributeName":"h","AttributeType":"N"},
      {"AttributeName":"l","AttributeType":"S"}],
      "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
      "GlobalSecondaryIndexes":[
        {"IndexName":"by-g","Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["x"]},"KeySchema":[
          {"AttributeName":"g","KeyType":"HASH"},{"AttributeName":"h","KeyType":"RANGE"}]},
        {"IndexName":"all-g","Projection":{"ProjectionType":"ALL"},"KeySchema":[
          {"AttributeName":"g","KeyType":"HASH"}]}],
      "LocalSecondaryIndexes":[{"IndexName":"by-l","Projection":{"ProjectionType":"KEYS_ONLY"},"KeySchema":[
        {"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"l","KeyType":"RANGE"}]}]})j");
  }
  static Json query(const char* index, const char* more) {
    Json in = Json::parse(R"({"TableName":"Tab","ExpressionAttributeValues":{":p":{"S":"p"}}})");
    in["KeyConditionExpression"] = std::string_view(index).ends_with("-g") ? "g = :p" : "pk = :p";
    if (*index) in["IndexName"] = index;
    const Json extra = Json::parse(more);
    if (extra.contains("ExpressionAttributeValues"))
      in["ExpressionAttributeValues"].update(extra["ExpressionAttributeValues"]);
    for (const auto& [name, value] : extra.items())
      if (name != "ExpressionAttributeValues") in[name] = value;
    return in;
  }
  std::string query_refused(const char* index, const char* more) {
    return refused("Query", query(index, more));
  }
  std::string scan_refused(const char* more) {
    return refused("Scan", merged(Json{{"TableName", "Tab"}}, Json::parse(more)));
  }
};
const std::string kInvalidStart = VALIDATION "The provided starting key is invalid";
const std::string kStartMismatch = kInvalidStart + ": The provided key element does not match the schema";
}  // namespace

TEST_CASE("an index gives what it has") {
  Indexed w;
  const std::string unknown = VALIDATION "The table does not have the specified index: nope";
  const std::string consistent = VALIDATION "Consistent reads are not supported on global secondary indexes";
  const std::string all = VALIDATION OMPV
      "Select type ALL_ATTRIBUTES is not supported for global secondary index by-g because its projection "
      "type is "
      "not ALL";
  CHECK(w.query_refused("nope", "{}") == unknown);
  CHECK(w.scan_refused(R"({"IndexName":"nope"})") == unknown);
  CHECK(w.query_refused("by-g", R"({"ConsistentRead":true})") == consistent);
  CHECK(w.scan_refused(R"({"IndexName":"all-g","ConsistentRead":true})") == consistent);
  CHECK(w.query_refused("by-g", R"({"Select":"ALL_ATTRIBUTES"})") == all);
  CHECK(w.scan_refused(R"({"IndexName":"by-g","Select":"ALL_ATTRIBUTES"})") == all);
  CHECK(w.query_refused("by-g", R"({"ProjectionExpression":"x, y"})") == VALIDATION OMPV
        "Global secondary index by-g does not project [y]");
  CHECK(w.query_refused("by-g", R"({"AttributesToGet":["y"]})").find("AttributesToGet") != std::string::npos);
  CHECK(w.scan_refused(R"({"IndexName":"by-g","AttributesToGet":["pk","y"]})") == VALIDATION OMPV
        "Global secondary index by-g does not project [y]");
  w.call("Query", Indexed::query("all-g", R"({"Select":"ALL_ATTRIBUTES"})"));
  w.call("Query", Indexed::query("by-l", R"({"Select":"ALL_ATTRIBUTES","ConsistentRead":true})"));
  w.call("Query", Indexed::query("by-g", R"({"ProjectionExpression":"pk, sk, g, h, x.deep"})"));
}

TEST_CASE("keys are projected whole and not filtered by a query") {
  Indexed w;
  CHECK(
      w.query_refused("", R"({"FilterExpression":"sk > :n","ExpressionAttributeValues":{":n":{"N":"1"}}})") ==
      VALIDATION "Filter Expression can only contain non-primary key attributes: Primary key attribute: sk");
  CHECK(
      w.query_refused(
          "",
          R"({"FilterExpression":"x = y OR size(pk) > :n","ExpressionAttributeValues":{":n":{"N":"1"}}})") ==
      VALIDATION "Filter Expression can only contain non-primary key attributes: Primary key attribute: pk");
  CHECK(w.query_refused("by-g",
                        R"({"FilterExpression":"h > :n","ExpressionAttributeValues":{":n":{"N":"1"}}})") ==
        VALIDATION "Filter Expression can only contain non-primary key attributes: Primary key attribute: h");
  w.call("Query",
         Indexed::query("by-g",
                        R"({"FilterExpression":"sk > :n","ExpressionAttributeValues":{":n":{"N":"1"}}})"));
  w.answer(
      "Scan",
      R"({"TableName":"Tab","FilterExpression":"sk > :n","ExpressionAttributeValues":{":n":{"N":"1"}}})");
  constexpr const char* kScalars = VALIDATION
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: ";
  CHECK(w.query_refused("", R"({"ProjectionExpression":"pk.x"})") == std::string(kScalars) + "Key: pk");
  CHECK(w.query_refused("by-g", R"({"ProjectionExpression":"h[0]"})") ==
        std::string(kScalars) + "IndexKey: h");
  CHECK(w.scan_refused(R"({"ProjectionExpression":"sk[0]"})") == std::string(kScalars) + "Key: sk");
}

TEST_CASE("Select and a projection do not contradict each other; Query says so with a prefix, Scan without") {
  Indexed w;
  check_each(
      {{R"({"Select":"ALL_PROJECTED_ATTRIBUTES"})",
        "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"},
       {R"({"Select":"SPECIFIC_ATTRIBUTES"})",
        "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"},
       {R"({"Select":"ALL_ATTRIBUTES","ProjectionExpression":"a"})",
        "Cannot specify the ProjectionExpression when choosing to get ALL_ATTRIBUTES"},
       {R"({"Select":"ALL_PROJECTED_ATTRIBUTES","ProjectionExpression":"a","IndexName":"by-g"})",
        "Cannot specify the ProjectionExpression when choosing to get ALL_PROJECTED_ATTRIBUTES"},
       {R"({"Select":"COUNT","ProjectionExpression":"a"})",
        "Cannot specify the ProjectionExpression when choosing to get only the Count"}},
      [&](const char* more) {
        const auto asked = w.query_refused("", more), scanned = w.scan_refused(more);
        CHECK(asked == ENV + scanned.substr(std::size(VALIDATION) - 1));
        return scanned.substr(std::size(VALIDATION) - 1);
      });
  CHECK(w.scan_refused(R"({"Select":"COUNT","AttributesToGet":["a"]})") == VALIDATION
        "Cannot specify the AttributesToGet when choosing to get only the Count");
  CHECK(w.refused("Query",
                  R"({"TableName":"Tab","Select":"ALL_ATTRIBUTES","AttributesToGet":["a"],"KeyConditions":{
    "pk":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"p"}]}}})") == ENV
        "Cannot specify the AttributesToGet when choosing to get ALL_ATTRIBUTES");
}

TEST_CASE("limits, enumerations and names break constraints, several at once") {
  Indexed w;
  CHECK(w.query_refused("", R"({"Limit":0})") == ENV
        "Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1");
  CHECK(
      w.scan_refused(R"({"Limit":0})") == ENV
      "Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1");
  CHECK(w.scan_refused(R"({"Select":"SOME"})") == ENV
        "Value 'SOME' at 'select' failed to satisfy constraint: Member must satisfy enum value set: "
        "[SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]");
  CHECK(w.scan_refused(R"({"ReturnConsumedCapacity":"SOME"})") == ENV
        "Value 'SOME' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum "
        "value set: "
        "[INDEXES, TOTAL, NONE]");
  CHECK(w.scan_refused(R"({"Segment":-1,"TotalSegments":1000001})")
            .starts_with(VALIDATION "2 validation errors detected: Value '"));
  CHECK(w.scan_refused(R"({"TableName":"a b"})") == ENV
        "Value 'a b' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression "
        "pattern: "
        "[a-zA-Z0-9_.-]+");
}

TEST_CASE("a start key is a key of what is read and lies where the query reads") {
  Indexed w;
  const char* range =
      R"({"KeyConditionExpression":"pk = :p AND sk > :n","ExpressionAttributeValues":{":n":{"N":"0"}},)";
  const auto table = [&](const char* start) {
    return w.query_refused("", (R"({"ExclusiveStartKey":)" + std::string(start) + "}").c_str());
  };
  const auto ranged = [&](const char* start) {
    return w.query_refused("", (range + (R"("ExclusiveStartKey":)" + std::string(start) + "}")).c_str());
  };
  const auto index = [&](const char* start) {
    return w.query_refused("by-g", (R"({"ExclusiveStartKey":)" + std::string(start) + "}").c_str());
  };
  const auto scan = [&](const char* start) {
    return w.scan_refused((R"({"ExclusiveStartKey":)" + std::string(start) + "}").c_str());
  };
  const auto scan_index = [&](const char* start) {
    return w.scan_refused((R"({"IndexName":"by-g","ExclusiveStartKey":)" + std::string(start) + "}").c_str());
  };
  const std::string outside =
      VALIDATION "The provided starting key is outside query boundaries based on provided conditions";
  const std::string mismatch = VALIDATION "The provided key element does not match the schema";
  check_each({{R"({"pk":{"S":"p"}})", kInvalidStart},
              {R"({"pk":{"S":"p"},"sk":{"N":"1"},"x":{"N":"1"}})", kInvalidStart},
              {R"({"pk":{"S":"p"},"x":{"N":"1"}})", kInvalidStart},
              {R"({"pk":{"S":"p"},"sk":{"S":"1"}})", kStartMismatch},
              {R"({"pk":{"S":"q"},"sk":{"N":"1"}})", outside}},
             table);
  check_each({{R"({"pk":{"S":"p"},"sk":{"N":"0"}})",
               VALIDATION "The provided starting key does not match the range key predicate"},
              {R"({"pk":{"S":"q"},"sk":{"N":"-1"}})",
               VALIDATION "The provided starting key does not match the range key predicate"},
              {R"({"pk":{"S":"q"},"sk":{"N":"1"}})",
               VALIDATION "The query can return at most one row and cannot be restarted"}},
             ranged);
  check_each({{R"({"g":{"S":"p"},"h":{"N":"1"}})", kInvalidStart},
              {R"({"pk":{"S":"p"},"sk":{"N":"1"}})", kInvalidStart},
              {R"({"pk":{"S":"p"},"sk":{"N":"1"},"g":{"S":"p"},"h":{"S":"1"}})", mismatch},
              {R"({"pk":{"S":"p"},"sk":{"S":"1"},"g":{"S":"p"},"h":{"N":"1"}})", kStartMismatch},
              {R"({"pk":{"S":"p"},"sk":{"N":"1"},"g":{"S":"q"},"h":{"N":"1"}})", outside}},
             index);
  check_each({{R"({"pk":{"S":"p"}})", kStartMismatch},
              {R"({"pk":{"S":"p"},"sk":{"S":"1"}})", kStartMismatch},
              {R"({"pk":{"S":"p"},"sk":{"N":"1"},"x":{"N":"1"}})", kStartMismatch}},
             scan);
  check_each({{R"({"g":{"S":"p"},"h":{"N":"1"}})", kInvalidStart},
              {R"({"pk":{"S":"p"},"sk":{"N":"1"},"g":{"N":"1"},"h":{"N":"1"}})", mismatch},
              {R"({"pk":{"N":"1"},"sk":{"N":"1"},"g":{"S":"p"},"h":{"N":"1"}})", kStartMismatch}},
             scan_index);
  w.call("Query", Indexed::query("", R"({"ExclusiveStartKey":{"pk":{"S":"p"},"sk":{"N":"1"}}})"));
}

TEST_CASE("of several faults of a query the one that AWS looks for first is told") {
  Indexed w;
  const std::string consistent = VALIDATION "Consistent reads are not supported on global secondary indexes";
  CHECK(w.query_refused("nope", R"({"ConsistentRead":true,"ExclusiveStartKey":{}})") == VALIDATION
        "The table does not have the specified index: nope");
  CHECK(w.query_refused("by-g", R"({"ConsistentRead":true,"ExclusiveStartKey":{}})") == consistent);
  CHECK(w.query_refused("by-g", R"({"KeyConditionExpression":"h = :p","ExclusiveStartKey":{}})") ==
        kInvalidStart);
  CHECK(w.query_refused("by-g", R"({"KeyConditionExpression":"h = :p","ProjectionExpression":"y"})") ==
        VALIDATION "Query condition missed key schema element: g");
  CHECK(w.query_refused("by-g", R"({"ProjectionExpression":"y","FilterExpression":"g = :p"})") ==
        VALIDATION OMPV "Global secondary index by-g does not project [y]");
  CHECK(w.query_refused("by-g", R"({"Select":"ALL_ATTRIBUTES","FilterExpression":"g = :p"})") == VALIDATION
        "Filter Expression can only contain non-primary key attributes: Primary key attribute: g");
}

TEST_CASE("segments are given both or not at all, and a start key lies in its own") {
  TextWorld w;
  w.table();
  const auto refuse = [&](const char* more) {
    return w.refused("Scan", merged(Json{{"TableName", "Tab"}}, Json::parse(more)));
  };
  check_each({{R"({"TotalSegments":2})", VALIDATION "The Segment parameter is required but was not present "
                                                    "in the request when parameter TotalSegments is "
                                                    "present"},
              {R"({"Segment":0})", VALIDATION "The TotalSegments parameter is required but was not present "
                                              "in the request when Segment parameter is "
                                              "present"},
              {R"({"Segment":2,"TotalSegments":2})",
               VALIDATION "The Segment parameter is zero-based and must be less than parameter "
                          "TotalSegments: Segment: 2 is not less "
                          "than TotalSegments: 2"},
              // MD5 29…: the first half
              {R"({"Segment":1,"TotalSegments":2,"ExclusiveStartKey":{"pk":{"S":"2"}}})",
               VALIDATION "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use "
                          "ExclusiveStartKey with correct "
                          "Segment. TotalSegments: 2 Segment: 1"}},
             refuse);
  CHECK(
      w.answer("Scan",
               R"({"TableName":"Tab","Segment":0,"TotalSegments":2,"ExclusiveStartKey":{"pk":{"S":"2"}}})") ==
      Json::parse(R"({"Items":[],"Count":0,"ScannedCount":0})"));
}
