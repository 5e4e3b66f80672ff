// Any bytes as a stored item and as an item of a request; what is taken must survive its own stored form, and
// what decoding refuses has no text.
#include <cstdlib>

#include "emulator/services/dynamodb/item_codec.hpp"
#include "emulator/services/dynamodb/item_text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace emu;
  using namespace emu::dynamodb;
  const auto check = [](const Item& item) {
    const auto back = decode_item(encode_item(item));
    if (!back || !(*back == item)) std::abort();
  };
  const std::string_view row{reinterpret_cast<const char*>(data), size};
  const auto item = decode_item(row);
  if (item) check(*item);
  std::string text;
  const auto billed = write_stored(text, row);
  if (billed.has_value() != item.has_value() || (item && *billed != billed_size(*item))) std::abort();
  Json j = Json::parse(data, data + size, nullptr, false);
  if (j.is_discarded()) return 0;
  try {
    const auto given = decode(wire::Tag<GivenItem>{}, j, "");
    if (!given.mistake) check(given.item);
    encode_json(given.item);
  } catch (const AwsError&) {
  }
  return 0;
}
