#include "emulator/services/gateway/events/object_text.hpp"

#include <algorithm>

#include "emulator/base/json.hpp"

namespace emu::gateway {
void append_quoted(std::string& out, std::string_view text) {
  const bool plain = std::ranges::all_of(
      text, [](unsigned char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; });
  if (!plain) {
    out += json_text(Json(text));
    return;
  }
  out += '"';
  out += text;
  out += '"';
}
}  // namespace emu::gateway
