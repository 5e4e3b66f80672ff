#include "emulator/services/dynamodb/keys.hpp"

#include <algorithm>

namespace emu::dynamodb {
namespace {
constexpr std::size_t kMaxHashBytes = 2048, kMaxRangeBytes = 1024;

std::size_t key_bytes(const Value& v) { return billed_size(v); }

using Fault = std::optional<AwsError>;

Fault size_fault(const KeyShape& shape, const Item& item) {
  for (const auto& part : shape.hash)
    if (const auto* v = item.find(part.name); v && key_bytes(*v) > kMaxHashBytes)
      return invalid_parameters(
          "Size of hashkey has exceeded the maximum size limit of2048 bytes");  // AWS's own blank
  for (const auto& part : shape.range)
    if (const auto* v = item.find(part.name); v && key_bytes(*v) > kMaxRangeBytes)
      return invalid_parameters(
          "Aggregated size of all range keys has exceeded the size limit of 1024 bytes");
  return std::nullopt;
}

std::string_view kind_of_empty(const Value& v) { return v.type() == Type::S ? "string" : "binary"; }

Fault own_fault(const Schema& schema, const Item& item, bool lookup_words) {
  for (const auto* part : schema.key.parts()) {
    const auto* v = item.find(part->name);
    if (lookup_words && (!v || v->type() != part->type)) return key_mismatch();
    if (!v) return invalid_parameters(fmt::format("Missing the key {} in the item", part->name));
    if (v->type() != part->type) {
      return invalid_parameters(fmt::format("Type mismatch for key {} expected: {} actual: {}", part->name,
                                            type_letters(part->type), type_letters(v->type())));
    }
    if (is_empty(*v)) return empty_key(*part, *v);
  }
  return size_fault(schema.key, item);
}

AwsError index_mismatch(const Index& index, const KeyPart& part, const Value& v) {
  return invalid_parameters(
      fmt::format("Type mismatch for Index Key {} Expected: {} Actual: {} IndexName: {}", part.name,
                  type_letters(part.type), type_letters(v.type()), index.name));
}

AwsError empty_index_key(const Index& index, const KeyPart& part, const Value& v) {
  return AwsError::validation(
      fmt::format("One or more parameter values are not valid. A value specified for a secondary index "
                  "key is not supported. "
                  "The AttributeValue for a key attribute cannot contain an empty {} value. IndexName: "
                  "{}, IndexKey: {}",
                  kind_of_empty(v), index.name, part.name));
}

Fault index_fault(const Schema& schema, const Item& item) {
  for (const auto& index : schema.indexes) {
    for (const auto* part : index.key.parts()) {
      const auto* v = item.find(part->name);
      if (!v) continue;
      if (v->type() != part->type) return index_mismatch(index, *part, *v);
      if (is_empty(*v)) return empty_index_key(index, *part, *v);
    }
    if (auto fault = size_fault(index.key, item)) return fault;
  }
  return std::nullopt;
}
}  // namespace

bool is_empty(const Value& v) {
  if (const auto* s = v.as<std::string>()) return s->empty();
  const auto* b = v.as<Binary>();
  return b && b->bytes.empty();
}

bool has_keys(const Schema& schema, const Item& item) {
  return std::ranges::all_of(schema.key.parts(), [&](const KeyPart* part) {
    const auto* v = item.find(part->name);
    return v && v->type() == part->type;
  });
}

bool indexable(const Index& index, const Item& item) {
  return std::ranges::all_of(index.key.parts(), [&](const KeyPart* part) {
    const auto* v = item.find(part->name);
    return v && !is_empty(*v) && billed_size(*v) <= 1024;
  });
}

AwsError key_mismatch() { return AwsError::validation("The provided key element does not match the schema"); }

AwsError empty_key(const KeyPart& part, const Value& v) {
  return AwsError::validation(fmt::format(
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain "
      "an empty {} value. Key: {}",
      kind_of_empty(v), part.name));
}

void check_item_size(const Item& item) {
  if (billed_size(item) > kMaxItemBytes)
    throw AwsError::validation("Item size has exceeded the maximum allowed size");
}

std::optional<AwsError> put_fault(const Schema& schema, const Item& item) {
  auto fault = own_fault(schema, item, false);
  return fault ? std::move(fault) : index_fault(schema, item);
}

std::optional<AwsError> batch_put_fault(const Schema& schema, const Item& item) {
  auto fault = own_fault(schema, item, true);
  return fault ? std::move(fault) : index_fault(schema, item);
}

std::optional<AwsError> lookup_fault(const Schema& schema, const Item& key) {
  const auto parts = schema.key.parts();
  if (key.size() != parts.size()) return key_mismatch();
  for (const auto* part : parts) {
    const auto* v = key.find(part->name);
    if (!v || v->type() != part->type) return key_mismatch();
    if (is_empty(*v)) return empty_key(*part, *v);
  }
  return size_fault(schema.key, key);
}

AwsError empty_updated_key(const Value& v) {
  return AwsError::validation(fmt::format(
      "One or more parameter values are not valid. The update expression attempted to update a "
      "secondary index key to a value that is not supported. The AttributeValue for a key attribute "
      "cannot contain an empty {} value.",
      kind_of_empty(v)));
}

std::optional<AwsError> updated_fault(const Schema& schema, const Item& item,
                                      const std::vector<std::string_view>& assigned) {
  for (const auto& index : schema.indexes) {
    for (const auto* part : index.key.parts()) {
      const auto* v = item.find(part->name);
      if (!v) continue;
      if (v->type() != part->type) {
        if (std::ranges::find(assigned, part->name) != assigned.end())
          return index_mismatch(index, *part, *v);
        return AwsError::validation(
            "The update expression attempted to update the secondary index key to unsupported type");
      }
      if (is_empty(*v)) return empty_updated_key(*v);
    }
    if (auto fault = size_fault(index.key, item)) return fault;
  }
  return std::nullopt;
}

std::optional<AwsError> empty_fault(const Schema& schema, const Item& item) {
  for (const auto* part : schema.key.parts())
    if (const auto* v = item.find(part->name); v && v->type() == part->type && is_empty(*v))
      return empty_key(*part, *v);
  for (const auto& index : schema.indexes)
    for (const auto* part : index.key.parts())
      if (const auto* v = item.find(part->name); v && v->type() == part->type && is_empty(*v))
        return empty_index_key(index, *part, *v);
  return std::nullopt;
}
}  // namespace emu::dynamodb
