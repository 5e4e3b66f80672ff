// A MOCK's request template as tools write it: an object that is often not JSON, with bare words for keys and
// values, or single quotes: {statusCode:200} (spec-gateway 13.2, 18.4). Pure.
#pragma once
#include <optional>
#include <string_view>

#include "emulator/base/json.hpp"

namespace emu::gateway {
std::optional<Json> lenient_object(std::string_view text);  // none: not even that
}  // namespace emu::gateway
