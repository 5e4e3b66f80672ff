#include "tests/services/dynamodb/sixty_cases/cases.hpp"

using namespace emu;
using namespace emu::test;

namespace {
struct WithTable : SixtyCases {
  WithTable() { table(); }
};
}  // namespace

TEST_CASE("case 29: a transaction words a syntax error without the prefix") {
  WithTable w;
  CHECK(w.refused("TransactWriteItems",
                  R"({"TransactItems":[{"Put":{"TableName":"Tab","Item":{"pk":{"S":"a"}},
                      "ConditionExpression":"a = = b"}}]})") == VALIDATION
        R"(Invalid ConditionExpression: Syntax error; token: "=", near: "= = b")");
}

TEST_CASE("case 56: a failed condition cancels the transaction and shows the item") {
  WithTable w;
  w.put(R"({"pk":{"S":"a"},"v":{"S":"old"}})");
  const auto error = w.fail("TransactWriteItems", Json::parse(R"J({"TransactItems":[
      {"Put":{"TableName":"Tab","Item":{"pk":{"S":"a"}},"ConditionExpression":"attribute_not_exists(pk)",
              "ReturnValuesOnConditionCheckFailure":"ALL_OLD"}},
      {"Put":{"TableName":"Tab","Item":{"pk":{"S":"b"}}}}]})J"));
  CHECK(error.code == "TransactionCanceledException");
  CHECK(error.message ==
        "Transaction cancelled, please refer cancellation reasons for specific reasons "
        "[ConditionalCheckFailed, None]");
  CHECK(error.extra["CancellationReasons"] == Json::parse(R"([
      {"Code":"ConditionalCheckFailed","Message":"The conditional request failed",
       "Item":{"pk":{"S":"a"},"v":{"S":"old"}}},
      {"Code":"None"}])"));
  CHECK(w.item("b").is_null());
}

TEST_CASE("case 57: one item has one action, and its key the table's type") {
  WithTable w;
  CHECK(w.refused("TransactWriteItems", R"({"TransactItems":[
      {"Put":{"TableName":"Tab","Item":{"pk":{"S":"k"}}}},
      {"Delete":{"TableName":"Tab","Key":{"pk":{"S":"k"}}}}]})") == VALIDATION
        "Transaction request cannot include multiple operations on one item");
  const auto error =
      w.fail("TransactWriteItems",
             Json::parse(R"({"TransactItems":[{"Put":{"TableName":"Tab","Item":{"pk":{"N":"5"}}}}]})"));
  CHECK(error.code == "TransactionCanceledException");
  CHECK(error.extra["CancellationReasons"] ==
        Json{{{"Code", "ValidationError"},
              {"Message", OMPV "Type mismatch for key pk expected: S actual: N"}}});
}
