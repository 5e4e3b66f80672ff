#include "emulator/services/dynamodb/keys.hpp"

#include <algorithm>

namespace emu::dynamodb {
namespace {
constexpr std::size_t kMaxHashBytes = 2048, kMaxRangeBytes = 1024;

std::size_t key_bytes(const Value& v) { return billed_size(v); }

void check_sizes(const KeyShape& shape, const Item& item) {
  for (const auto& part : shape.hash)
    if (const auto* v = item.find(part.name); v && key_bytes(*v) > kMaxHashBytes)
      throw invalid_parameters(
          "Size of hashkey has exceeded the maximum size limit of2048 bytes");  // AWS's own blank
  for (const auto& part : shape.range)
    if (const auto* v = item.find(part.name); v && key_bytes(*v) > kMaxRangeBytes)
      throw invalid_parameters("Aggregated size of all range keys has exceeded the size limit of 1024 bytes");
}

std::string_view kind_of_empty(const Value& v) { return v.type() == Type::S ? "string" : "binary"; }

void check_own(const Schema& schema, const Item& item, bool lookup_words) {
  for (const auto* part : schema.key.parts()) {
    const auto* v = item.find(part->name);
    if (lookup_words && (!v || v->type() != part->type)) throw key_mismatch();
    if (!v) throw invalid_parameters(fmt::format("Missing the key {} in the item", part->name));
    if (v->type() != part->type) {
      throw invalid_parameters(fmt::format("Type mismatch for key {} expected: {} actual: {}", part->name,
                                           type_letters(part->type), type_letters(v->type())));
    }
    if (is_empty(*v)) throw empty_key(*part, *v);
  }
  check_sizes(schema.key, item);
}

AwsError index_mismatch(const Index& index, const KeyPart& part, const Value& v) {
  return invalid_parameters(
      fmt::format("Type mismatch for Index Key {} Expected: {} Actual: {} IndexName: {}", part.name,
                  type_letters(part.type), type_letters(v.type()), index.name));
}

void check_indexes(const Schema& schema, const Item& item) {
  for (const auto& index : schema.indexes) {
    for (const auto* part : index.key.parts()) {
      const auto* v = item.find(part->name);
      if (!v) continue;
      if (v->type() != part->type) throw index_mismatch(index, *part, *v);
      if (is_empty(*v))
        throw AwsError::validation(
            fmt::format("One or more parameter values are not valid. A value specified for a secondary index "
                        "key is not supported. "
                        "The AttributeValue for a key attribute cannot contain an empty {} value. IndexName: "
                        "{}, IndexKey: {}",
                        kind_of_empty(*v), index.name, part->name));
    }
    check_sizes(index.key, item);
  }
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

void check_put(const Schema& schema, const Item& item) {
  check_own(schema, item, false);
  check_indexes(schema, item);
}

void check_batch_put(const Schema& schema, const Item& item) {
  check_own(schema, item, true);
  check_indexes(schema, item);
}

void check_lookup(const Schema& schema, const Item& key) {
  const auto parts = schema.key.parts();
  if (key.size() != parts.size()) throw key_mismatch();
  for (const auto* part : parts) {
    const auto* v = key.find(part->name);
    if (!v || v->type() != part->type) throw key_mismatch();
    if (is_empty(*v)) throw empty_key(*part, *v);
  }
  check_sizes(schema.key, key);
}

void check_updated(const Schema& schema, const Item& item, const std::vector<std::string_view>& assigned) {
  for (const auto& index : schema.indexes) {
    for (const auto* part : index.key.parts()) {
      const auto* v = item.find(part->name);
      if (!v) continue;
      if (v->type() != part->type) {
        if (std::ranges::find(assigned, part->name) != assigned.end()) throw index_mismatch(index, *part, *v);
        throw AwsError::validation(
            "The update expression attempted to update the secondary index key to unsupported type");
      }
      if (is_empty(*v))
        throw AwsError::validation(fmt::format(
            "One or more parameter values are not valid. The update expression attempted to update a "
            "secondary index key to a value that is not supported. The AttributeValue for a key attribute "
            "cannot contain an empty {} value.",
            kind_of_empty(*v)));
    }
    check_sizes(index.key, item);
  }
}
}  // namespace emu::dynamodb
