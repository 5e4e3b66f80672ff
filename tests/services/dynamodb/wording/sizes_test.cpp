// B6: how large a value is, and what is too large.
#include "emulator/services/dynamodb/value_json.hpp"
#include "tests/services/dynamodb/text_world.hpp"

using namespace emu;
using namespace emu::test;

TEST_CASE("items are measured as AWS bills them") {
  const std::pair<const char*, std::size_t> kSizes[] = {
      {R"({"v":{"S":""}})", 1},
      {R"({"v":{"S":"äöü"}})", 7},
      {R"({"vvv":{"S":"ab"}})", 5},
      {R"({"v":{"B":"AAEC"}})", 4},
      {R"({"v":{"N":"0"}})", 2},
      {R"({"v":{"N":"7"}})", 3},
      {R"({"v":{"N":"42"}})", 3},
      {R"({"v":{"N":"-42"}})", 4},
      {R"({"v":{"N":"123"}})", 4},
      {R"({"v":{"N":"1000"}})", 3},
      {R"({"v":{"N":"3.14"}})", 4},
      {R"({"v":{"N":"0.0000001"}})", 3},
      {R"({"v":{"N":"1e125"}})", 3},
      {R"({"v":{"N":"-1"}})", 4},
      {R"({"v":{"BOOL":false}})", 2},
      {R"({"v":{"NULL":true}})", 2},
      {R"({"v":{"SS":["a","bcd"]}})", 5},
      {R"({"v":{"NS":["0","42"]}})", 4},
      {R"({"v":{"BS":["AAEC","AA=="]}})", 5},
      {R"({"v":{"L":[]}})", 4},
      {R"({"v":{"L":[{"S":"ab"},{"N":"7"}]}})", 10},
      {R"({"v":{"M":{}}})", 4},
      {R"({"m":{"M":{"k":{"S":"ab"}}}})", 8},
      {R"({"pk":{"S":"a"},"n":{"N":"-42"}})", 7},
  };
  for (const auto& [text, size] : kSizes) {
    CAPTURE(text);
    auto json = Json::parse(text);
    CHECK(billed_size(decode(wire::Tag<dynamodb::GivenItem>{}, json, "").item) == size);
  }
}

TEST_CASE("an item of more than 409600 bytes is refused by every kind of write") {
  TextWorld w;
  w.table();
  const Json most{{"pk", S("a")}, {"v", S(std::string(409'596, 'x'))}};
  const Json more{{"pk", S("a")}, {"v", S(std::string(409'597, 'x'))}};
  const auto put = [](Json item) {
    return Json{{"RequestItems", {{"Tab", {{{"PutRequest", {{"Item", item}}}}}}}}};
  };
  CHECK(w.refused("PutItem", Json{{"TableName", "Tab"}, {"Item", more}}) == VALIDATION
        "Item size has exceeded the maximum allowed size");
  CHECK(w.refused("BatchWriteItem", put(more)) == VALIDATION
        "Item size has exceeded the maximum allowed size");
  w.call("BatchWriteItem", put(most));
  CHECK(w.refused("UpdateItem", R"({"TableName":"Tab","Key":{"pk":{"S":"a"}},"UpdateExpression":"SET b = :t",
    "ExpressionAttributeValues":{":t":{"BOOL":true}}})") == VALIDATION
        "Item size to update has exceeded the maximum allowed size");
  CHECK(w.item() == most);
}
