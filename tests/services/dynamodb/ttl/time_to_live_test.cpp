#include "emulator/services/dynamodb/ttl/expiry.hpp"
#include "emulator/services/dynamodb/ttl/sweep.hpp"
#include "tests/services/dynamodb/dynamodb_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
Json setting(bool on, std::string_view name = "ttl") {
  return {{"TableName", "Tab"}, {"TimeToLiveSpecification", {{"Enabled", on}, {"AttributeName", name}}}};
}

class TtlWorld : public DynamoWorld {
 public:
  TtlWorld() { table(); }
  Json in(Duration from_now) const {
    return N(std::to_string((clock.now() + from_now).time_since_epoch() / 1s));
  }
  void sweep() { dynamodb::sweep_expired(db); }
  std::size_t expiry_rows() const {
    std::size_t rows = 0;
    disk.scan(storage::prefix(storage::Key(storage::Space::expiries)),
              [&](auto, auto) { return ++rows > 0; });
    return rows;
  }
  bool has(std::string_view pk) { return !get({{"pk", S(pk)}}).is_null(); }
};
}  // namespace

TEST_CASE("time to live is switched on and off") {
  DynamoWorld w;
  w.table();
  const auto described = [&] {
    return w.call("DescribeTimeToLive", {{"TableName", "Tab"}})["TimeToLiveDescription"];
  };
  CHECK(described() == Json{{"TimeToLiveStatus", "DISABLED"}});
  CHECK(w.refusal("UpdateTimeToLive", setting(false, "ttl")) == "TimeToLive is already disabled");
  w.call("UpdateTimeToLive", setting(true, "ttl"));
  CHECK(described() == Json{{"TimeToLiveStatus", "ENABLED"}, {"AttributeName", "ttl"}});
  CHECK(w.refusal("UpdateTimeToLive", setting(true, "ttl")) == "TimeToLive is already enabled");
  CHECK(w.refusal("UpdateTimeToLive", setting(true, "other")) ==
        "TimeToLive is active on a different AttributeName: current AttributeName is ttl");
  w.call("UpdateTimeToLive", setting(false, "ttl"));
  CHECK(described() == Json{{"TimeToLiveStatus", "DISABLED"}});
}

TEST_CASE("what UpdateTimeToLive refuses is said in AWS's words") {
  DynamoWorld w;
  w.table();
  CHECK(w.refusal("UpdateTimeToLive", setting(true, "")) ==
        "1 validation error detected: Value '' at 'timeToLiveSpecification.attributeName' failed to satisfy "
        "constraint: Member must have length greater than or equal to 1");
  auto absent = setting(true);
  absent["TableName"] = "nope";
  CHECK(w.refusal("UpdateTimeToLive", absent) == "Requested resource not found: Table: nope not found");
  CHECK(w.refusal("DescribeTimeToLive", {{"TableName", "nope"}}) ==
        "Requested resource not found: Table: nope not found");
}

TEST_CASE("an item is swept once its time is past, not when it is now") {
  TtlWorld w;
  w.call("UpdateTimeToLive", setting(true));
  w.put({{"pk", S("past")}, {"ttl", w.in(-10s)}});
  w.put({{"pk", S("now")}, {"ttl", w.in(0s)}});
  w.put({{"pk", S("later")}, {"ttl", w.in(60s)}});
  w.sweep();
  CHECK_FALSE(w.has("past"));
  CHECK(w.has("now"));
  w.advance(1s);
  w.sweep();
  CHECK_FALSE(w.has("now"));
  CHECK(w.has("later"));
}

TEST_CASE("only a top-level number of the last five years expires an item") {
  TtlWorld w;
  w.call("UpdateTimeToLive", setting(true));
  const auto past = w.in(-10s)["N"].get<std::string>();
  w.put({{"pk", S("string")}, {"ttl", S(past)}});
  w.put({{"pk", S("ancient")}, {"ttl", w.in(-24h * 366 * 6)}});
  w.put({{"pk", S("nested")}, {"m", {{"M", {{"ttl", N(past)}}}}}});
  w.put({{"pk", S("list")}, {"ttl", {{"L", {N(past)}}}}});
  w.put({{"pk", S("negative")}, {"ttl", N("-1")}});
  w.put({{"pk", S("huge")}, {"ttl", N("1e125")}});
  w.put({{"pk", S("none")}});
  w.put({{"pk", S("fraction")}, {"ttl", N(past + ".5")}});
  w.sweep();
  CHECK(w.call("Scan", {{"TableName", "Tab"}})["Count"] == 7);
  CHECK_FALSE(w.has("fraction"));
}

TEST_CASE("an item whose time was moved lives on") {
  TtlWorld w;
  w.call("UpdateTimeToLive", setting(true));
  w.put({{"pk", S("a")}, {"ttl", w.in(5s)}});
  w.put({{"pk", S("b")}, {"ttl", w.in(5s)}});
  w.call("UpdateItem", {{"TableName", "Tab"},
                        {"Key", {{"pk", S("a")}}},
                        {"UpdateExpression", "SET #t = :t"},
                        {"ExpressionAttributeNames", {{"#t", "ttl"}}},
                        {"ExpressionAttributeValues", {{":t", w.in(1h)}}}});
  w.call("DeleteItem", {{"TableName", "Tab"}, {"Key", {{"pk", S("b")}}}});
  CHECK(w.expiry_rows() == 1);
  w.advance(10s);
  w.sweep();
  CHECK(w.has("a"));
  w.advance(1h);
  w.sweep();
  CHECK_FALSE(w.has("a"));
  CHECK(w.expiry_rows() == 0);
}

TEST_CASE("switching time to live on is about the items that are there, off about none") {
  TtlWorld w;
  for (int i = 0; i < 1200; ++i) w.put({{"pk", S(std::to_string(i))}, {"ttl", w.in(-1min)}});
  w.sweep();
  CHECK(w.has("7"));
  w.call("UpdateTimeToLive", setting(true));
  CHECK(w.expiry_rows() == 1200);
  w.call("UpdateTimeToLive", setting(false));
  CHECK(w.expiry_rows() == 0);
  w.sweep();
  CHECK(w.has("7"));
  w.call("UpdateTimeToLive", setting(true));
  w.sweep();
  CHECK(w.call("Scan", {{"TableName", "Tab"}})["Count"] == 0);
}

TEST_CASE("what expires leaves its indexes too") {
  DynamoWorld w;
  w.call("CreateTable", Json::parse(R"({"TableName":"Tab","BillingMode":"PAY_PER_REQUEST",
    "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"ttl","AttributeType":"N"}],
    "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"ttl","KeyType":"RANGE"}],
    "GlobalSecondaryIndexes":[{"IndexName":"by-ttl","Projection":{"ProjectionType":"ALL"},
      "KeySchema":[{"AttributeName":"ttl","KeyType":"HASH"}]}]})"));
  w.call("UpdateTimeToLive", setting(true));
  w.put({{"pk", S("a")}, {"ttl", N(std::to_string(w.clock.now().time_since_epoch() / 1s - 9))}});
  dynamodb::sweep_expired(w.db);
  CHECK(w.call("Scan", {{"TableName", "Tab"}})["Count"] == 0);
  CHECK(w.call("Scan", {{"TableName", "Tab"}, {"IndexName", "by-ttl"}})["Count"] == 0);
}

TEST_CASE("the service sweeps by itself, every few seconds") {
  TtlWorld w;
  w.call("UpdateTimeToLive", setting(true));
  w.put({{"pk", S("a")}, {"ttl", w.in(30s)}});
  w.start(w.db.run());
  w.advance(25s);
  CHECK(w.has("a"));
  w.advance(20s);
  CHECK_FALSE(w.has("a"));
}

TEST_CASE("expired items go after a restart, and with their table") {
  TtlWorld w;
  w.call("UpdateTimeToLive", setting(true));
  w.put({{"pk", S("a")}, {"ttl", w.in(30s)}});
  w.put({{"pk", S("b")}, {"ttl", w.in(1h)}});
  w.advance(1min);
  dynamodb::DynamoDb again(w.disk, w.clock, w.loops, w.ids);
  again.load();
  dynamodb::sweep_expired(again);
  CHECK(w.call(again, "Scan", {{"TableName", "Tab"}})["Count"] == 1);
  w.call(again, "DeleteTable", {{"TableName", "Tab"}});
  CHECK(w.expiry_rows() == 0);
}
