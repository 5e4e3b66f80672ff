// Any bytes as a document: what simdjson's tape says of them, and of an item in them, is what nlohmann's tree
// does.
#include <cstdlib>

#include "emulator/services/dynamodb/value_json.hpp"

namespace {
using namespace emu;

std::string item_in(wire::View view) {
  try {
    const auto given = decode(wire::Tag<dynamodb::GivenItem>{}, view, "");
    return json_text(dynamodb::encode_json(given.item)) + (given.mistake ? given.mistake->current : "");
  } catch (const AwsError& e) {
    return e.message;
  }
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto json = Json::parse(text, nullptr, false);
  wire::Document from_text, from_json;
  const auto view = from_text.read(text);
  if (json.is_discarded()) {
    if (view) std::abort();
    return 0;
  }
  if (!view) return 0;  // too deep
  if (to_json(*view) != json || item_in(*view) != item_in(from_json.lay_out(json))) std::abort();
  return 0;
}
