#include "emulator/services/dynamodb/ttl/sweep.hpp"
#include "tests/services/dynamodb/streams/streams_world.hpp"

using namespace emu;
using namespace emu::test;

TEST_CASE("case 60, in the stream: time to live is told to have deleted what had expired") {
  StreamsWorld w;
  const auto arn = w.streamed();
  w.call(
      "UpdateTimeToLive",
      Json::parse(R"({"TableName":"Tab","TimeToLiveSpecification":{"Enabled":true,"AttributeName":"ttl"}})"));
  w.put({{"id", S("a")}, {"ttl", N(std::to_string((w.clock.now() - 10s).time_since_epoch() / 1s))}});
  dynamodb::sweep_expired(w.db);
  const auto records = w.records(arn);
  REQUIRE(records.size() == 2);
  CHECK(records[1]["eventName"] == "REMOVE");
  CHECK(records[1]["userIdentity"] ==
        Json::parse(R"({"PrincipalId":"dynamodb.amazonaws.com","Type":"Service"})"));
}
