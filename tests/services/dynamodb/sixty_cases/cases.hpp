// The world of the sixty cases (spec sheet, section J): tests named by the number and the sentence of a case.
// Table T of the sheet is Tab here, TS is Sorted.
#pragma once
#include "tests/services/dynamodb/text_world.hpp"

namespace emu::test {
using SixtyCases = TextWorld;
inline constexpr const char* kSimpleTable = R"({"TableName":"Tab","BillingMode":"PAY_PER_REQUEST",
  "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]})";
}  // namespace emu::test
