// Streams come and go with their tables' settings (H1, C4), and show it.
#include "tests/services/dynamodb/streams/streams_world.hpp"

namespace emu::test {
namespace {
TEST_CASE("a stream is named for its table and the millisecond it was enabled in") {
  StreamsWorld world;
  world.advance(1234567us);
  const auto arn = world.streamed();
  CHECK(arn == "arn:aws:dynamodb:us-east-1:000000000000:table/Tab/stream/2026-01-01T00:00:01.234");
  const auto table = world.call("DescribeTable", {{"TableName", "Tab"}})["Table"];
  CHECK(table["LatestStreamArn"] == arn);
  CHECK(table["LatestStreamLabel"] == "2026-01-01T00:00:01.234");
  CHECK(table["StreamSpecification"] ==
        Json{{"StreamEnabled", true}, {"StreamViewType", "NEW_AND_OLD_IMAGES"}});
}

TEST_CASE("a stream is described with its one open shard") {
  StreamsWorld world;
  const auto arn = world.streamed();
  const auto described = world.description(arn);
  CHECK(described["StreamArn"] == arn);
  CHECK(described["StreamLabel"] == "2026-01-01T00:00:00.000");
  CHECK(described["StreamStatus"] == "ENABLED");
  CHECK(described["StreamViewType"] == "NEW_AND_OLD_IMAGES");
  CHECK(described["CreationRequestDateTime"] == 1767225600.0);
  CHECK(described["TableName"] == "Tab");
  CHECK(described["KeySchema"] == Json::parse(R"([{"AttributeName":"id","KeyType":"HASH"}])"));
  REQUIRE(described["Shards"].size() == 1);
  const std::string shard = described["Shards"][0]["ShardId"];
  CHECK(shard.starts_with("shardId-00000001767225600000-"));
  CHECK(shard.size() == 37);
  const auto range = described["Shards"][0]["SequenceNumberRange"];
  CHECK(range["StartingSequenceNumber"].get<std::string>().size() == 21);
  CHECK_FALSE(range.contains("EndingSequenceNumber"));
  CHECK_FALSE(described.contains("LastEvaluatedShardId"));
}

TEST_CASE("a disabled stream is closed, readable and still the latest") {
  StreamsWorld world;
  const auto arn = world.streamed();
  world.put({{"id", S("a")}});
  CHECK(world.disable()["LatestStreamArn"] == arn);
  const auto table = world.call("DescribeTable", {{"TableName", "Tab"}})["Table"];
  CHECK_FALSE(table.contains("StreamSpecification"));
  CHECK(table["LatestStreamArn"] == arn);
  CHECK(world.description(arn)["StreamStatus"] == "DISABLED");
  const auto record = world.records(arn)[0]["dynamodb"]["SequenceNumber"].get<std::string>();
  const auto range = world.range(arn);
  CHECK(range["StartingSequenceNumber"].get<std::string>() < record);
  CHECK(record < range["EndingSequenceNumber"].get<std::string>());
}

TEST_CASE("every enabling makes another stream, even within one millisecond") {
  StreamsWorld world;
  const auto first = world.streamed();
  world.disable();
  const std::string second = world.enable("KEYS_ONLY")["LatestStreamArn"];
  CHECK(second == "arn:aws:dynamodb:us-east-1:000000000000:table/Tab/stream/2026-01-01T00:00:00.001");
  world.put({{"id", S("a")}});
  CHECK(world.records(first).empty());
  CHECK(world.records(second).size() == 1);
  CHECK(world.description(first)["StreamViewType"] == "NEW_AND_OLD_IMAGES");
  CHECK(world.description(second)["StreamViewType"] == "KEYS_ONLY");
}

TEST_CASE("other updates of the table leave its stream alone") {
  StreamsWorld world;
  const auto arn = world.streamed();
  world.advance(1s);
  world.call("UpdateTable", {{"TableName", "Tab"}, {"DeletionProtectionEnabled", true}});
  world.call("UpdateTimeToLive", {{"TableName", "Tab"},
                                  {"TimeToLiveSpecification", {{"Enabled", true}, {"AttributeName", "t"}}}});
  world.put({{"id", S("a")}});
  CHECK(world.call("DescribeTable", {{"TableName", "Tab"}})["Table"]["LatestStreamArn"] == arn);
  CHECK(world.records(arn).size() == 1);
}

TEST_CASE("the stream of a deleted table is readable for a day, beside that of its successor") {
  StreamsWorld world;
  const auto arn = world.streamed();
  world.put({{"id", S("a")}});
  world.call("DeleteTable", {{"TableName", "Tab"}});
  CHECK(world.description(arn)["StreamStatus"] == "DISABLED");
  const auto second = world.streamed();
  CHECK(second != arn);
  CHECK(world.records(arn).size() == 1);
  CHECK(world.records(second).empty());
  CHECK(world.ask("ListStreams", {{"TableName", "Tab"}})["Streams"].size() == 2);
  world.advance(24h + 1s);
  CHECK(world.refused("DescribeStream", {{"StreamArn", arn}}).message ==
        "Requested resource not found: Stream: " + arn + " not found");
  CHECK(world.ask("ListStreams", {{"TableName", "Tab"}})["Streams"].size() == 1);
}

TEST_CASE("enabling twice and disabling nothing are refused in AWS's words") {
  StreamsWorld world;
  world.table();
  const auto refusal = [&](Json specification) {
    return world.refusal("UpdateTable",
                         {{"TableName", "Tab"}, {"StreamSpecification", std::move(specification)}});
  };
  CHECK(refusal({{"StreamEnabled", false}}) == "Table has no stream to disable: TableName: Tab");
  CHECK(refusal({{"StreamEnabled", true}}) ==
        "One or more parameter values were invalid: If stream is being enabled then UpdateViewType is "
        "required");
  world.enable("NEW_IMAGE");
  for (const auto* view : {"NEW_IMAGE", "OLD_IMAGE"})
    CHECK(refusal({{"StreamEnabled", true}, {"StreamViewType", view}}) ==
          "Table already has an enabled stream: TableName: Tab");
  CHECK(
      refusal({{"StreamEnabled", false}, {"StreamViewType", "NEW_IMAGE"}}) ==
      "One or more parameter values were invalid: If stream is being disabled, then UpdateViewType must not "
      "be specified");
  const Json throughput{{"ReadCapacityUnits", 1}, {"WriteCapacityUnits", 1}};
  CHECK(
      world.refusal("UpdateTable", {{"TableName", "Tab"},
                                    {"BillingMode", "PROVISIONED"},
                                    {"ProvisionedThroughput", throughput},
                                    {"StreamSpecification", {{"StreamEnabled", false}}}}) ==
      "One or more parameter values were invalid: You cannot modify stream status while updating table IOPS");
}

TEST_CASE("streams and their records outlive the daemon") {
  StreamsWorld world;
  const auto arn = world.streamed();
  const auto closed = world.streamed("Gone");
  world.put({{"id", S("a")}});
  world.put({{"id", S("b")}}, "Gone");
  world.call("DeleteTable", {{"TableName", "Gone"}});
  const auto held = world.page(world.iterator(arn))["NextShardIterator"];
  const auto oldest = world.iterator(arn);
  const auto range = world.range(closed);

  dynamodb::DynamoDb again{world.disk, world.clock, world.loops, world.ids};
  again.load();
  dynamodb::DynamoDbStreams service{again.streams, world.loops};
  World& plain = world;
  const auto records = [&](const Json& iterator) {
    return plain.call(service, "GetRecords", {{"ShardIterator", iterator}})["Records"];
  };
  plain.call(again, "PutItem", {{"TableName", "Tab"}, {"Item", {{"id", S("c")}}}});
  CHECK(StreamsWorld::ids_of(records(oldest)) == std::vector<std::string>{"a", "c"});
  CHECK(StreamsWorld::ids_of(records(held)) == std::vector<std::string>{"c"});
  const auto described = plain.call(service, "DescribeStream", {{"StreamArn", closed}})["StreamDescription"];
  CHECK(described["StreamStatus"] == "DISABLED");
  CHECK(described["Shards"][0]["SequenceNumberRange"] == range);
}

TEST_CASE("sequence numbers go on where they were, even if the clock was set back") {
  StreamsWorld world;
  const auto arn = world.streamed();
  world.advance(1h);
  world.put({{"id", S("a")}});
  VirtualClock set_back(world.clock.now() - 30min);
  dynamodb::DynamoDb again{world.disk, set_back, world.loops, world.ids};
  again.load();
  static_cast<World&>(world).call(again, "PutItem", {{"TableName", "Tab"}, {"Item", {{"id", S("b")}}}});
  CHECK(StreamsWorld::ids_of(world.records(arn)) == std::vector<std::string>{"a", "b"});
}

TEST_CASE("a table kept by an emu without streams gets its stream when it is loaded") {
  StreamsWorld world;
  const auto arn = world.streamed();
  world.disk.erase(storage::prefix(storage::Key(storage::Space::streams)));
  dynamodb::DynamoDb again{world.disk, world.clock, world.loops, world.ids};
  again.load();
  dynamodb::DynamoDbStreams service{again.streams, world.loops};
  const auto described = static_cast<World&>(world).call(service, "DescribeStream", {{"StreamArn", arn}});
  CHECK(described["StreamDescription"]["StreamStatus"] == "ENABLED");
}
}  // namespace
}  // namespace emu::test
