// Key conditions of Query (D10): a condition tree narrowed to what keys allow, then fitted to a key schema
// and turned into the range of rows to read.
#pragma once
#include "emulator/services/dynamodb/request_expressions.hpp"
#include "emulator/services/dynamodb/table_keys.hpp"

namespace emu::dynamodb {
enum class KeyOperator { eq, lt, le, gt, ge, between, begins_with };
struct KeyTest {
  std::string_view name;
  KeyOperator op;
  const Value* value;
  const Value* high = nullptr;  // BETWEEN
  bool holds(const Value& v) const;
};
// The test that a comparator other than <> is; mirrored: the key is on its right.
KeyOperator key_operator(expression::Comparator comparator, bool mirrored);
// One test per key attribute, in order of writing. Throws what can be told without the table.
std::vector<KeyTest> key_tests(const BoundCondition& condition, const ExpressionVoice& voice);

struct KeyQuery {
  std::vector<const Value*> hash;  // in schema order
  std::vector<KeyTest> range;      // a gap-free prefix of the range keys; all but the last are equalities
};
// Throws when the tests are not what the key needs.
KeyQuery fit(const KeyShape& shape, const std::vector<KeyTest>& tests);
storage::Range rows(const Schema& schema, unsigned slot, const KeyQuery& query);
}  // namespace emu::dynamodb
