// Table operations that end in the middle: what they leave is never seen and is erased at the next start.
#include "tests/services/dynamodb/dynamodb_world.hpp"
#include "tests/support/failing_engine.hpp"

using namespace emu;
using namespace emu::dynamodb;
using test::S;

namespace {
const Json kIndex = Json::parse(R"({
  "TableName": "Tab",
  "AttributeDefinitions": [{"AttributeName": "day", "AttributeType": "S"}],
  "GlobalSecondaryIndexUpdates": [{"Create": {"IndexName": "by_day",
    "KeySchema": [{"AttributeName": "day", "KeyType": "HASH"}],
    "Projection": {"ProjectionType": "ALL"}}}]})");
const Json kNoIndex = Json::parse(R"({
  "TableName": "Tab", "GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "by_day"}}]})");
constexpr int kItems = 600;  // more than one step of a backfill

struct CrashWorld : test::DynamoWorld {
  test::FailingEngine fragile{disk};
  DynamoDb life{fragile, clock, loops, ids};

  CrashWorld() {
    life.load();
    World::call(life, "CreateTable", Json::parse(R"({
      "TableName": "Tab", "BillingMode": "PAY_PER_REQUEST",
      "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
      "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}]})"));
    for (int i = 0; i < kItems; ++i) put(std::to_string(i));
  }
  void put(const std::string& key) {
    World::call(life, "PutItem", {{"TableName", "Tab"}, {"Item", {{"pk", S(key)}, {"day", S("d" + key)}}}});
  }
  // Whether the operation got through before the disk failed at this change.
  bool survives(int changes, std::string_view operation, const Json& input) {
    fragile.fail_after(changes);
    bool done = true;
    try {
      World::call(life, operation, input);
    } catch (const test::DiskFailed&) {
      done = false;
    }
    fragile.recover();
    return done;
  }
  Report verified(DynamoDb& service) {
    Report report;
    service.verify(report);
    return report;
  }
  // The next start finds nothing wrong, and nothing of what was left over after it.
  std::string after_restart() {
    CHECK(verified(life).sound());
    DynamoDb next{disk, clock, loops, ids};
    next.load();
    const auto report = verified(next);
    CHECK(report.sound());
    return report.lines().back();
  }
};
constexpr const char* kWithIndex = "no defects (index entries: 600, items: 600, tables: 1)";
constexpr const char* kWithout = "no defects (items: 600, tables: 1)";
constexpr const char* kNothing = "no defects (the directory is empty)";
}  // namespace

TEST_CASE("an index whose creation was cut short at any step leaves no entries behind") {
  bool done = false;
  for (int changes = 0; !done; ++changes) {
    REQUIRE(changes < 20);
    CrashWorld world;
    done = world.survives(changes, "UpdateTable", kIndex);
    CAPTURE(changes);
    CHECK(world.after_restart() == (done ? kWithIndex : kWithout));
  }
}

TEST_CASE("an index that is created again after a failed attempt has no entries of items deleted meanwhile") {
  CrashWorld world;
  REQUIRE_FALSE(world.survives(2, "UpdateTable", kIndex));
  for (int i = 0; i < kItems; ++i)
    world.World::call(world.life, "DeleteItem",
                      {{"TableName", "Tab"}, {"Key", {{"pk", S(std::to_string(i))}}}});
  world.put("new");
  REQUIRE(world.survives(1000, "UpdateTable", kIndex));
  CHECK(world.verified(world.life).lines().back() == "no defects (index entries: 1, items: 1, tables: 1)");
}

TEST_CASE("an index whose deletion was cut short is there whole or not at all") {
  bool done = false;
  for (int changes = 0; !done; ++changes) {
    REQUIRE(changes < 20);
    CrashWorld world;
    REQUIRE(world.survives(1000, "UpdateTable", kIndex));
    done = world.survives(changes, "UpdateTable", kNoIndex);
    CAPTURE(changes);
    CHECK(world.after_restart() == (changes == 0 ? kWithIndex : kWithout));
  }
}

TEST_CASE("a table whose deletion was cut short is there whole or not at all") {
  bool done = false;
  for (int changes = 0; !done; ++changes) {
    REQUIRE(changes < 20);
    CrashWorld world;
    REQUIRE(world.survives(1000, "UpdateTable", kIndex));
    done = world.survives(changes, "DeleteTable", {{"TableName", "Tab"}});
    CAPTURE(changes);
    CHECK(world.World::call(world.life, "ListTables")["TableNames"].empty() == (changes > 0));
    CHECK(world.after_restart() == (changes == 0 ? kWithIndex : kNothing));
  }
}

TEST_CASE("a table whose creation failed takes no writes and can be created again") {
  test::DynamoWorld world;
  test::FailingEngine fragile(world.disk);
  DynamoDb life(fragile, world.clock, world.loops, world.ids);
  const auto create = Json::parse(R"({
      "TableName": "Tab", "BillingMode": "PAY_PER_REQUEST",
      "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
      "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}]})");
  fragile.fail_after(0);
  CHECK_THROWS_AS(world.call(life, "CreateTable", create), test::DiskFailed);
  fragile.recover();
  const Json put{{"TableName", "Tab"}, {"Item", {{"pk", S("a")}}}};
  CHECK(world.fail(life, "PutItem", put).code == "ResourceNotFoundException");
  world.call(life, "CreateTable", create);
  world.call(life, "PutItem", put);
}
