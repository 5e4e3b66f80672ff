// Json documents as XML, the way AWS writes them: a member is an element, a list holds <member> elements
// unless the service's table of names says otherwise. Used by the Query protocol (query_reply.cpp). Whatever
// the texts hold, what is written can be read back: see add_text.
#pragma once
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "emulator/base/error.hpp"
#include "emulator/wire/query_names.hpp"

namespace emu::wire {
pugi::xml_node add_element(pugi::xml_node parent, std::string_view name);
// Control characters are written as references, which is how AWS sends those that XML 1.0 has no form for;
// NUL and bytes that are not UTF-8 become U+FFFD.
void add_text(pugi::xml_node parent, std::string_view name, std::string_view text);
// Adds the members of an object below `parent`; null members are left out.
void add_members(pugi::xml_node parent, const Json& object, const QueryNames& names);
std::string xml_text(const pugi::xml_document& document);  // one line, with an XML declaration
}  // namespace emu::wire
