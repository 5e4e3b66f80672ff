// B7: the order across partitions, in which AWS scans and splits a table among segments.
#include "tests/services/dynamodb/text_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
// T of hash key pk of a type, holding these keys.
struct Keyed : TextWorld {
  explicit Keyed(const char* type, std::initializer_list<const char*> keys) {
    auto definition =
        Json::parse(R"({"TableName":"Tab","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[
      {"AttributeName":"pk"}],"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]})");
    definition["AttributeDefinitions"][0]["AttributeType"] = type;
    call("CreateTable", definition);
    for (const auto* key : keys) DynamoWorld::put({{"pk", {{type, key}}}});
  }
};
std::vector<std::string> keys_of(const Json& reply, const char* type) {
  std::vector<std::string> out;
  for (const auto& item : reply["Items"]) out.push_back(item["pk"][type]);
  return out;
}
using Keys = std::vector<std::string>;
}  // namespace

TEST_CASE("numbers are scanned in the order of AWS's hash of their bytes") {
  Keyed w("N", {"1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "-0.09", "0.012345", "999.9", "-999.9"});
  CHECK(keys_of(w.answer("Scan", R"({"TableName":"Tab"})"), "N") ==
        Keys{"7", "999.9", "8", "3", "2", "-999.9", "9", "4", "-0.09", "6", "1", "0", "0.012345", "5"});
}

TEST_CASE("one number in two spellings is one key") {
  Keyed w("N", {"1", "1.0", "1e0", "0.1e1"});
  CHECK(w.answer("Scan", R"({"TableName":"Tab"})")["Count"] == 1);
}

TEST_CASE("a key lies in AWS's segment of a parallel scan") {
  const auto bucket = [](Keyed& w, int n, const char* type) {
    return keys_of(w.call("Scan", {{"TableName", "Tab"}, {"Segment", n}, {"TotalSegments", 4096}}), type);
  };
  Keyed texts("S", {"3635", "228", "1668", "3435"});
  CHECK(bucket(texts, 0, "S").size() == 2);
  CHECK(bucket(texts, 1, "S") == Keys{"1668"});
  CHECK(bucket(texts, 4, "S") == Keys{"3435"});
  Keyed numbers("N", {"251", "2388"});
  CHECK(bucket(numbers, 1, "N") == Keys{"251"});
  CHECK(bucket(numbers, 4095, "N") == Keys{"2388"});
}

TEST_CASE("bytes of keys hash as they are: a text and its bytes go to the same place") {
  Keyed w("B", {"Mg==", "OA==", "OQ==", "MQ=="});  // 2 8 9 1
  CHECK(keys_of(w.answer("Scan", R"({"TableName":"Tab"})"), "B") == Keys{"Mg==", "OA==", "OQ==", "MQ=="});
}

TEST_CASE("texts and bytes are sorted by unsigned bytes within a partition, a beginning before the whole") {
  TextWorld w;
  for (const auto* type : {"S", "B"}) {
    auto definition = Json::parse(R"({"BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[
      {"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk"}],
      "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}]})");
    definition["TableName"] = std::string("Tab") + type;
    definition["AttributeDefinitions"][1]["AttributeType"] = type;
    w.call("CreateTable", definition);
  }
  const auto sorted = [&](const char* table, const char* type) {
    const auto reply = w.call("Query", {{"TableName", table},
                                        {"KeyConditionExpression", "pk = :p"},
                                        {"ExpressionAttributeValues", {{":p", S("p")}}}});
    Keys out;
    for (const auto& item : reply["Items"]) out.push_back(item["sk"][type]);
    return out;
  };
  for (const auto* sk : {"\U0001F600", "ä", "b", "a", "ab", "B", "\uFFFD", "a\x01", "9"})
    w.DynamoWorld::put({{"pk", S("p")}, {"sk", S(sk)}}, "TabS");
  CHECK(sorted("TabS", "S") == Keys{"9", "B", "a", "a\x01", "ab", "b", "ä", "\uFFFD", "\U0001F600"});
  for (const auto* sk : {"/w==", "AA==", "AAA=", "fw==", "gA=="})
    w.DynamoWorld::put({{"pk", S("p")}, {"sk", {{"B", sk}}}}, "TabB");
  CHECK(sorted("TabB", "B") == Keys{"AA==", "AAA=", "fw==", "gA==", "/w=="});
}

TEST_CASE("entries of one index key are in the order of the hash of their table keys") {
  TextWorld w;
  w.answer("CreateTable", R"({"TableName":"Tab","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[
    {"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"S"},
    {"AttributeName":"g","AttributeType":"S"}],
    "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
    "GlobalSecondaryIndexes":[{"IndexName":"by-g","Projection":{"ProjectionType":"ALL"},
      "KeySchema":[{"AttributeName":"g","KeyType":"HASH"}]}]})");
  for (const auto* pk : {"a", "b"})
    for (const auto* sk : {"x", "y", "z", "xy"})
      w.DynamoWorld::put({{"pk", S(pk)}, {"sk", S(sk)}, {"g", S("one")}});
  const auto reply =
      w.answer("Query", R"({"TableName":"Tab","IndexName":"by-g","KeyConditionExpression":"g = :g",
    "ExpressionAttributeValues":{":g":{"S":"one"}}})");
  std::string seen;
  for (const auto& item : reply["Items"])
    seen += item["pk"]["S"].get<std::string>() + item["sk"]["S"].get<std::string>() + " ";
  CHECK(seen == "ax by ay bz bxy bx axy az ");  // MD5 of "Outliers" and both keys: 10… 1e… 1f… … bc…
}
