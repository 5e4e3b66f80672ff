#include "emulator/services/dynamodb/item_text.hpp"

#include <doctest/doctest.h>

#include "emulator/services/dynamodb/item_codec.hpp"

using namespace emu;
using namespace emu::dynamodb;

namespace {
const std::string kEverything =
    R"({"b":{"B":"AAE="},"bs":{"BS":["AA==","AQ=="]},"e":{"S":""},"l":{"L":[{"S":"x"},{"L":[]},{"N":"7"}]},)"
    R"("m":{"M":{"k":{"L":[{"NULL":true},{"BOOL":true},{"BOOL":false},{"M":{}}]},"é":{"S":"\"quoted\"\n"}}},)"
    R"("n":{"N":"-12.5"},"ns":{"NS":["1","2"]},"s":{"S":"é"},"ss":{"SS":["a","b"]}})";

Item item_of(std::string_view json) {
  Json j = Json::parse(json);
  return decode(wire::Tag<GivenItem>{}, j, "").item;
}
}  // namespace

TEST_CASE("an item's text is its JSON") {
  std::string text;
  write_json(text, item_of(kEverything));
  CHECK(text == kEverything);
}

TEST_CASE("a stored item becomes text without an Item between, and tells its billed size") {
  const Item item = item_of(kEverything);
  std::string text = "before ";
  const auto size = write_stored(text, encode_item(item));
  CHECK(text == "before " + kEverything);
  CHECK(size == billed_size(item));
  std::string empty;
  CHECK(write_stored(empty, encode_item(Item())) == 0);
  CHECK(empty == "{}");
}

TEST_CASE("a damaged row has no text, as it has no item") {
  const auto whole = encode_item(item_of(kEverything));
  std::string text;
  for (std::size_t length = 0; length < whole.size(); ++length)
    CHECK_FALSE(write_stored(text, std::string_view(whole).substr(0, length)));
  CHECK_FALSE(write_stored(text, whole + '\0'));
  for (std::size_t i = 0; i < whole.size(); ++i) {
    auto changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 0x55);
    CHECK(write_stored(text, changed).has_value() == decode_item(changed).has_value());
  }
}
