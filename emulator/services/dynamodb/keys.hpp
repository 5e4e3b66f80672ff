// Key attributes of items and lookups against a schema (B5), in AWS's texts; nothing is read or written. The
// checks throw, the faults they throw are to be had as values too: a transaction reports them its own way.
#pragma once
#include "emulator/services/dynamodb/schema.hpp"
#include "emulator/services/dynamodb/voice.hpp"

namespace emu::dynamodb {
// An item to be put: the table's keys and every index key it holds.
std::optional<AwsError> put_fault(const Schema& schema, const Item& item);
// The same where BatchWriteItem words a wrong type as a lookup does.
std::optional<AwsError> batch_put_fault(const Schema& schema, const Item& item);
// A key to look an item up by: exactly the key attributes, of their types.
std::optional<AwsError> lookup_fault(const Schema& schema, const Item& key);
// The item an update leads to. `assigned`: attributes set to a value of the request itself.
std::optional<AwsError> updated_fault(const Schema& schema, const Item& item,
                                      const std::vector<std::string_view>& assigned);
// An empty value where the table or an index has a key; of the faults above the one that no transaction takes
// for a matter of one action (F).
std::optional<AwsError> empty_fault(const Schema& schema, const Item& item);

inline void refuse(std::optional<AwsError> fault) {
  if (fault) throw std::move(*fault);
}
inline void check_put(const Schema& schema, const Item& item) { refuse(put_fault(schema, item)); }
inline void check_batch_put(const Schema& schema, const Item& item) { refuse(batch_put_fault(schema, item)); }
inline void check_lookup(const Schema& schema, const Item& key) { refuse(lookup_fault(schema, key)); }
// An item to be put, before its table is known (B6).
void check_item_size(const Item& item);

// Whether a stored item holds the table's key attributes in their types.
bool has_keys(const Schema& schema, const Item& item);
AwsError key_mismatch();
AwsError empty_key(const KeyPart& part, const Value& value);
AwsError empty_updated_key(const Value& value);
bool is_empty(const Value& value);
// False: a write would refuse these index keys, so a new index leaves the item out, as AWS's does.
bool indexable(const Index& index, const Item& item);
}  // namespace emu::dynamodb
