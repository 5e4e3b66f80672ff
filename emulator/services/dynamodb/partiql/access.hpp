// What the WHERE clause of a statement says about keys: the ranges of rows a SELECT reads, and the one item
// that a write or a transactional read is about. A clause with an equality on the hash key in each of its
// alternatives is read by key, each alternative a branch; any other is a scan. The whole clause remains the
// filter, so branches only have to cover what can match. They throw.
#pragma once
#include "emulator/services/dynamodb/expression/bindings.hpp"
#include "emulator/services/dynamodb/key_condition.hpp"

namespace emu::dynamodb::partiql {
struct Branch {
  const Value* hash;
  storage::Range rows;
  bool one_item = false;                              // the whole key by equality
  bool negated = false;                               // it also says what the range key is not
  bool exact = true;                                  // every one of its rows matches
  std::vector<const expression::Condition*> filters;  // what it says of other attributes
};
struct Access {
  bool keyed = false;            // else: a scan
  std::vector<Branch> branches;  // may be none: asking for two hash keys at once
};
Access access(const Schema& schema, const Index* index, const expression::Condition& where,
              const expression::Bindings& bindings);

struct KeyOf {
  Item key;
  bool complete = false;           // every key attribute has one value
  std::string_view contradictory;  // the first that has two
  bool other_conditions = false;
};
// The key that equalities, joined by AND, give; `lists`: an IN of one value is one, too.
KeyOf key_of(const Schema& schema, const expression::Condition& where, const expression::Bindings& bindings,
             bool lists);
bool empty(const storage::Range& rows);
}  // namespace emu::dynamodb::partiql
