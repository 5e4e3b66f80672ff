#include "emulator/services/dynamodb/table_keys.hpp"

#include <algorithm>
#include <cmath>

#include "emulator/base/digest.hpp"
#include "emulator/services/dynamodb/item_codec.hpp"
#include "emulator/services/dynamodb/ttl/expiry.hpp"

namespace emu::dynamodb {
namespace {
using storage::Bytes;
using storage::BytesView;
using storage::Key;
using storage::Space;

constexpr std::size_t kSlotAt = 1 + 8;
constexpr double kWriteUnit = 1024;  // bytes per write capacity unit

BytesView raw(const Value& v) {
  if (const auto* s = v.as<std::string>()) return *s;
  if (const auto* n = v.as<Number>()) return n->bytes();
  return v.as<Binary>()->bytes;
}

Key slot_key(const Schema& schema, unsigned slot) {
  const char number[] = {static_cast<char>(slot >> 8), static_cast<char>(slot)};
  return Key(Space::items).u64(schema.record.StorageId).raw({number, sizeof number});
}

// The values of these parts, or nothing if one is absent or of another type.
std::optional<std::vector<const Value*>> values(const std::vector<KeyPart>& parts, const Item& item) {
  std::vector<const Value*> out;
  out.reserve(parts.size());
  for (const auto& part : parts) {
    const auto* v = item.find(part.name);
    if (!v || v->type() != part.type) return std::nullopt;
    out.push_back(v);
  }
  return out;
}

void add_part(Key& key, const Value& v) {
  if (const auto* n = v.as<Number>())
    key.raw(n->bytes()).raw({"\0", 1});
  else
    key.text(raw(v));
}

double units(std::size_t bytes) { return std::max(1.0, std::ceil(static_cast<double>(bytes) / kWriteUnit)); }

// Adds an index's change; what it costs, or 0 when the entry stays as it was.
double stage_index(storage::Batch& batch, const Schema& schema, const Index& index, const Item* old,
                   const Item* now, const Bytes* encoded) {
  const auto from = old ? index_row(schema, index, *old) : std::nullopt;
  const auto to = now ? index_row(schema, index, *now) : std::nullopt;
  if (!from && !to) return 0;
  const Item was = from ? projected(index, *old) : Item();
  const Item is = to ? projected(index, *now) : Item();
  const auto put = [&] { batch.put(*to, index.projects_all && encoded ? *encoded : encode_item(is)); };
  if (from && to && from->bytes() == to->bytes()) {
    if (was == is) return 0;
    put();
    return units(std::max(billed_size(was), billed_size(is)));
  }
  double cost = 0;
  if (from) {
    batch.erase(*from);
    cost += units(billed_size(was));
  }
  if (to) {
    put();
    cost += units(billed_size(is));
  }
  return cost;
}
}  // namespace

std::string partition_place(std::span<const Value* const> keys) {
  std::string text = "Outliers";
  for (const auto* key : keys) text.append(raw(*key));
  return md5(text);
}

storage::Range table_rows(const Schema& schema) {
  return storage::prefix(Key(Space::items).u64(schema.record.StorageId));
}
storage::Range slot_rows(const Schema& schema, unsigned slot) {
  return storage::prefix(slot_key(schema, slot));
}

unsigned slot_of(BytesView row_key) {
  const auto byte = [&](std::size_t i) {
    return static_cast<unsigned>(static_cast<unsigned char>(row_key[i]));
  };
  return byte(kSlotAt) << 8 | byte(kSlotAt + 1);
}

Bytes part_bytes(const Value& v) {
  Key key(Space::items);
  add_part(key, v);
  return Bytes(key.bytes(), 1);
}
Bytes open_bytes(const Value& v) {
  auto out = part_bytes(v);
  out.resize(out.size() - 2);  // the 00 01 of a text part; only strings and binaries have beginnings
  return out;
}

Key partition_prefix(const Schema& schema, unsigned slot, std::span<const Value* const> hash) {
  Key key = slot_key(schema, slot);
  key.raw(partition_place(hash));
  for (const auto* v : hash) add_part(key, *v);
  return key;
}

Key item_row(const Schema& schema, const Item& item) {
  const Value* const hash[] = {item.find(schema.key.hash[0].name)};
  Key key = partition_prefix(schema, 0, hash);
  for (const auto& part : schema.key.range) add_part(key, *item.find(part.name));
  return key;
}

std::optional<Key> index_row(const Schema& schema, const Index& index, const Item& item) {
  const auto hash = values(index.key.hash, item), range = values(index.key.range, item);
  if (!hash || !range) return std::nullopt;
  Key key = partition_prefix(schema, index.slot, *hash);
  for (const auto* v : *range) add_part(key, *v);
  std::vector<const Value*> own;
  for (const auto* part : schema.key.parts()) own.push_back(item.find(part->name));
  key.raw(partition_place(own));
  for (const auto* v : own) add_part(key, *v);
  return key;
}

storage::Range segment_rows(const Schema& schema, unsigned slot, int segment, int total) {
  constexpr std::int64_t kBuckets = 4096;
  const auto first = [&](std::int64_t i) { return (kBuckets * i + total - 1) / total; };
  const auto row = [&](std::int64_t bucket) {
    const char place[] = {static_cast<char>(bucket >> 4), static_cast<char>(bucket << 4)};
    return slot_key(schema, slot).raw({place, sizeof place}).bytes();
  };
  const auto from = first(segment), to = first(segment + 1);
  return {row(from), to >= kBuckets ? slot_rows(schema, slot).to : row(to)};
}

Item key_of(const KeyShape& shape, const Item& item) {
  Item out;
  for (const auto* part : shape.parts())
    if (const auto* v = item.find(part->name)) out.set(part->name, *v);
  return out;
}

Item projected(const Index& index, const Item& item) {
  if (index.projects_all) return item;
  Item out;
  for (const auto& name : index.projected)
    if (const auto* v = item.find(name)) out.append(name, *v);
  return out;
}

Cost stage(storage::Batch& batch, const Schema& schema, const Key& row, const Item* old, const Item* now) {
  Cost cost{units(std::max(old ? billed_size(*old) : 0, now ? billed_size(*now) : 0)), {}};
  if (old == now) return cost;  // nothing there, or kept as it is
  Bytes encoded;                // for the indexes, too
  if (!now) {
    batch.erase(row);
  } else if (schema.indexes.empty()) {
    batch.put(row, encode_item(*now));
  } else {
    batch.put(row, encoded = encode_item(*now));
  }
  if (schema.record.TimeToLiveAttribute) stage_expiry(batch, schema, row, old, now);
  for (const auto& index : schema.indexes)
    if (const auto units_used = stage_index(batch, schema, index, old, now, now ? &encoded : nullptr);
        units_used > 0)
      cost.indexes.emplace_back(&index, units_used);
  return cost;
}

void stage_entry(storage::Batch& batch, const Schema& schema, const Index& index, const Item& item) {
  stage_index(batch, schema, index, nullptr, &item, nullptr);
}
}  // namespace emu::dynamodb
