// The port through which event source mappings read streams (emulator/api/ports.hpp).
#include "emulator/services/dynamodb/streams/source.hpp"

#include "tests/services/dynamodb/streams/streams_world.hpp"

namespace emu::test {
namespace {
using Texts = std::vector<std::string>;

struct Sourced : StreamsWorld {
  dynamodb::TableStreamSource table_source{db.streams, loops};
  StreamSource& source = table_source;
  std::string arn = streamed();
  std::string shard = source.shards(arn)->at(0);

  StreamSource::Page read(const std::string& position, std::size_t most = 100) {
    auto page = run(source.read(arn, shard, position, most));
    REQUIRE(page);
    return std::move(*page);
  }
  std::string at(StreamSource::Start start) { return *source.position(arn, shard, start); }
  std::shared_ptr<Wakeup> waiting(const std::string& position) {
    auto wakeup = std::make_shared<Wakeup>(loops.next());
    REQUIRE(source.notify(arn, shard, position, wakeup));
    return wakeup;
  }
};

TEST_CASE("a source is read from the oldest or the latest record on, in the form of events") {
  Sourced world;
  world.put({{"id", S("a")}});
  const auto latest = world.at(StreamSource::Start::latest);
  world.put({{"id", S("b")}});
  const auto page = world.read(world.at(StreamSource::Start::oldest));
  CHECK(StreamsWorld::ids_of(page.records) == Texts{"a", "b"});
  CHECK(page.records[0]["eventSourceARN"] == world.arn);
  CHECK_FALSE(page.ended);
  CHECK(StreamsWorld::ids_of(world.read(latest).records) == Texts{"b"});
  CHECK(world.read(page.next).records.empty());
}

TEST_CASE("a consumer waits for more without asking again") {
  Sourced world;
  const auto position = world.read(world.at(StreamSource::Start::oldest)).next;
  const auto wakeup = world.waiting(position);
  CHECK_FALSE(wakeup->signalled());
  world.put({{"id", S("a")}});
  CHECK(wakeup->signalled());
  CHECK(world.waiting(position)->signalled());  // there is something already
  const auto page = world.read(position);
  CHECK(StreamsWorld::ids_of(page.records) == Texts{"a"});
  CHECK_FALSE(world.waiting(page.next)->signalled());
}

TEST_CASE("a consumer that was woken for nothing waits again") {
  Sourced world;
  world.put({{"id", S("a")}});
  const auto next = world.read(world.at(StreamSource::Start::oldest)).next;
  world.put({{"id", S("a")}});  // equal, so no record
  const auto page = world.read(next);
  CHECK(page.records.empty());
  CHECK_FALSE(world.waiting(page.next)->signalled());
}

TEST_CASE("the end of a stream wakes who waits, and is told") {
  Sourced world;
  const auto position = world.at(StreamSource::Start::latest);
  const auto wakeup = world.waiting(position);
  world.call("DeleteTable", {{"TableName", "Tab"}});
  CHECK(wakeup->signalled());
  CHECK(world.read(position).ended);
}

TEST_CASE("a position is a text that outlives the daemon") {
  Sourced world;
  world.put({{"id", S("a")}});
  const auto next = world.read(world.at(StreamSource::Start::oldest)).next;
  dynamodb::DynamoDb again{world.disk, world.clock, world.loops, world.ids};
  again.load();
  dynamodb::TableStreamSource source{again.streams, world.loops};
  static_cast<World&>(world).call(again, "PutItem", {{"TableName", "Tab"}, {"Item", {{"id", S("b")}}}});
  const auto page = world.run(source.read(world.arn, world.shard, next, 10));
  REQUIRE(page);
  CHECK(StreamsWorld::ids_of(page->records) == Texts{"b"});
}

TEST_CASE("a source says what it does not have") {
  Sourced world;
  const auto absent = "arn:aws:dynamodb:us-east-1:000000000000:table/No/stream/2026-01-01T00:00:00.000";
  CHECK(world.source.shards(absent).error().code == "ResourceNotFoundException");
  CHECK(world.source.position(world.arn, "no-such-shard", StreamSource::Start::latest).error().code ==
        "ResourceNotFoundException");
  const auto position = world.at(StreamSource::Start::latest);
  world.put({{"id", S("b")}});
  world.advance(25h);
  CHECK(world.run(world.source.read(world.arn, world.shard, position, 10)).error().code ==
        "TrimmedDataAccessException");
}

TEST_CASE("services find a stream source by ARN, and a target is none") {
  Sourced world;
  Ports ports;
  ports.serve("dynamodb", world.source);
  CHECK(ports.stream_source(world.arn) == &world.source);
  CHECK(ports.stream_source("arn:aws:sqs:us-east-1:000000000000:q") == nullptr);
  CHECK(ports.stream_source("nonsense") == nullptr);
  CHECK(ports.target(world.arn) == nullptr);
}
}  // namespace
}  // namespace emu::test
