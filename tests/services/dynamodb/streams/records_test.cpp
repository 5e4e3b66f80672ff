// What a change of an item leaves in its table's stream (H3).
#include "emulator/services/dynamodb/writes.hpp"
#include "tests/services/dynamodb/streams/streams_world.hpp"

namespace emu::test {
namespace {
using Texts = std::vector<std::string>;

Texts names(const Json& records) {
  Texts out;
  for (const auto& r : records) out.push_back(r["eventName"]);
  return out;
}

TEST_CASE("case 59: an insert, a modification and a removal are recorded, an equal put is not") {
  StreamsWorld world;
  const auto arn = world.streamed();
  world.put({{"id", S("Fred")}});
  world.put({{"id", S("Fred")}});
  world.put({{"id", S("Fred")}, {"name", S("Fred")}});
  world.remove("Fred");
  const auto records = world.records(arn);
  CHECK(names(records) == Texts{"INSERT", "MODIFY", "REMOVE"});
  CHECK(records[0]["dynamodb"]["SizeBytes"] == 12);
  CHECK(records[1]["dynamodb"]["SizeBytes"] == 26);
  CHECK(records[2]["dynamodb"]["SizeBytes"] == 20);
  CHECK_FALSE(records[0]["dynamodb"].contains("OldImage"));
  CHECK_FALSE(records[2]["dynamodb"].contains("NewImage"));
  std::string last;
  for (const auto& r : records) {
    CHECK(r["eventVersion"] == "1.1");
    CHECK(r["dynamodb"]["SequenceNumber"].get<std::string>() > last);
    last = r["dynamodb"]["SequenceNumber"];
    CHECK(last.size() == 21);
  }
}

TEST_CASE("a record is all that AWS's is") {
  StreamsWorld world;
  const auto arn = world.streamed();
  world.advance(1500ms);
  world.put({{"id", S("a")}, {"n", N("1.50e2")}});
  const auto record = world.records(arn)[0];
  Json expected = Json::parse(R"({"eventName":"INSERT","eventVersion":"1.1","eventSource":"aws:dynamodb",
    "awsRegion":"us-east-1","dynamodb":{"ApproximateCreationDateTime":1767225601,"Keys":{"id":{"S":"a"}},
    "NewImage":{"id":{"S":"a"},"n":{"N":"150"}},"SizeBytes":9,"StreamViewType":"NEW_AND_OLD_IMAGES"}})");
  expected["eventID"] = record["eventID"];
  expected["dynamodb"]["SequenceNumber"] = record["dynamodb"]["SequenceNumber"];
  CHECK(record == expected);
  CHECK(record["eventID"].get<std::string>().size() == 32);
  CHECK(world.records(arn)[0]["eventID"] == record["eventID"]);
}

TEST_CASE("a view holds the images it is named for") {
  for (const auto& [view, old_image, new_image] : {std::tuple{"KEYS_ONLY", false, false},
                                                   {"NEW_IMAGE", false, true},
                                                   {"OLD_IMAGE", true, false},
                                                   {"NEW_AND_OLD_IMAGES", true, true}}) {
    CAPTURE(view);
    StreamsWorld world;
    const auto arn = world.streamed("Tab", view);
    world.put({{"id", S("a")}, {"v", N("1")}});
    world.put({{"id", S("a")}, {"v", N("2")}});
    world.remove("a");
    const auto records = world.records(arn);
    REQUIRE(records.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
      const auto& change = records[i]["dynamodb"];
      CHECK(change["Keys"] == Json{{"id", S("a")}});
      CHECK(change["StreamViewType"] == view);
      CHECK(change.contains("OldImage") == (old_image && i > 0));
      CHECK(change.contains("NewImage") == (new_image && i < 2));
    }
    if (old_image) CHECK(records[1]["dynamodb"]["OldImage"]["v"] == N("1"));
    if (new_image) CHECK(records[1]["dynamodb"]["NewImage"]["v"] == N("2"));
  }
}

TEST_CASE("sizes of records follow the arithmetic of items") {
  StreamsWorld world;
  const auto arn = world.streamed();
  world.put({{"id", S("NewKey")}});
  world.put({{"id", S("NewKey")}, {"attr1", S("value1")}, {"attr2", S("value2")}});
  world.remove("NewKey");
  const auto records = world.records(arn);
  CHECK(records[1]["dynamodb"]["SizeBytes"] == 46);
  CHECK(records[2]["dynamodb"]["SizeBytes"] == 38);
}

TEST_CASE("a write that leaves the item equal leaves no record") {
  StreamsWorld world;
  const auto arn = world.streamed();
  const auto m = Json::parse(R"({"M":{"x":{"N":"1"},"y":{"N":"2"}}})");
  const auto reordered = Json::parse(R"({"M":{"y":{"N":"2.0"},"x":{"N":"1"}}})");
  world.put({{"id", S("a")}, {"m", m}, {"s", {{"SS", {"p", "q"}}}}, {"n", N("1")}});
  REQUIRE(world.records(arn).size() == 1);
  world.put({{"id", S("a")}, {"m", reordered}, {"s", {{"SS", {"q", "p"}}}}, {"n", N("1.0")}});
  const auto update = [&](std::string_view id, std::string_view expression, Json values) {
    Json in{{"TableName", "Tab"}, {"Key", {{"id", S(id)}}}, {"UpdateExpression", expression}};
    if (!values.is_null()) in["ExpressionAttributeValues"] = std::move(values);
    world.call("UpdateItem", std::move(in));
  };
  update("a", "SET n = :n", {{":n", N("1")}});
  update("absent", "REMOVE a", {});
  world.remove("absent");
  world.fail("PutItem", {{"TableName", "Tab"},
                         {"Item", {{"id", S("a")}}},
                         {"ConditionExpression", "attribute_not_exists(id)"}});
  CHECK(world.records(arn).size() == 1);
}

TEST_CASE("an event is named for what was there before and after, whatever the operation") {
  StreamsWorld world;
  const auto arn = world.streamed();
  for (const auto* v : {"1", "2"})
    world.call("UpdateItem", {{"TableName", "Tab"},
                              {"Key", {{"id", S("a")}}},
                              {"UpdateExpression", "SET v = :v"},
                              {"ExpressionAttributeValues", {{":v", S(v)}}}});
  world.put({{"id", S("a")}});
  const Json erase{{"DeleteRequest", {{"Key", {{"id", S("a")}}}}}};
  const Json insert{{"PutRequest", {{"Item", {{"id", S("b")}}}}}};
  world.call("BatchWriteItem", {{"RequestItems", {{"Tab", Json::array({erase, insert})}}}});
  CHECK(names(world.records(arn)) == Texts{"INSERT", "MODIFY", "MODIFY", "REMOVE", "INSERT"});
}

TEST_CASE("a record holds both keys of a table that has two") {
  StreamsWorld world;
  world.table("Sorted", true);
  const std::string arn = world.enable("KEYS_ONLY", "Sorted")["LatestStreamArn"];
  world.put({{"pk", S("a")}, {"sk", N("7")}, {"v", N("1")}}, "Sorted");
  CHECK(world.records(arn)[0]["dynamodb"]["Keys"] == Json{{"pk", S("a")}, {"sk", N("7")}});
}

TEST_CASE("what is written while no stream is enabled is in no stream") {
  StreamsWorld world;
  world.table();
  world.put({{"pk", S("before")}});
  const std::string arn = world.enable("NEW_IMAGE")["LatestStreamArn"];
  world.put({{"pk", S("during")}});
  world.disable();
  world.put({{"pk", S("after")}});
  const auto records = world.records(arn);
  REQUIRE(records.size() == 1);
  CHECK(records[0]["dynamodb"]["NewImage"] == Json{{"pk", S("during")}});
}

TEST_CASE("a record says that time to live deleted its item") {
  StreamsWorld world;
  const auto arn = world.streamed();
  world.put({{"id", S("a")}});
  const auto table = *world.db.data_table(world.context.scope, "Tab");
  dynamodb::Item key;
  key.set("id", dynamodb::Value{std::string("a")});
  const auto nothing = [](const dynamodb::Schema&, const dynamodb::Item*,
                          dynamodb::Item&) -> Result<const dynamodb::Item*> { return nullptr; };
  REQUIRE(dynamodb::write(world.db, table, {.key = key, .by = dynamodb::By::time_to_live}, nothing));
  const auto records = world.records(arn);
  CHECK_FALSE(records[0].contains("userIdentity"));
  CHECK(records[1]["eventName"] == "REMOVE");
  CHECK(records[1]["userIdentity"] == Json{{"PrincipalId", "dynamodb.amazonaws.com"}, {"Type", "Service"}});
}
}  // namespace
}  // namespace emu::test
