#include "emulator/services/dynamodb/streams/stream_record.hpp"

#include "emulator/services/dynamodb/item_codec.hpp"

namespace emu::dynamodb {
namespace {
// On disk: append, never renumber.
constexpr char kVersion = 1;
constexpr unsigned kEventBits = 3, kTimeToLive = 1 << 2, kKeys = 1 << 3, kOld = 1 << 4, kNew = 1 << 5;
constexpr std::size_t kLengthBytes = 4;  // an item is at most 400 KiB

Item keys_of(const std::vector<std::string>& names, const Item& item) {
  Item out;
  for (const auto& name : names)
    if (const auto* value = item.find(name)) out.set(name, *value);
  return out;
}

void add_item(storage::Bytes& out, const Item& item) {
  const auto bytes = encode_item(item);
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(bytes.size() >> shift));
  out += bytes;
}

std::optional<Item> take_item(storage::BytesView& rest) {
  if (rest.size() < kLengthBytes) return std::nullopt;
  std::size_t length = 0;
  for (const char c : rest.substr(0, kLengthBytes)) length = length << 8 | static_cast<unsigned char>(c);
  rest.remove_prefix(kLengthBytes);
  if (length > rest.size()) return std::nullopt;
  auto item = decode_item(rest.substr(0, length));
  rest.remove_prefix(length);
  return item;
}
}  // namespace

StreamView StreamView::of(std::string_view type) {
  const bool both = type == "NEW_AND_OLD_IMAGES";
  return {both || type == "OLD_IMAGE", both || type == "NEW_IMAGE"};
}

std::int64_t StreamRecord::size() const {
  std::size_t bytes = billed_size(keys);
  for (const auto* image : {&old_image, &new_image})
    if (*image) bytes += billed_size(**image);
  return static_cast<std::int64_t>(bytes);
}

std::optional<storage::Bytes> encode_change(const std::vector<std::string>& key_names, StreamView view,
                                            const Item* old, const Item* now, By by) {
  if (!old && !now) return std::nullopt;
  if (old && now && *old == *now) return std::nullopt;
  const auto* old_image = view.old_image ? old : nullptr;
  const auto* new_image = view.new_image ? now : nullptr;
  const auto event = !old ? EventName::insert : now ? EventName::modify : EventName::remove;
  auto flags = static_cast<unsigned>(event);
  if (by == By::time_to_live) flags |= kTimeToLive;
  if (!old_image && !new_image) flags |= kKeys;  // an image holds them already
  if (old_image) flags |= kOld;
  if (new_image) flags |= kNew;
  storage::Bytes out{kVersion, static_cast<char>(flags)};
  if (flags & kKeys) add_item(out, keys_of(key_names, now ? *now : *old));
  if (old_image) add_item(out, *old_image);
  if (new_image) add_item(out, *new_image);
  return out;
}

std::optional<StreamRecord> decode_record(const std::vector<std::string>& key_names,
                                          storage::BytesView bytes) {
  if (bytes.size() < 2 || bytes[0] != kVersion) return std::nullopt;
  const auto flags = static_cast<unsigned char>(bytes[1]);
  bytes.remove_prefix(2);
  StreamRecord out;
  if ((flags & kEventBits) > static_cast<unsigned>(EventName::remove)) return std::nullopt;
  if ((flags & (kKeys | kOld | kNew)) == 0) return std::nullopt;
  out.event = static_cast<EventName>(flags & kEventBits);
  if (flags & kTimeToLive) out.by = By::time_to_live;
  std::optional<Item> keys;
  for (auto [flag, part] : {std::pair{kKeys, &keys}, {kOld, &out.old_image}, {kNew, &out.new_image}}) {
    if ((flags & flag) == 0) continue;
    *part = take_item(bytes);
    if (!*part) return std::nullopt;
  }
  if (!bytes.empty()) return std::nullopt;
  out.keys = keys ? std::move(*keys) : keys_of(key_names, out.new_image ? *out.new_image : *out.old_image);
  return out;
}
}  // namespace emu::dynamodb
