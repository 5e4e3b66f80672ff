// Key attributes of items and lookups against a schema (B5). They throw AWS's texts; nothing is read or
// written.
#pragma once
#include "emulator/services/dynamodb/schema.hpp"
#include "emulator/services/dynamodb/voice.hpp"

namespace emu::dynamodb {
// An item to be put: the table's keys and every index key it holds.
void check_put(const Schema& schema, const Item& item);
// The same where BatchWriteItem words a wrong type as a lookup does.
void check_batch_put(const Schema& schema, const Item& item);
// A key to look an item up by: exactly the key attributes, of their types.
void check_lookup(const Schema& schema, const Item& key);
// The item an update leads to. `assigned`: attributes set to a value of the request itself.
void check_updated(const Schema& schema, const Item& item, const std::vector<std::string_view>& assigned);
// Whether a stored item holds the table's key attributes in their types.
bool has_keys(const Schema& schema, const Item& item);
AwsError key_mismatch();
AwsError empty_key(const KeyPart& part, const Value& value);
bool is_empty(const Value& value);
// False: a write would refuse these index keys, so a new index leaves the item out, as AWS's does.
bool indexable(const Index& index, const Item& item);
}  // namespace emu::dynamodb
