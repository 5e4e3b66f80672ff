// A DynamoWorld with a table Tab, and short ways to say transactions.
#pragma once
#include "tests/services/dynamodb/dynamodb_world.hpp"

namespace emu::test {
inline Json key(std::string_view pk) { return {{"pk", S(pk)}}; }

// One action on Tab; `more` adds members to it or replaces them.
inline Json action(std::string_view kind, Json members, Json more) {
  members["TableName"] = "Tab";
  members.update(more);
  return {{kind, std::move(members)}};
}
inline Json put(Json item, Json more = Json::object()) {
  return action("Put", {{"Item", std::move(item)}}, std::move(more));
}
inline Json removal(std::string_view pk, Json more = Json::object()) {
  return action("Delete", {{"Key", key(pk)}}, std::move(more));
}
inline Json update(std::string_view pk, Json more) {
  return action("Update", {{"Key", key(pk)}}, std::move(more));
}
inline Json increment(std::string_view pk) {
  return update(pk, {{"UpdateExpression", "ADD n :one"}, {"ExpressionAttributeValues", {{":one", N("1")}}}});
}
inline Json check(std::string_view pk, std::string_view condition, Json more = Json::object()) {
  return action("ConditionCheck", {{"Key", key(pk)}, {"ConditionExpression", condition}}, std::move(more));
}
inline Json read(std::string_view pk, Json more = Json::object()) {
  return action("Get", {{"Key", key(pk)}}, std::move(more));
}

// "None ValidationError": the codes of a cancellation's reasons.
inline std::string codes(const AwsError& error) {
  std::string out;
  for (const auto& reason : error.extra.at("CancellationReasons"))
    out.append(out.empty() ? "" : " ").append(reason.at("Code").get<std::string>());
  return out;
}

class TransactionWorld : public DynamoWorld {
 public:
  TransactionWorld() { table(); }

  // Hash pk S, range sk S, an LSI "local" on l.
  void indexed_table(std::string_view name) {
    const auto definition = [](std::string_view n) {
      return Json{{"AttributeName", n}, {"AttributeType", "S"}};
    };
    const auto keys = [](std::string_view range) {
      return Json{{{"AttributeName", "pk"}, {"KeyType", "HASH"}},
                  {{"AttributeName", range}, {"KeyType", "RANGE"}}};
    };
    call("CreateTable", {{"TableName", name},
                         {"AttributeDefinitions", {definition("pk"), definition("sk"), definition("l")}},
                         {"KeySchema", keys("sk")},
                         {"BillingMode", "PAY_PER_REQUEST"},
                         {"LocalSecondaryIndexes",
                          {{{"IndexName", "local"},
                            {"KeySchema", keys("l")},
                            {"Projection", {{"ProjectionType", "ALL"}}}}}}});
  }

  static Json input(Json actions, Json more) {
    Json in{{"TransactItems", std::move(actions)}};
    in.update(more);
    return in;
  }
  Json write(std::initializer_list<Json> actions, Json more = Json::object()) {
    return call("TransactWriteItems", input(Json(Json::array_t(actions)), std::move(more)));
  }
  AwsError write_failure(std::initializer_list<Json> actions, Json more = Json::object()) {
    return fail("TransactWriteItems", input(Json(Json::array_t(actions)), std::move(more)));
  }
  // The text of a ValidationException, not of a cancellation.
  std::string write_refusal(std::initializer_list<Json> actions, Json more = Json::object()) {
    const auto error = write_failure(actions, std::move(more));
    CHECK(error.code == "ValidationException");
    return error.message;
  }
  AwsError cancelled(std::initializer_list<Json> actions, Json more = Json::object()) {
    auto error = write_failure(actions, std::move(more));
    CHECK(error.code == "TransactionCanceledException");
    return error;
  }
};
}  // namespace emu::test
