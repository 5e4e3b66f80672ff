// ClientRequestTokens, and what transactions report (E5, E6, F).
#include "tests/services/dynamodb/transactions_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
const Json kToken{{"ClientRequestToken", "token-1"}};
Json with(Json more) {
  more.update(kToken);
  return more;
}
std::size_t token_rows(const TransactionWorld& w) {
  std::size_t rows = 0;
  w.disk.scan(storage::prefix(storage::Key(storage::Space::transaction_tokens)), [&](auto, auto) {
    ++rows;
    return true;
  });
  return rows;
}
}  // namespace

TEST_CASE("a transaction with a token happens once in ten minutes") {
  TransactionWorld w;
  w.write({increment("a")}, kToken);
  CHECK(w.write({increment("a")}, kToken) == Json::object());
  CHECK(w.get(key("a"))["n"] == N("1"));
  w.advance(9min + 59s);
  w.write({increment("a")}, kToken);
  CHECK(w.get(key("a"))["n"] == N("1"));
  w.advance(1s);
  w.write({increment("a")}, kToken);
  CHECK(w.get(key("a"))["n"] == N("2"));
  w.write({increment("a")});
  w.write({increment("a")});
  CHECK(w.get(key("a"))["n"] == N("4"));
}

TEST_CASE("a token with another payload is refused") {
  TransactionWorld w;
  w.write({increment("a")}, kToken);
  const auto error = w.write_failure({increment("b")}, kToken);
  CHECK(error.code == "IdempotentParameterMismatchException");
  CHECK(error.message_key == "Message");
  CHECK(w.db.error_type(error) == "com.amazonaws.dynamodb.v20120810#IdempotentParameterMismatchException");
  CHECK(w.get(key("b")).is_null());
  CHECK(w.write_failure({increment("a"), increment("b")}, kToken).code == error.code);
  CHECK(w.write_failure({removal("a")}, kToken).code == error.code);
}

TEST_CASE("a token does not care for order of members, forms of numbers or what is to be reported") {
  TransactionWorld w;
  const Json item{{"pk", S("a")}, {"n", N("100")}, {"s", {{"SS", {"x", "y"}}}}};
  w.write({put(item)}, kToken);
  w.write({put({{"s", {{"SS", {"y", "x"}}}}, {"n", N("1e2")}, {"pk", S("a")}})},
          with({{"ReturnConsumedCapacity", "TOTAL"}}));
}

TEST_CASE("a token of a transaction that failed is free") {
  TransactionWorld w;
  const auto guarded = put(key("a"), {{"ConditionExpression", "attribute_exists(pk)"}});
  CHECK(codes(w.cancelled({guarded}, kToken)) == "ConditionalCheckFailed");
  CHECK(codes(w.cancelled({guarded}, kToken)) == "ConditionalCheckFailed");
  w.write({increment("b")}, kToken);
}

TEST_CASE("tokens of another account or region are others") {
  TransactionWorld w;
  w.write({increment("a")}, kToken);
  w.context.scope.region = "eu-west-1";
  w.table();
  w.write({increment("b")}, kToken);
  CHECK(w.get(key("b"))["n"] == N("1"));
}

TEST_CASE("a token is kept where its transaction is, and survives the service") {
  TransactionWorld w;
  w.write({increment("a")}, kToken);
  CHECK(token_rows(w) == 1);
  dynamodb::DynamoDb again{w.disk, w.clock, w.loops, w.ids};
  again.load();
  w.World::call(again, "TransactWriteItems", TransactionWorld::input(Json::array({increment("a")}), kToken));
  CHECK(w.get(key("a"))["n"] == N("1"));
}

TEST_CASE("verification knows tokens, and tells of a damaged one") {
  TransactionWorld w;
  w.write({increment("a")}, kToken);
  Report sound;
  w.db.verify(sound);
  CHECK(sound.sound());
  CHECK(sound.covered(storage::Space::transaction_tokens));
  storage::Batch damage;
  damage.put(storage::Key(storage::Space::transaction_tokens).raw("x"), "short");
  w.disk.write(damage);
  Report damaged;
  w.db.verify(damaged);
  CHECK(damaged.found() == 1);
}

TEST_CASE("old tokens are swept") {
  TransactionWorld w;
  for (int i = 0; i < 5; ++i) w.write({increment("a")}, {{"ClientRequestToken", std::to_string(i)}});
  CHECK(token_rows(w) == 5);
  w.advance(10min);
  w.write({increment("a")}, kToken);
  CHECK(token_rows(w) == 6);
  w.advance(10min);
  w.write({increment("a")}, {{"ClientRequestToken", "token-2"}});
  CHECK(token_rows(w) == 2);
}

TEST_CASE("a write transaction reports twice the table's write units and once an index's") {
  TransactionWorld w;
  w.indexed_table("Indexed");
  const Json there{{"TableName", "Indexed"}};
  const auto report = w.write(
      {put({{"pk", S("a")}, {"v", S(std::string(1500, 'x'))}}), check("gone", "attribute_not_exists(pk)"),
       put({{"pk", S("a")}, {"sk", S("1")}, {"l", S("x")}}, there)},
      {{"ReturnConsumedCapacity", "INDEXES"}, {"ReturnItemCollectionMetrics", "SIZE"}});
  CHECK(report["ConsumedCapacity"] ==
        Json{{{"TableName", "Tab"},
              {"CapacityUnits", 6.0},
              {"WriteCapacityUnits", 6.0},
              {"Table", {{"CapacityUnits", 6.0}, {"WriteCapacityUnits", 6.0}}}},
             {{"TableName", "Indexed"},
              {"CapacityUnits", 3.0},
              {"WriteCapacityUnits", 3.0},
              {"Table", {{"CapacityUnits", 2.0}, {"WriteCapacityUnits", 2.0}}},
              {"LocalSecondaryIndexes", {{"local", {{"CapacityUnits", 1.0}}}}}}});
  CHECK(report["ItemCollectionMetrics"] ==
        Json{{"Indexed", {{{"ItemCollectionKey", key("a")}, {"SizeEstimateRangeGB", {0.0, 1.0}}}}}});
}

TEST_CASE("a condition check costs as a write of the item it looks at, and writes nothing") {
  TransactionWorld w;
  w.put({{"pk", S("a")}, {"v", S(std::string(2500, 'x'))}});
  const auto cost = [&](Json action) {
    return w.write({std::move(action)}, {{"ReturnConsumedCapacity", "TOTAL"}})["ConsumedCapacity"];
  };
  CHECK(cost(check("a", "attribute_exists(pk)")) ==
        Json{{{"TableName", "Tab"}, {"CapacityUnits", 6.0}, {"WriteCapacityUnits", 6.0}}});
  CHECK(cost(removal("gone"))[0]["CapacityUnits"] == 2.0);
}

TEST_CASE("a repeated transaction reports what it takes to read its items") {
  TransactionWorld w;
  const auto action = put({{"pk", S("a")}, {"v", S(std::string(1500, 'x'))}});
  const auto more = with({{"ReturnConsumedCapacity", "INDEXES"}});
  CHECK(w.write({action}, more)["ConsumedCapacity"][0]["WriteCapacityUnits"] == 4.0);
  CHECK(w.write({action}, more)["ConsumedCapacity"] ==
        Json{{{"TableName", "Tab"},
              {"CapacityUnits", 2.0},
              {"ReadCapacityUnits", 2.0},
              {"Table", {{"CapacityUnits", 2.0}, {"ReadCapacityUnits", 2.0}}}}});
  CHECK(w.write({action}, kToken) == Json::object());
}
