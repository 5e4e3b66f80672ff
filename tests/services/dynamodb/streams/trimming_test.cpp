// A record is kept for a day (H3): what readers see of that, and what is left on disk.
#include "tests/services/dynamodb/streams/streams_world.hpp"

namespace emu::test {
namespace {
using Texts = std::vector<std::string>;

struct Trimmed : StreamsWorld {
  std::string arn = streamed();
  std::size_t rows(storage::Space space) {
    std::size_t n = 0;
    disk.scan(storage::prefix(storage::Key(space)), [&](auto, auto) { return ++n > 0; });
    return n;
  }
};

TEST_CASE("a record is readable for 24 hours and not longer") {
  Trimmed world;
  world.put({{"id", S("a")}});
  world.advance(12h);
  world.put({{"id", S("b")}});
  world.advance(12h);
  CHECK(StreamsWorld::ids_of(world.records(world.arn)) == Texts{"a", "b"});
  world.advance(2us);
  CHECK(StreamsWorld::ids_of(world.records(world.arn)) == Texts{"b"});
}

TEST_CASE("a position whose records were trimmed is refused") {
  Trimmed world;
  world.put({{"id", S("a")}});
  world.put({{"id", S("b")}});
  const auto number = world.records(world.arn)[1]["dynamodb"]["SequenceNumber"];
  world.advance(24h - 5min);
  const auto iterator = world.iterator(world.arn, "AT_SEQUENCE_NUMBER", number);
  CHECK(StreamsWorld::ids_of(world.page(iterator)["Records"]) == Texts{"b"});
  world.advance(6min);
  const auto error = world.refused("GetRecords", {{"ShardIterator", iterator}});
  CHECK(error.code == "TrimmedDataAccessException");
  CHECK(error.message == "The data you are trying to access has been trimmed");
  const auto input = world.iterator_input(world.arn, "AFTER_SEQUENCE_NUMBER", number);
  CHECK(world.refused("GetShardIterator", input).code == "TrimmedDataAccessException");
  // What the description gives as the shard's start can still be asked for.
  world.put({{"id", S("c")}});
  const auto starting = world.range(world.arn)["StartingSequenceNumber"];
  const auto from_start = world.iterator(world.arn, "AT_SEQUENCE_NUMBER", starting);
  CHECK(StreamsWorld::ids_of(world.page(from_start)["Records"]) == Texts{"c"});
}

TEST_CASE("a consumer that keeps reading an idle stream is never told that data was trimmed") {
  Trimmed world;
  world.put({{"id", S("a")}});
  auto latest = world.iterator(world.arn, "LATEST");
  for (int i = 0; i < 30 * 6; ++i) {
    world.advance(10min);
    latest = world.page(latest)["NextShardIterator"];
  }
  world.put({{"id", S("b")}});
  CHECK(StreamsWorld::ids_of(world.page(latest)["Records"]) == Texts{"b"});
}

TEST_CASE("the background loop erases what is old, and a closed stream altogether") {
  Trimmed world;
  const auto gone = world.streamed("Gone");
  world.loops.spawn(world.streams.run());
  for (const auto* table : {"Tab", "Gone"})
    for (int i = 0; i < 50; ++i) world.put({{"id", S(std::to_string(i))}}, table);
  world.call("DeleteTable", {{"TableName", "Gone"}});
  CHECK(world.rows(storage::Space::stream_records) == 100);
  CHECK(world.rows(storage::Space::streams) == 2);
  world.advance(23h);
  world.put({{"id", S("new")}});
  CHECK(world.rows(storage::Space::stream_records) == 101);
  world.advance(1h + 11min);
  CHECK(world.rows(storage::Space::stream_records) == 2);  // the new record, and the mark of what was trimmed
  CHECK(world.rows(storage::Space::streams) == 1);
  CHECK(world.refused("DescribeStream", {{"StreamArn", gone}}).code == "ResourceNotFoundException");
  CHECK(StreamsWorld::ids_of(world.records(world.arn)) == Texts{"new"});
}

TEST_CASE("what was trimmed is remembered over a restart") {
  Trimmed world;
  world.put({{"id", S("a")}});
  const auto number = world.records(world.arn)[0]["dynamodb"]["SequenceNumber"];
  world.advance(25h);
  world.db.streams.trim();
  dynamodb::DynamoDb again{world.disk, world.clock, world.loops, world.ids};
  again.load();
  dynamodb::DynamoDbStreams service{again.streams, world.loops};
  const auto input = world.iterator_input(world.arn, "AT_SEQUENCE_NUMBER", number);
  CHECK(static_cast<World&>(world).fail(service, "GetShardIterator", input).code ==
        "TrimmedDataAccessException");
}
}  // namespace
}  // namespace emu::test
