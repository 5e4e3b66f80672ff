// ListStreams and DescribeStream (H2).
#include "tests/services/dynamodb/streams/streams_world.hpp"

namespace emu::test {
namespace {
using Names = std::vector<std::string>;

Names tables(const Json& listed) {
  Names out;
  for (const auto& s : listed["Streams"]) out.push_back(s["TableName"]);
  return out;
}

TEST_CASE("streams are listed, those of other scopes are not") {
  StreamsWorld world;
  const auto arn = world.streamed();
  world.table("Plain");
  world.context.scope.region = "eu-west-1";
  world.streamed("Abroad");
  CHECK(tables(world.ask("ListStreams")) == Names{"Abroad"});
  world.context.scope.region = "us-east-1";
  const Json one{{"StreamArn", arn}, {"TableName", "Tab"}, {"StreamLabel", "2026-01-01T00:00:00.000"}};
  CHECK(world.ask("ListStreams") == Json{{"Streams", Json::array({one})}});
}

TEST_CASE("a table without stream has an empty list, as an absent one") {
  StreamsWorld world;
  world.table("Plain");
  world.streamed("Plain2");
  CHECK(world.ask("ListStreams", {{"TableName", "Plain"}}) == Json{{"Streams", Json::array()}});
  CHECK(world.ask("ListStreams", {{"TableName", "Absent"}}) == Json{{"Streams", Json::array()}});
  const auto by_arn = "arn:aws:dynamodb:us-east-1:000000000000:table/Plain2";
  CHECK(tables(world.ask("ListStreams", {{"TableName", by_arn}})) == Names{"Plain2"});
}

TEST_CASE("streams are listed page by page, and a page that is full names its last") {
  StreamsWorld world;
  for (const auto* name : {"One", "Two", "Six"}) world.streamed(name);
  const auto first = world.ask("ListStreams", {{"Limit", 2}});
  CHECK(tables(first) == Names{"One", "Six"});
  CHECK(first["LastEvaluatedStreamArn"] == first["Streams"][1]["StreamArn"]);
  const auto rest =
      world.ask("ListStreams", {{"Limit", 2}, {"ExclusiveStartStreamArn", first["LastEvaluatedStreamArn"]}});
  CHECK(tables(rest) == Names{"Two"});
  CHECK_FALSE(rest.contains("LastEvaluatedStreamArn"));
  CHECK(world.ask("ListStreams", {{"Limit", 3}}).contains("LastEvaluatedStreamArn"));
  // The stream it starts after may be gone.
  const auto gone = "arn:aws:dynamodb:us-east-1:000000000000:table/Pea/stream/2020-01-01T00:00:00.000";
  CHECK(tables(world.ask("ListStreams", {{"ExclusiveStartStreamArn", gone}})) == Names{"Six", "Two"});
}

TEST_CASE("bad parameters of ListStreams are refused") {
  StreamsWorld world;
  CHECK(world.refused("ListStreams", {{"Limit", 0}}).message ==
        "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have "
        "value greater than or equal to 1");
  CHECK(world.refused("ListStreams", {{"Limit", 101}}).message.ends_with("less than or equal to 100"));
  CHECK(world.refused("ListStreams", {{"ExclusiveStartStreamArn", "x"}}).message ==
        "1 validation error detected: Value 'x' at 'exclusiveStartStreamArn' failed to satisfy constraint: "
        "Member must have length greater than or equal to 37");
  CHECK(world.refused("ListStreams", {{"ExclusiveStartStreamArn", "this is no ARN, however long it may be"}})
            .code == "ValidationException");
}

TEST_CASE("a stream that is not there is not found, one that cannot be is invalid") {
  StreamsWorld world;
  const std::string absent =
      "arn:aws:dynamodb:us-east-1:000000000000:table/Tab/stream/2026-01-01T00:00:00.000";
  const auto not_found = world.refused("DescribeStream", {{"StreamArn", absent}});
  CHECK(not_found.code == "ResourceNotFoundException");
  CHECK(not_found.message == "Requested resource not found: Stream: " + absent + " not found");
  CHECK(world.streams.error_type(not_found) == "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException");
  for (const auto* arn : {"arn:aws:dynamodb:us-east-1:000000000000:table/Tab",
                          "arn:aws:kinesis:us-east-1:000000000000:table/Tab/stream/2026-01-01T00:00:00.000",
                          "arn:aws:dynamodb:us-east-1:000000000000:table/Tab/stream/",
                          "something else that is long enough for one"}) {
    CAPTURE(arn);
    CHECK(world.refused("DescribeStream", {{"StreamArn", arn}}).code == "ValidationException");
  }
  CHECK(
      world.refused("DescribeStream", Json::object()).message ==
      "1 validation error detected: Value null at 'streamArn' failed to satisfy constraint: Member must not "
      "be null");
}

TEST_CASE("no shard follows a stream's one shard, nor an unknown one") {
  StreamsWorld world;
  const auto arn = world.streamed();
  const std::string shard = world.description(arn)["Shards"][0]["ShardId"];
  const auto shards = [&](Json more) {
    more["StreamArn"] = arn;
    return world.ask("DescribeStream", std::move(more))["StreamDescription"]["Shards"].size();
  };
  CHECK(shards({{"ExclusiveStartShardId", shard}}) == 0);
  CHECK(shards({{"ExclusiveStartShardId", "shardId-00000000000000000000-00000000"}}) == 0);
  CHECK(shards({{"Limit", 1}}) == 1);
}

TEST_CASE("a shard filter asks for the children of a shard and needs both its members") {
  StreamsWorld world;
  const auto arn = world.streamed();
  const std::string shard = world.description(arn)["Shards"][0]["ShardId"];
  const auto children =
      world.ask("DescribeStream",
                {{"StreamArn", arn}, {"ShardFilter", {{"Type", "CHILD_SHARDS"}, {"ShardId", shard}}}});
  CHECK(children["StreamDescription"]["Shards"].empty());
  const auto refusal = [&](Json filter) {
    return world.refused("DescribeStream", {{"StreamArn", arn}, {"ShardFilter", std::move(filter)}}).message;
  };
  CHECK(
      refusal({{"Type", "CHILD_SHARDS"}}) ==
      "1 validation error detected: Value null at 'shardFilter.shardId' failed to satisfy constraint: Member "
      "must not be null");
  CHECK(refusal({{"ShardId", shard}}).find("'shardFilter.type'") != std::string::npos);
  CHECK(refusal({{"Type", "ALL"}, {"ShardId", shard}}).find("[CHILD_SHARDS]") != std::string::npos);
}
}  // namespace
}  // namespace emu::test
