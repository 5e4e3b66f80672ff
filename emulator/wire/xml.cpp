#include "emulator/wire/xml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace emu::wire {
namespace {
void add_value(pugi::xml_node parent, std::string_view name, const Json& value, const QueryNames& names) {
  if (value.is_null()) return;
  if (value.is_string()) return add_text(parent, name, value.get_ref<const std::string&>());
  if (!value.is_structured()) return add_text(parent, name, value.dump());
  const auto* row = names.of_member(name);
  if (row && value.is_array()) {  // flattened
    for (const auto& element : value) add_value(parent, row->wire, element, names);
    return;
  }
  if (row && !row->key.empty()) {
    for (const auto& [key, element] : value.items()) {
      auto entry = add_element(parent, row->wire);
      add_text(entry, row->key, key);
      add_value(entry, row->value, element, names);
    }
    return;
  }
  auto element = add_element(parent, name);
  if (value.is_object()) return add_members(element, value, names);
  for (const auto& member : value) add_value(element, "member", member, names);
}

// pugixml's own escaping leaves a carriage return as it is, and every reader then makes it a line feed.
std::string escaped(std::string_view text) {
  std::string valid;
  if (std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
    text = valid = Json::parse(json_text(Json(text))).get<std::string>();
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '\0') {
      out += "\xEF\xBF\xBD";
    } else if (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n') {
      out += fmt::format("&#x{:x};", static_cast<int>(c));
    } else {
      out += c;
    }
  }
  return out;
}
}  // namespace

pugi::xml_node add_element(pugi::xml_node parent, std::string_view name) {
  return parent.append_child(std::string(name).c_str());
}

void add_text(pugi::xml_node parent, std::string_view name, std::string_view text) {
  add_element(parent, name).append_child(pugi::node_pcdata).set_value(escaped(text).c_str());
}

void add_members(pugi::xml_node parent, const Json& object, const QueryNames& names) {
  for (const auto& [name, value] : object.items()) add_value(parent, name, value, names);
}

std::string xml_text(const pugi::xml_document& document) {
  std::ostringstream out;
  document.save(out, "", pugi::format_raw | pugi::format_no_escapes, pugi::encoding_utf8);
  return std::move(out).str();
}
}  // namespace emu::wire
