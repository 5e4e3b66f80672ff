// A World with a DynamoDB service in it, and short ways to say what its tests say often.
#pragma once
#include "emulator/services/dynamodb/dynamodb.hpp"
#include "tests/support/world.hpp"

namespace emu::test {
inline Json S(std::string_view s) { return {{"S", s}}; }
inline Json N(std::string_view n) { return {{"N", n}}; }

class DynamoWorld : public World {
 public:
  dynamodb::DynamoDb db{disk, clock, loops, ids};

  using World::call;
  using World::fail;
  Json call(std::string_view operation, Json input = Json::object()) {
    return World::call(db, operation, std::move(input));
  }
  AwsError fail(std::string_view operation, Json input = Json::object()) {
    return World::fail(db, operation, std::move(input));
  }
  std::string refusal(std::string_view operation, Json input) {
    return fail(operation, std::move(input)).message;
  }

  // Tab: hash pk S. Sorted: hash pk S, range sk N.
  void table(std::string_view name = "Tab", bool sorted = false) {
    Json definitions = Json::parse(R"([{"AttributeName":"pk","AttributeType":"S"}])");
    Json keys = Json::parse(R"([{"AttributeName":"pk","KeyType":"HASH"}])");
    if (sorted) {
      definitions.push_back({{"AttributeName", "sk"}, {"AttributeType", "N"}});
      keys.push_back({{"AttributeName", "sk"}, {"KeyType", "RANGE"}});
    }
    call("CreateTable", {{"TableName", name},
                         {"AttributeDefinitions", definitions},
                         {"KeySchema", keys},
                         {"BillingMode", "PAY_PER_REQUEST"}});
  }
  void put(Json item, std::string_view name = "Tab") {
    call("PutItem", {{"TableName", name}, {"Item", std::move(item)}});
  }
  Json get(Json key, std::string_view name = "Tab") {
    return call("GetItem", {{"TableName", name}, {"Key", std::move(key)}}).value("Item", Json());
  }
  // UpdateItem of {pk: "a"} in Tab, its ReturnValues ALL_NEW.
  Json update(std::string_view expression, Json values = {}, Json more = Json::object()) {
    return call("UpdateItem", update_input(expression, std::move(values), std::move(more)))
        .value("Attributes", Json());
  }
  std::string update_refusal(std::string_view expression, Json values = {}, Json more = Json::object()) {
    return refusal("UpdateItem", update_input(expression, std::move(values), std::move(more)));
  }

 private:
  static Json update_input(std::string_view expression, Json values, Json more) {
    Json in{{"TableName", "Tab"},
            {"Key", {{"pk", S("a")}}},
            {"UpdateExpression", expression},
            {"ReturnValues", "ALL_NEW"}};
    if (!values.is_null()) in["ExpressionAttributeValues"] = std::move(values);
    in.update(more);
    return in;
  }
};
}  // namespace emu::test
