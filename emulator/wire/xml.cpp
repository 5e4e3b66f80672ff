#include "emulator/wire/xml.hpp"

#include <sstream>

namespace emu::wire {
namespace {
void add_value(pugi::xml_node parent, std::string_view name, const Json& value) {
  if (value.is_null()) return;
  if (value.is_string()) return add_text(parent, name, value.get_ref<const std::string&>());
  if (!value.is_structured()) return add_text(parent, name, value.dump());
  auto element = add_element(parent, name);
  if (value.is_object()) return add_members(element, value);
  for (const auto& member : value) add_value(element, "member", member);
}
}  // namespace

pugi::xml_node add_element(pugi::xml_node parent, std::string_view name) {
  return parent.append_child(std::string(name).c_str());
}

void add_text(pugi::xml_node parent, std::string_view name, std::string_view text) {
  // pugixml takes C strings; XML has no way to write NUL, so text ends there.
  add_element(parent, name).append_child(pugi::node_pcdata).set_value(std::string(text).c_str());
}

void add_members(pugi::xml_node parent, const Json& object) {
  for (const auto& [name, value] : object.items()) add_value(parent, name, value);
}

std::string xml_text(const pugi::xml_document& document) {
  std::ostringstream out;
  document.save(out, "", pugi::format_raw, pugi::encoding_utf8);
  return std::move(out).str();
}
}  // namespace emu::wire
