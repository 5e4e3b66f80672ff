// The world of the sixty cases (spec sheet, section J): tests named by the number and the sentence of a case.
// Table T of the sheet is Tab here, TS is Sorted. Requests are written as the JSON a client sends.
#pragma once
#include "tests/services/dynamodb/dynamodb_world.hpp"

namespace emu::test {
inline constexpr const char* kSimpleTable = R"({"TableName":"Tab","BillingMode":"PAY_PER_REQUEST",
  "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]})";

struct SixtyCases : DynamoWorld {
  Json answer(std::string_view operation, std::string_view input) {
    return call(operation, Json::parse(input));
  }
  // "Code: text", where nothing but the exact refusal will do.
  std::string refused(std::string_view operation, const char* input) {
    return refused(operation, Json::parse(input));
  }
  std::string refused(std::string_view operation, Json input) {
    const auto fault = fail(operation, std::move(input));
    return fault.code + ": " + fault.message;
  }
  void put(std::string_view item, std::string_view table = "Tab") {
    DynamoWorld::put(Json::parse(item), table);
  }
  Json item(std::string_view pk = "a") { return get({{"pk", S(pk)}}); }
};
// The beginning of a request-validation error of PutItem, UpdateItem and DeleteItem (A6).
#define ENV "ValidationException: 1 validation error detected: "
#define OMPV "One or more parameter values were invalid: "
}  // namespace emu::test
