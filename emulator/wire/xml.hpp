// Json documents as XML, the way AWS writes them: a member is an element, a list holds <member> elements.
// Used by the Query protocol (query.cpp).
#pragma once
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "emulator/base/error.hpp"

namespace emu::wire {
pugi::xml_node add_element(pugi::xml_node parent, std::string_view name);
void add_text(pugi::xml_node parent, std::string_view name, std::string_view text);
// Adds the members of an object below `parent`; null members are left out.
void add_members(pugi::xml_node parent, const Json& object);
std::string xml_text(const pugi::xml_document& document);  // one line, with an XML declaration
}  // namespace emu::wire
