#include "emulator/services/dynamodb/item_codec.hpp"

#include <doctest/doctest.h>

#include "emulator/base/digest.hpp"
#include "emulator/services/dynamodb/value_json.hpp"

using namespace emu;
using namespace emu::dynamodb;

namespace {
Item item_of(std::string_view json) {
  Json j = Json::parse(json);
  return decode(wire::Tag<GivenItem>{}, j, "").item;
}
const Item kEverything =
    item_of(R"({"s":{"S":"é"},"n":{"N":"-12.5"},"b":{"B":"AAE="},"ss":{"SS":["b","a"]},"ns":{"NS":["2","1"]},
  "bs":{"BS":["AA=="]},"m":{"M":{"k":{"L":[{"NULL":true},{"BOOL":true},{"BOOL":false},{"M":{}}]}}},"e":{"S":""}})");
}  // namespace

TEST_CASE("an item survives its stored form") {
  const auto back = decode_item(encode_item(kEverything));
  REQUIRE(back);
  CHECK(*back == kEverything);
  CHECK(decode_item(encode_item(Item())) == Item());
}

TEST_CASE("the stored form is what docs/storage-format.md says") {
  CHECK(hex(encode_item(item_of(R"({"a":{"S":"x"},"n":{"N":"100"},"t":{"BOOL":false}})"))) ==
        "01"
        "03"
        "0161"
        "00"
        "0178"
        "016e"
        "01"
        "02c202"
        "0174"
        "0a");
}

TEST_CASE("damaged rows are noticed, never trusted") {
  const auto whole = encode_item(kEverything);
  for (std::size_t length = 0; length < whole.size(); ++length)
    CHECK_FALSE(decode_item(std::string_view(whole).substr(0, length)));
  CHECK_FALSE(decode_item(whole + '\0'));
  CHECK_FALSE(decode_item(std::string("\x01\xff\xff\xff\xff\x0f", 6)));
  CHECK_FALSE(decode_item("\x02"));
}

TEST_CASE("items are billed as AWS bills them") {
  CHECK(billed_size(item_of(R"({"pk":{"S":"a"},"n":{"N":"-42"}})")) == 7);
  CHECK(billed_size(item_of(R"({"m":{"M":{"k":{"S":"ab"}}}})")) == 8);
  CHECK(billed_size(item_of(R"({"l":{"L":[{"BOOL":true},{"S":"ab"}]}})")) == 1 + 3 + 2 + 3);
}
