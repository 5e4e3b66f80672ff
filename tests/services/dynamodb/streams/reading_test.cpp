// GetShardIterator and GetRecords (H2): positions, pages, their ends.
#include "emulator/services/dynamodb/streams/shard_iterator.hpp"
#include "tests/services/dynamodb/streams/streams_world.hpp"

namespace emu::test {
namespace {
using Texts = std::vector<std::string>;

struct Read : StreamsWorld {
  std::string arn = streamed();
  void put_each(std::initializer_list<const char*> each) {
    for (const auto* id : each) put({{"id", S(id)}});
  }
  Texts from(std::string_view type, Json number = {}) {
    return ids_of(page(iterator(arn, type, std::move(number)))["Records"]);
  }
};

TEST_CASE("an iterator begins at the oldest record, after the latest, at or after a number") {
  Read world;
  world.put_each({"a", "b", "c"});
  const auto b = world.records(world.arn)[1]["dynamodb"]["SequenceNumber"];
  CHECK(world.from("TRIM_HORIZON") == Texts{"a", "b", "c"});
  CHECK(world.from("LATEST").empty());
  CHECK(world.from("AT_SEQUENCE_NUMBER", b) == Texts{"b", "c"});
  CHECK(world.from("AFTER_SEQUENCE_NUMBER", b) == Texts{"c"});
  const auto starting = world.range(world.arn)["StartingSequenceNumber"];
  CHECK(world.from("AT_SEQUENCE_NUMBER", starting) == Texts{"a", "b", "c"});
  CHECK(world.from("AT_SEQUENCE_NUMBER", "000000000000000000000") == Texts{"a", "b", "c"});
  CHECK(world.from("AFTER_SEQUENCE_NUMBER", std::string(40, '9')).empty());
}

TEST_CASE("the latest is the latest when the iterator is made") {
  Read world;
  world.put_each({"a"});
  const auto latest = world.iterator(world.arn, "LATEST");
  world.put_each({"b", "c"});
  CHECK(StreamsWorld::ids_of(world.page(latest)["Records"]) == Texts{"b", "c"});
}

TEST_CASE("pages follow each other without gap or repetition, and an open shard never ends") {
  Read world;
  const Json iterator = world.iterator(world.arn);
  CHECK(world.page(iterator)["Records"].empty());
  world.put_each({"a", "b", "c"});
  auto page = world.page(iterator, 2);
  CHECK(StreamsWorld::ids_of(page["Records"]) == Texts{"a", "b"});
  page = world.page(page["NextShardIterator"], 2);
  CHECK(StreamsWorld::ids_of(page["Records"]) == Texts{"c"});
  page = world.page(page["NextShardIterator"]);
  CHECK(page["Records"] == Json::array());
  world.put_each({"d"});
  page = world.page(page["NextShardIterator"]);
  CHECK(StreamsWorld::ids_of(page["Records"]) == Texts{"d"});
  CHECK(page.contains("NextShardIterator"));
}

TEST_CASE("a closed shard ends once it is drained") {
  Read world;
  world.put_each({"a", "b"});
  world.disable();
  auto page = world.page(world.iterator(world.arn), 1);
  CHECK(StreamsWorld::ids_of(page["Records"]) == Texts{"a"});
  page = world.page(page["NextShardIterator"], 1);
  CHECK(StreamsWorld::ids_of(page["Records"]) == Texts{"b"});
  CHECK_FALSE(page.contains("NextShardIterator"));
  CHECK_FALSE(world.page(world.iterator(world.arn, "LATEST")).contains("NextShardIterator"));
  const auto ending = world.range(world.arn)["EndingSequenceNumber"];
  CHECK(world.from("AFTER_SEQUENCE_NUMBER", ending).empty());
}

TEST_CASE("a page holds at most a megabyte, but one record at least") {
  Read world;
  const std::string large(300'000, 'x');
  for (const auto* id : {"a", "b", "c", "d"}) {
    world.put({{"id", S(id)}, {"v", S(large)}});
    world.put({{"id", S(id)}, {"v", S(large + "y")}});
  }
  std::vector<std::size_t> pages;
  std::size_t records = 0;
  for (Json at = world.iterator(world.arn); records < 8;) {
    const auto page = world.page(at);
    std::int64_t bytes = 0;
    for (const auto& r : page["Records"]) bytes += r["dynamodb"]["SizeBytes"].get<std::int64_t>();
    CHECK(bytes <= 1 << 20);
    pages.push_back(page["Records"].size());
    REQUIRE(pages.back() > 0);
    records += pages.back();
    at = page["NextShardIterator"];
  }
  CHECK(pages == std::vector<std::size_t>{2, 2, 2, 2});
}

TEST_CASE("a page of more records than fit one slice comes whole") {
  Read world;
  for (int i = 0; i < 150; ++i) world.put({{"id", S(std::to_string(i))}});
  const auto page = world.page(world.iterator(world.arn), 120);
  CHECK(page["Records"].size() == 120);
  CHECK(page["Records"][119]["dynamodb"]["Keys"]["id"] == S("119"));
  CHECK(world.page(page["NextShardIterator"])["Records"].size() == 30);
}

TEST_CASE("an iterator looks as AWS's does and expires after fifteen minutes") {
  Read world;
  const auto iterator = world.iterator(world.arn);
  CHECK(iterator.get<std::string>().starts_with(world.arn + "|1|"));
  CHECK(iterator.get<std::string>().size() <= 2048);
  world.advance(15min);
  world.page(iterator);
  world.advance(1ms);
  const auto expired = world.refused("GetRecords", {{"ShardIterator", iterator}});
  CHECK(expired.code == "ExpiredIteratorException");
  CHECK(world.streams.error_type(expired) == "com.amazonaws.dynamodb.v20120810#ExpiredIteratorException");
}

TEST_CASE("an iterator that is none of ours is invalid") {
  Read world;
  const std::string good = world.iterator(world.arn);
  std::string other = good;
  other[other.size() - 20] = other[other.size() - 20] == 'A' ? 'B' : 'A';
  for (const auto& bad : {std::string("x"), other, good + "A", good.substr(0, good.size() - 4)}) {
    CAPTURE(bad);
    const auto error = world.refused("GetRecords", {{"ShardIterator", bad}});
    CHECK(error.code == "ValidationException");
    CHECK(error.message == "Invalid ShardIterator");
  }
}

TEST_CASE("bad parameters of GetShardIterator and GetRecords are refused") {
  Read world;
  const auto refusal = [&](std::string_view type, Json number = {}) {
    return world.refused("GetShardIterator", world.iterator_input(world.arn, type, std::move(number)));
  };
  for (const auto* type : {"TRIM_HORIZON", "LATEST"})
    CHECK(refusal(type, std::string(21, '1')).code == "ValidationException");
  for (const auto* type : {"AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"}) {
    CHECK(refusal(type).code == "ValidationException");
    CHECK(refusal(type, "1").message ==
          "1 validation error detected: Value '1' at 'sequenceNumber' failed to satisfy constraint: Member "
          "must have length greater than or equal to 21");
    CHECK(refusal(type, std::string(21, 'x')).code == "ValidationException");
  }
  CHECK(refusal("AT_TIMESTAMP").message.find("enum value set") != std::string::npos);
  auto unknown = world.iterator_input(world.arn, "LATEST");
  unknown["ShardId"] = "shardId-00000000000000000000-00000000";
  const auto no_shard = world.refused("GetShardIterator", unknown);
  CHECK(no_shard.code == "ResourceNotFoundException");
  CHECK(no_shard.message == "Requested resource not found: Shard does not exist");
  unknown["StreamArn"] = "arn:aws:dynamodb:us-east-1:000000000000:table/No/stream/2026-01-01T00:00:00.000";
  CHECK(world.refused("GetShardIterator", unknown).code == "ResourceNotFoundException");
  CHECK(
      world.refused("GetRecords", {{"ShardIterator", world.iterator(world.arn)}, {"Limit", 1001}}).message ==
      "1 validation error detected: Value '1001' at 'limit' failed to satisfy constraint: Member must have "
      "value less than or equal to 1000");
  CHECK(world.refused("GetShardIterator", Json::object())
            .message.starts_with("3 validation errors detected: "));
}

TEST_CASE("sequence numbers sort as text and survive any digits") {
  using namespace dynamodb;
  CHECK(sequence_text(0) == "100000000000000000000");
  CHECK(sequence_text(~std::uint64_t{0}) == "118446744073709551615");
  for (const std::uint64_t n : {std::uint64_t{1}, std::uint64_t{1767225600000000}, ~std::uint64_t{0}})
    CHECK(parse_sequence(sequence_text(n)) == n);
  CHECK(parse_sequence("118446744073709551616") == ~std::uint64_t{0});
  CHECK(parse_sequence("200000000000000000000") == ~std::uint64_t{0});
  CHECK(parse_sequence("0001") == 0U);
  CHECK(parse_sequence("") == std::nullopt);
  CHECK(parse_sequence("-1") == std::nullopt);
}
}  // namespace
}  // namespace emu::test
