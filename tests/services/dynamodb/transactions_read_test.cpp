#include "tests/services/dynamodb/transactions_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
Json reads(TransactionWorld& w, std::initializer_list<Json> gets, Json more = Json::object()) {
  return w.call("TransactGetItems", TransactionWorld::input(Json(Json::array_t(gets)), std::move(more)));
}
}  // namespace

TEST_CASE("a read transaction answers in order, with nothing for what is not there") {
  TransactionWorld w;
  w.table("Other");
  w.put({{"pk", S("a")}, {"n", N("1")}});
  w.put({{"pk", S("b")}}, "Other");
  CHECK(reads(w, {read("b", {{"TableName", "Other"}}), read("gone"), read("a")}) ==
        Json{{"Responses",
              {{{"Item", key("b")}}, Json::object(), {{"Item", {{"pk", S("a")}, {"n", N("1")}}}}}}});
}

TEST_CASE("a read transaction projects, and shows no item of which nothing is left") {
  TransactionWorld w;
  w.put({{"pk", S("a")}, {"n", N("1")}, {"m", {{"M", {{"x", N("2")}, {"y", N("3")}}}}}});
  CHECK(reads(w, {read("a", {{"ProjectionExpression", "#n, m.x"},
                             {"ExpressionAttributeNames", {{"#n", "n"}}}})})["Responses"] ==
        Json{{{"Item", {{"n", N("1")}, {"m", {{"M", {{"x", N("2")}}}}}}}}});
  CHECK(reads(w, {read("a", {{"ProjectionExpression", "nowhere"}})})["Responses"] ==
        Json::array({Json::object()}));
}

TEST_CASE("a read transaction is refused or cancelled as a write transaction is") {
  TransactionWorld w;
  const auto failure = [&](std::initializer_list<Json> gets) {
    return w.fail("TransactGetItems", TransactionWorld::input(Json(Json::array_t(gets)), Json::object()));
  };
  CHECK(failure({read("a", {{"ProjectionExpression", "!!!"}})}).message ==
        "Invalid ProjectionExpression: Syntax error; token: \"!\", near: \"!!\"");
  CHECK(failure({read("a", {{"ProjectionExpression", "#x"},
                            {"ExpressionAttributeNames", {{"#x", "x"}, {"#q", "q"}}}})})
            .message == "Value provided in ExpressionAttributeNames unused in expressions: keys: {#q}");
  const auto gone = failure({read("a"), read("a", {{"TableName", "absent"}})});
  CHECK(gone.code == "ResourceNotFoundException");
  CHECK(gone.message == "Requested resource not found");
  CHECK(failure({read("a"), read("a")}).message ==
        "Transaction request cannot include multiple operations on one item");
  const auto cancelled = failure({read("a"), read("b", {{"Key", Json::object()}})});
  CHECK(cancelled.code == "TransactionCanceledException");
  CHECK(
      cancelled.extra["CancellationReasons"] ==
      Json{{{"Code", "None"}},
           {{"Code", "ValidationError"}, {"Message", "The provided key element does not match the schema"}}});
}

TEST_CASE("a read transaction finds at most 4 MB") {
  TransactionWorld w;
  Json gets = Json::array();
  for (int i = 0; i < 12; ++i) {
    w.put({{"pk", S(std::to_string(i))}, {"v", S(std::string(400'000, 'x'))}});
    gets.push_back(read(std::to_string(i)));
  }
  CHECK(w.refusal("TransactGetItems", {{"TransactItems", gets}}) ==
        "Transaction payload size cannot exceed 4194304 bytes");
  gets.erase(gets.begin() + 10, gets.end());
  CHECK(w.call("TransactGetItems", {{"TransactItems", gets}})["Responses"].size() == 10);
}

TEST_CASE("a read transaction reports two read units per 4 KB of each item") {
  TransactionWorld w;
  w.put({{"pk", S("a")}, {"v", S(std::string(5000, 'x'))}});
  CHECK(reads(w, {read("a"), read("gone")}, {{"ReturnConsumedCapacity", "TOTAL"}})["ConsumedCapacity"] ==
        Json{{{"TableName", "Tab"}, {"CapacityUnits", 6.0}, {"ReadCapacityUnits", 6.0}}});
  CHECK(reads(w, {read("gone")}, {{"ReturnConsumedCapacity", "INDEXES"}})["ConsumedCapacity"] ==
        Json{{{"TableName", "Tab"},
              {"CapacityUnits", 2.0},
              {"ReadCapacityUnits", 2.0},
              {"Table", {{"CapacityUnits", 2.0}, {"ReadCapacityUnits", 2.0}}}}});
}
