#include "emulator/services/dynamodb/ttl/sweep.hpp"
#include "tests/services/dynamodb/sixty_cases/cases.hpp"

using namespace emu;
using namespace emu::test;

TEST_CASE("case 60: what has expired goes, what has no time in seconds or one long past stays") {
  SixtyCases w;
  w.table();
  constexpr const char* kEnable =
      R"({"TableName":"Tab","TimeToLiveSpecification":{"Enabled":true,"AttributeName":"ttl"}})";
  w.answer("UpdateTimeToLive", kEnable);
  CHECK(w.refused("UpdateTimeToLive", kEnable) == "ValidationException: TimeToLive is already enabled");
  const auto seconds = [&](Duration from_now) {
    return std::to_string((w.clock.now() + from_now).time_since_epoch() / 1s);
  };
  w.DynamoWorld::put({{"pk", S("expired")}, {"ttl", N(seconds(-10s))}});
  w.DynamoWorld::put({{"pk", S("later")}, {"ttl", N(seconds(10s))}});
  w.DynamoWorld::put({{"pk", S("text")}, {"ttl", S(seconds(-10s))}});
  w.DynamoWorld::put({{"pk", S("ancient")}, {"ttl", N(seconds(-std::chrono::years(6)))}});
  dynamodb::sweep_expired(w.db);
  CHECK(w.item("expired").is_null());
  for (const auto* pk : {"later", "text", "ancient"}) CHECK_FALSE(w.item(pk).is_null());
}
