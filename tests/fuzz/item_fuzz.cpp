// Any bytes as a stored item and as an item of a request; what is taken must survive its own stored form.
#include <cstdlib>

#include "emulator/services/dynamodb/item_codec.hpp"
#include "emulator/services/dynamodb/value_json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace emu;
  using namespace emu::dynamodb;
  const auto check = [](const Item& item) {
    const auto back = decode_item(encode_item(item));
    if (!back || !(*back == item)) std::abort();
  };
  if (const auto item = decode_item({reinterpret_cast<const char*>(data), size})) check(*item);
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
