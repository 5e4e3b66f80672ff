#include "tests/services/dynamodb/transactions_world.hpp"

using namespace emu;
using namespace emu::test;

TEST_CASE("a transaction puts, updates, deletes and checks items of several tables") {
  TransactionWorld w;
  w.table("Other");
  w.put({{"pk", S("b")}, {"n", N("1")}});
  w.put({{"pk", S("c")}}, "Other");
  w.put({{"pk", S("d")}}, "Other");
  CHECK(w.write({put({{"pk", S("a")}, {"v", S("new")}}),
                 update("b", {{"UpdateExpression", "SET n = n + :one"},
                              {"ExpressionAttributeValues", {{":one", N("1")}}}}),
                 removal("c", {{"TableName", "Other"}}),
                 check("d", "attribute_exists(pk)", {{"TableName", "Other"}})}) == Json::object());
  CHECK(w.get(key("a"))["v"] == S("new"));
  CHECK(w.get(key("b"))["n"] == N("2"));
  CHECK(w.get(key("c"), "Other").is_null());
  CHECK(w.get(key("d"), "Other") == key("d"));
}

TEST_CASE("a table of a transaction may be named by its ARN") {
  TransactionWorld w;
  const auto arn = w.call("DescribeTable", {{"TableName", "Tab"}})["Table"]["TableArn"];
  w.write({put(key("a"), {{"TableName", arn}}), put(key("b"))});
  CHECK(w.get(key("a")) == key("a"));
  CHECK(w.write_refusal({put(key("x"), {{"TableName", arn}}), put(key("x"))}) ==
        "Transaction request cannot include multiple operations on one item");
}

TEST_CASE("a failed condition cancels the transaction and says for which action") {
  TransactionWorld w;
  w.put({{"pk", S("a")}, {"v", S("old")}});
  const auto error = w.cancelled({put(key("a"), {{"ConditionExpression", "attribute_not_exists(pk)"},
                                                 {"ReturnValuesOnConditionCheckFailure", "ALL_OLD"}}),
                                  put(key("b"))});
  CHECK(error.http_status == 400);
  CHECK(error.message_key == "Message");
  CHECK(w.db.error_type(error) == "com.amazonaws.dynamodb.v20120810#TransactionCanceledException");
  CHECK(error.message ==
        "Transaction cancelled, please refer cancellation reasons for specific reasons "
        "[ConditionalCheckFailed, None]");
  CHECK(error.extra["CancellationReasons"] == Json{{{"Code", "ConditionalCheckFailed"},
                                                    {"Message", "The conditional request failed"},
                                                    {"Item", {{"pk", S("a")}, {"v", S("old")}}}},
                                                   {{"Code", "None"}}});
  CHECK(w.get(key("b")).is_null());
  CHECK(w.get(key("a"))["v"] == S("old"));
}

TEST_CASE("every failed condition is reported, its item only where it is asked for and exists") {
  TransactionWorld w;
  w.put(key("a"));
  const Json show{{"ReturnValuesOnConditionCheckFailure", "ALL_OLD"}};
  const auto error =
      w.cancelled({check("a", "attribute_not_exists(pk)"), check("gone", "attribute_exists(pk)", show),
                   put(key("b")), removal("gone2", {{"ConditionExpression", "attribute_exists(pk)"}}),
                   update("gone3", {{"ConditionExpression", "attribute_exists(pk)"},
                                    {"UpdateExpression", "ADD n :one"},
                                    {"ExpressionAttributeValues", {{":one", N("1")}}}})});
  const Json failed{{"Code", "ConditionalCheckFailed"}, {"Message", "The conditional request failed"}};
  CHECK(error.extra["CancellationReasons"] == Json{failed, failed, {{"Code", "None"}}, failed, failed});
  CHECK(w.get(key("gone3")).is_null());
}

TEST_CASE("all actions judge the items as they were before the transaction") {
  TransactionWorld w;
  w.put({{"pk", S("a")}, {"n", N("1")}});
  CHECK(codes(w.cancelled({update("a", {{"UpdateExpression", "SET n = :two"},
                                        {"ExpressionAttributeValues", {{":two", N("2")}}}}),
                           check("b", "attribute_exists(pk)"), put(key("c"))})) ==
        "None ConditionalCheckFailed None");
  CHECK(w.get(key("a"))["n"] == N("1"));
  CHECK(w.get(key("c")).is_null());
}

TEST_CASE("a key of the wrong type cancels, the first of them alone and before any condition") {
  TransactionWorld w;
  const auto failing = put(key("z"), {{"ConditionExpression", "attribute_exists(pk)"}});
  const auto error = w.cancelled({put({{"pk", N("5")}}), put({{"pk", N("6")}}), failing});
  CHECK(error.extra["CancellationReasons"] ==
        Json{{{"Code", "ValidationError"},
              {"Message",
               "One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N"}},
             {{"Code", "None"}},
             {{"Code", "None"}}});
  const auto reason = [&](Json action) {
    const auto e = w.cancelled({std::move(action)});
    REQUIRE(codes(e) == "ValidationError");
    return e.extra["CancellationReasons"][0]["Message"].get<std::string>();
  };
  constexpr auto kMismatch = "The provided key element does not match the schema";
  const Json wrong{{"Key", {{"pk", N("5")}}}}, list{{"Key", {{"pk", {{"L", Json::array()}}}}}};
  CHECK(reason(put({{"pk", {{"L", Json::array()}}}})) ==
        "One or more parameter values were invalid: Type mismatch for key pk expected: S actual: L");
  CHECK(reason(put({{"other", S("x")}})) ==
        "One or more parameter values were invalid: Missing the key pk in the item");
  for (const auto& bad : {wrong, list, Json{{"Key", {{"pk", S("a")}, {"x", S("b")}}}}}) {
    CHECK(reason(removal("a", bad)) == kMismatch);
    CHECK(reason(check("a", "attribute_exists(pk)", bad)) == kMismatch);
    Json more = bad;
    more["UpdateExpression"] = "REMOVE v";
    CHECK(reason(update("a", more)) == kMismatch);
  }
  CHECK(
      reason(update(
          "a", {{"UpdateExpression", "SET pk = :v"}, {"ExpressionAttributeValues", {{":v", S("x")}}}})) ==
      "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the "
      "key");
}

TEST_CASE("what an update cannot do cancels with a ValidationError") {
  TransactionWorld w;
  w.put({{"pk", S("a")}, {"s", S("text")}, {"big", S(std::string(300'000, 'x'))}});
  const auto reason = [&](std::string_view expression, Json values) {
    const auto e = w.cancelled(
        {put(key("z"), {{"ConditionExpression", "attribute_exists(pk)"}}),
         update("a", {{"UpdateExpression", expression}, {"ExpressionAttributeValues", std::move(values)}})});
    REQUIRE(codes(e) == "None ValidationError");
    return e.extra["CancellationReasons"][1]["Message"].get<std::string>();
  };
  CHECK(reason("SET s = s + :one", {{":one", N("1")}}) ==
        "An operand in the update expression has an incorrect data type");
  CHECK(reason("SET x = x + :one", {{":one", N("1")}}) ==
        "The provided expression refers to an attribute that does not exist in the item");
  CHECK(reason("SET x.y = :one", {{":one", N("1")}}) ==
        "The document path provided in the update expression is invalid for update");
  CHECK(reason("SET more = :v", {{":v", S(std::string(200'000, 'x'))}}) ==
        "Item size to update has exceeded the maximum allowed size");
  Json deep = S("leaf");
  for (int i = 0; i < 32; ++i) deep = {{"M", {{"n", deep}}}};
  CHECK(reason("SET deep = :v", {{":v", deep}}) ==
        "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond "
        "supported limit");
}

TEST_CASE("the depth of a value is no matter of a transaction's condition") {
  TransactionWorld w;
  Json deep = S("leaf");
  for (int i = 0; i < 40; ++i) deep = {{"M", {{"n", deep}}}};
  CHECK(w.write({put(key("a"), {{"ConditionExpression", "v <> :v"},
                                {"ExpressionAttributeValues", {{":v", deep}}}})}) == Json::object());
  CHECK(w.write_refusal({put({{"pk", S("a")}, {"v", deep}})}) ==
        "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond "
        "supported limit");
}

TEST_CASE("an index key of the wrong type cancels, an empty one is refused with the whole request") {
  TransactionWorld w;
  w.call("UpdateTable", {{"TableName", "Tab"},
                         {"AttributeDefinitions", {{{"AttributeName", "g"}, {"AttributeType", "S"}}}},
                         {"GlobalSecondaryIndexUpdates",
                          {{{"Create",
                             {{"IndexName", "gsi1"},
                              {"KeySchema", {{{"AttributeName", "g"}, {"KeyType", "HASH"}}}},
                              {"Projection", {{"ProjectionType", "ALL"}}}}}}}}});
  constexpr auto kMismatch =
      "One or more parameter values were invalid: Type mismatch for Index Key g Expected: S Actual: N "
      "IndexName: gsi1";
  const auto set = [](Json v) {
    return update("a", {{"UpdateExpression", "SET g = :v"}, {"ExpressionAttributeValues", {{":v", v}}}});
  };
  for (const auto& action : {put({{"pk", S("a")}, {"g", N("5")}}), set(N("5"))}) {
    const auto e = w.cancelled({action});
    CHECK(codes(e) == "ValidationError");
    CHECK(e.extra["CancellationReasons"][0]["Message"] == kMismatch);
  }
  CHECK(w.write_refusal({put({{"pk", S("a")}, {"g", S("")}})}) ==
        "One or more parameter values are not valid. A value specified for a secondary index key is not "
        "supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: "
        "gsi1, IndexKey: g");
  CHECK(
      w.write_refusal({set(S(""))}) ==
      "One or more parameter values are not valid. The update expression attempted to update a secondary "
      "index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an "
      "empty string value.");
}

TEST_CASE("a transaction's index entries come and go with it") {
  TransactionWorld w;
  w.indexed_table("Indexed");
  w.write({put({{"pk", S("a")}, {"sk", S("1")}, {"l", S("x")}}, {{"TableName", "Indexed"}})});
  const auto count = [&] {
    return w.call("Query", {{"TableName", "Indexed"},
                            {"IndexName", "local"},
                            {"KeyConditionExpression", "pk = :p"},
                            {"ExpressionAttributeValues", {{":p", S("a")}}}})["Count"];
  };
  CHECK(count() == 1);
  w.write({removal("a", {{"TableName", "Indexed"}, {"Key", {{"pk", S("a")}, {"sk", S("1")}}}})});
  CHECK(count() == 0);
}
