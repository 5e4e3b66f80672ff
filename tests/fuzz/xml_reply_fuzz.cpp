// Any texts as the members of a Query reply: an XML reader must find them again as they were, but for what is
// no UTF-8 and for NUL, which XML has no form for.
#include <pugixml.hpp>

#include <algorithm>
#include <cstdlib>

#include "emulator/wire/query_reply.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace emu;
  static constexpr wire::QueryName kNames[] = {{"Attribute", "Attributes", "Name", "Value"}};
  std::string given(reinterpret_cast<const char*>(data), size);
  std::ranges::replace(given, '\0', ' ');
  const auto text = Json::parse(json_text(Json(given))).get<std::string>();
  const auto half = text.substr(0, text.size() / 2);
  const auto key = Json::parse(json_text(Json(half))).get<std::string>();
  const Json output = {{"Body", given}, {"Attributes", {{key, given}}}};

  const auto reply = wire::write_query({{kNames, "Fuzz"}, "ns", "id"}, output);
  pugi::xml_document read;
  const auto options = pugi::parse_default | pugi::parse_ws_pcdata;
  if (!read.load_buffer(reply.body.data(), reply.body.size(), options)) std::abort();
  const auto result = read.child("FuzzResponse").child("FuzzResult");
  const auto entry = result.child("Attribute");
  if (text != result.child_value("Body") || key != entry.child_value("Name") ||
      text != entry.child_value("Value"))
    std::abort();
  return 0;
}
