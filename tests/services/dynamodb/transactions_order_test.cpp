// The order in which a transaction's request is judged (F), and the texts of what is refused as a whole.
#include "tests/services/dynamodb/transactions_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
const std::string kCapacity =
    "Value 'BOGUS' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value "
    "set: [INDEXES, TOTAL, NONE]";
const std::string kDuplicate = "Transaction request cannot include multiple operations on one item";

Json deep_value() {
  Json deep = S("leaf");
  for (int i = 0; i < 32; ++i) deep = {{"M", {{"n", deep}}}};
  return deep;
}
}  // namespace

TEST_CASE("a transaction has 1 to 100 actions") {
  TransactionWorld w;
  CHECK(
      w.write_refusal({}) ==
      "1 validation error detected: Value '[]' at 'transactItems' failed to satisfy constraint: Member must "
      "have length greater than or equal to 1");
  CHECK(
      w.refusal("TransactGetItems", {{"TransactItems", Json::array()}}) ==
      "1 validation error detected: Value '[]' at 'transactItems' failed to satisfy constraint: Member must "
      "have length greater than or equal to 1");
  CHECK(
      w.refusal("TransactWriteItems", Json::object()) ==
      "1 validation error detected: Value null at 'transactItems' failed to satisfy constraint: Member must "
      "not be null");
  Json writes = Json::array(), reads = Json::array();
  for (int i = 0; i < 100; ++i) {
    writes.push_back(put(key(std::to_string(i))));
    reads.push_back(read(std::to_string(i)));
  }
  w.call("TransactWriteItems", {{"TransactItems", writes}});
  CHECK(w.call("TransactGetItems", {{"TransactItems", reads}})["Responses"].size() == 100);
  writes.push_back(put(key("100")));
  reads.push_back(read("100"));
  const auto too_many = w.refusal("TransactWriteItems", {{"TransactItems", writes}});
  CHECK(too_many.starts_with("1 validation error detected: Value '[TransactWriteItem("));
  CHECK(
      too_many.ends_with(")]' at 'transactItems' failed to satisfy constraint: Member must have length less "
                         "than or equal to 100"));
  const auto too_many_reads = w.refusal("TransactGetItems", {{"TransactItems", reads}});
  CHECK(too_many_reads.starts_with("1 validation error detected: Value '[TransactGetItem("));
  CHECK(too_many_reads.ends_with("Member must have length less than or equal to 100"));
}

TEST_CASE("the constraints of a transaction are reported together, its token first") {
  TransactionWorld w;
  const std::string token(37, 'x');
  const auto long_token = "Value '" + token +
                          "' at 'clientRequestToken' failed to satisfy constraint: Member must have length "
                          "less than or equal to 36";
  CHECK(w.write_refusal({put(key("a"))}, {{"ClientRequestToken", token}}) ==
        "1 validation error detected: " + long_token);
  CHECK(w.write_refusal({put(key("a"))},
                        {{"ClientRequestToken", token}, {"ReturnConsumedCapacity", "BOGUS"}}) ==
        "2 validation errors detected: " + long_token + "; " + kCapacity);
  CHECK(w.write_refusal({put(key("a"))},
                        {{"ReturnConsumedCapacity", "BOGUS"}, {"ReturnItemCollectionMetrics", "BOGUS2"}}) ==
        "2 validation errors detected: " + kCapacity +
            "; Value 'BOGUS2' at 'returnItemCollectionMetrics' failed to satisfy constraint: Member must "
            "satisfy "
            "enum value set: [SIZE, NONE]");
  CHECK(w.write_refusal({put(key("a"))}, {{"ClientRequestToken", ""}}) ==
        "1 validation error detected: Value '' at 'clientRequestToken' failed to satisfy constraint: Member "
        "must "
        "have length greater than or equal to 1");
  CHECK(w.get(key("a")).is_null());
}

TEST_CASE("what an action must have is a constraint, told with the action's place") {
  TransactionWorld w;
  const auto null_at = [](std::string_view path) {
    return fmt::format("Value null at '{}' failed to satisfy constraint: Member must not be null", path);
  };
  CHECK(w.write_refusal({put(key("a")), {{"ConditionCheck", {{"TableName", "Tab"}, {"Key", key("b")}}}}}) ==
        "1 validation error detected: " +
            null_at("transactItems.2.member.conditionCheck.conditionExpression"));
  CHECK(w.write_refusal({{{"Update", {{"TableName", "Tab"}, {"Key", key("b")}}}}}) ==
        "1 validation error detected: " + null_at("transactItems.1.member.update.updateExpression"));
  CHECK(w.write_refusal({{{"Put", {{"TableName", "Tab"}}}}, {{"Delete", {{"Key", key("b")}}}}}) ==
        "2 validation errors detected: " + null_at("transactItems.1.member.put.item") + "; " +
            null_at("transactItems.2.member.delete.tableName"));
  CHECK(
      w.write_refusal({put(key("a"), {{"ReturnValuesOnConditionCheckFailure", "none"}})}) ==
      "1 validation error detected: Value 'none' at "
      "'transactItems.1.member.put.returnValuesOnConditionCheckFailure' failed to satisfy constraint: Member "
      "must satisfy enum value set: [ALL_OLD, NONE]");
  CHECK(w.refusal("TransactGetItems", {{"TransactItems", {Json::object()}}}) ==
        "1 validation error detected: " + null_at("transactItems.1.member.get"));
}

TEST_CASE("an action is exactly one of the four") {
  TransactionWorld w;
  constexpr auto kOne = "TransactItems can only contain one of Check, Put, Update or Delete";
  auto both = put(key("a"));
  both.update(removal("b"));
  CHECK(w.write_refusal({both}) == kOne);
  CHECK(w.write_refusal({Json::object()}) == kOne);
}

TEST_CASE("constraints come before the table, and before duplicates") {
  TransactionWorld w;
  const Json bogus{{"ReturnConsumedCapacity", "BOGUS"}};
  const Json absent{{"TableName", "absent"}};
  CHECK(w.write_refusal({put(key("a"), absent)}, bogus) == "1 validation error detected: " + kCapacity);
  CHECK(w.write_refusal({put(key("a")), removal("a")}, bogus) == "1 validation error detected: " + kCapacity);
  CHECK(w.refusal("TransactGetItems",
                  {{"TransactItems", {read("a", absent)}}, {"ReturnConsumedCapacity", "BOGUS"}}) ==
        "1 validation error detected: " + kCapacity);
}

TEST_CASE("expressions and values come before the table, the first bad action before later ones") {
  TransactionWorld w;
  const Json absent{{"TableName", "absent"}};
  const auto malformed = check("c", "attribute_not_exists(");
  const auto deep = put({{"pk", S("d")}, {"data", deep_value()}});
  constexpr auto kSyntax = "Invalid ConditionExpression: Syntax error; token: \"<EOF>\", near: \"(\"";
  constexpr auto kDeep =
      "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond "
      "supported limit";
  CHECK(w.write_refusal({put(key("a"), absent), malformed}) == kSyntax);
  CHECK(w.write_refusal({malformed, deep}) == kSyntax);
  CHECK(w.write_refusal({deep, malformed}) == kDeep);
  const auto unused =
      check("c", "attribute_not_exists(pk)", {{"ExpressionAttributeValues", {{":v", S("x")}}}});
  constexpr auto kUnused = "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}";
  CHECK(w.write_refusal({put(key("a"), absent), unused}) == kUnused);
  CHECK(w.write_refusal({unused, put(key("a"), absent)}) == kUnused);
  CHECK(w.write_refusal({put(key("c")), unused}) == kUnused);
}

TEST_CASE("a transaction words its refusals as the older layer does") {
  TransactionWorld w;
  const auto condition = [&](std::string_view text, Json values) {
    Json more{{"ConditionExpression", text}};
    if (!values.is_null()) more["ExpressionAttributeValues"] = std::move(values);
    return w.write_refusal({put(key("a"), more)});
  };
  CHECK(condition("a = = b", {}) ==
        "Invalid ConditionExpression: Syntax error; token: \"=\", near: \"= = b\"");
  CHECK(condition("a = :v", {{":v", N("")}}) ==
        "ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric "
        "value "
        "for key :v");
  CHECK(condition("attribute_exists(#x)", {}) ==
        "Invalid ConditionExpression: An expression attribute name used in the document path is not defined; "
        "attribute name: #x");
  CHECK(w.write_refusal({put({{"pk", S("a")}, {"n", N("")}})}) ==
        "The parameter cannot be converted to a numeric value");
  CHECK(w.write_refusal({put({{"pk", S("a")}, {"s", {{"SS", Json::array()}}}})}) ==
        "One or more parameter values were invalid: An string set  may not be empty");
  CHECK(w.write_refusal({put({{"pk", S("a")}, {"", S("x")}})}) == "Empty attribute name");
}

TEST_CASE("too large an item is refused before its table is looked for") {
  TransactionWorld w;
  const Json absent{{"TableName", "absent"}};
  const Json large{{"pk", S("a")}, {"v", S(std::string(409'600, 'x'))}};
  CHECK(w.write_refusal({put(large, absent)}) == "Item size has exceeded the maximum allowed size");
}

TEST_CASE("an empty key is refused with the whole request, before a missing table") {
  TransactionWorld w;
  constexpr auto kEmpty =
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
      "empty string value. Key: pk";
  const Json absent{{"TableName", "absent"}};
  CHECK(w.write_refusal({put(key(""))}) == kEmpty);
  CHECK(w.write_refusal({removal("")}) == kEmpty);
  CHECK(w.write_refusal({increment("")}) == kEmpty);
  CHECK(w.write_refusal({check("", "attribute_exists(pk)")}) == kEmpty);
  CHECK(w.write_refusal({put(key("a"), absent), removal("")}) == kEmpty);
  CHECK(w.refusal("TransactGetItems", {{"TransactItems", {read("")}}}) == kEmpty);
}

TEST_CASE("a missing table comes before duplicates, duplicates before wrong keys") {
  TransactionWorld w;
  const Json absent{{"TableName", "absent"}};
  const auto gone = w.write_failure({put(key("a")), removal("a"), put(key("b"), absent)});
  CHECK(gone.code == "ResourceNotFoundException");
  CHECK(gone.message == "Requested resource not found");
  CHECK(w.write_refusal({put({{"pk", N("5")}}), put(key("a")), removal("a")}) == kDuplicate);
  CHECK(w.write_refusal({put(key("a")), check("a", "attribute_exists(pk)")}) == kDuplicate);
  CHECK(w.get(key("a")).is_null());
}

TEST_CASE("a transaction's payload is at most 4 MB, the items it finds may be larger") {
  TransactionWorld w;
  std::vector<Json> puts, deletes;
  for (int i = 0; i < 50; ++i) {
    const auto name = std::to_string(i);
    w.put({{"pk", S(name)}, {"v", S(std::string(100'000, 'x'))}});
    puts.push_back(put({{"pk", S(name)}, {"v", S(std::string(100'000, 'y'))}}));
    deletes.push_back(removal(name));
  }
  CHECK(w.refusal("TransactWriteItems", {{"TransactItems", puts}}) ==
        "Transaction payload size cannot exceed 4194304 bytes");
  CHECK(w.get(key("0"))["v"]["S"].get<std::string>()[0] == 'x');
  puts.resize(30);
  w.call("TransactWriteItems", {{"TransactItems", puts}});
  CHECK(w.get(key("0"))["v"]["S"].get<std::string>()[0] == 'y');
  w.call("TransactWriteItems", {{"TransactItems", deletes}});
  CHECK(w.get(key("0")).is_null());
}
