#include "emulator/services/dynamodb/ttl/expiry.hpp"

#include <charconv>

namespace emu::dynamodb {
namespace {
using storage::Key;
using storage::Space;

constexpr std::size_t kHead = 1 + 8;                         // of a row's key: the space and the storage id
constexpr std::size_t kItemHead = kHead + 2, kSecond = 8;    // an item's has a slot, an expiry's a second
constexpr auto kOldestExpiry = std::chrono::days(5 * 365);   // older timestamps are taken for mistakes
constexpr std::int64_t kLastSecond = std::int64_t{1} << 53;  // later than any clock of ours

const Number* expiry_of(const Schema& schema, const Item& item) {
  const auto& attribute = schema.record.TimeToLiveAttribute;
  const auto* value = attribute ? item.find(*attribute) : nullptr;
  return value ? value->as<Number>() : nullptr;
}

// Rounded down; none for what can never be due.
std::optional<std::uint64_t> second_of(const Number& expiry) {
  if (expiry < Number() || expiry > Number(kLastSecond)) return std::nullopt;
  const auto text = expiry.text();  // plain decimal
  std::uint64_t out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

Number seconds(Time t) {
  const auto number = Number::parse(std::to_string(t.time_since_epoch().count()) + "e-6");
  return std::get<Number>(number);
}

std::uint64_t whole_seconds(Time t) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(epoch_ms(t) / 1000, 0));
}

std::optional<Key> expiry_row(const Schema& schema, const Key& row, const Item* item) {
  const auto* expiry = item ? expiry_of(schema, *item) : nullptr;
  const auto second = expiry ? second_of(*expiry) : std::nullopt;
  if (!second) return std::nullopt;
  return Key(Space::expiries)
      .u64(schema.record.StorageId)
      .u64(*second)
      .raw(storage::BytesView(row.bytes()).substr(kItemHead));
}
}  // namespace

bool is_expired(const Schema& schema, const Item& item, Time now) {
  const auto* expiry = expiry_of(schema, item);
  return expiry && *expiry < seconds(now) && *expiry >= seconds(now - kOldestExpiry);
}

void stage_expiry(storage::Batch& batch, const Schema& schema, const Key& row, const Item* old,
                  const Item* now) {
  const auto from = expiry_row(schema, row, old), to = expiry_row(schema, row, now);
  if (from && to && from->bytes() == to->bytes()) return;
  if (from) batch.erase(*from);
  if (to) batch.put(*to, {});
}

storage::Range expiry_rows(const Schema& schema) {
  return storage::prefix(Key(Space::expiries).u64(schema.record.StorageId));
}

storage::Range due_rows(const Schema& schema, Time now) {
  const auto from = [&](std::uint64_t second) {
    return Key(Space::expiries).u64(schema.record.StorageId).u64(second).bytes();
  };
  return {from(whole_seconds(now - kOldestExpiry)), from(whole_seconds(now) + 1)};
}

storage::Bytes expiring_row(storage::BytesView expiry_row) {
  storage::Bytes out(1, static_cast<char>(Space::items));
  out.append(expiry_row.substr(1, kHead - 1)).append(2, '\0');  // the table itself is slot 0
  return out.append(expiry_row.substr(kHead + kSecond));
}
}  // namespace emu::dynamodb
