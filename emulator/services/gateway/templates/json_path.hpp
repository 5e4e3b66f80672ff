// The JSONPath of mapping templates: $, .name, ['name'], [0], [*] (spec-gateway 19). Pure, bounded.
#pragma once
#include <optional>
#include <string_view>

#include "emulator/base/json.hpp"

namespace emu::gateway {
std::optional<Json> at_json_path(const Json& document, std::string_view path);  // none: nothing is there
}  // namespace emu::gateway
