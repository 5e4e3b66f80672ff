// The Parameters section of a template: types, defaults and constraints (spec-iac 6). Pure; used by Template.
#pragma once
#include "emulator/deploy/templates/template.hpp"

namespace emu::deploy {
// The value of every parameter the template declares: text, or a list for list types.
std::map<std::string, Json> parameter_values(const Node& declared, const Parameters& given);
}  // namespace emu::deploy
