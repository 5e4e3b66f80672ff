#include "emulator/services/gateway/json_text.hpp"

#include <algorithm>

#include "emulator/base/error.hpp"

namespace emu::gateway {
void append_quoted(std::string& out, std::string_view text) {
  const bool plain = std::ranges::all_of(
      text, [](unsigned char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; });
  if (!plain) {
    out += Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
    return;
  }
  out += '"';
  out += text;
  out += '"';
}
}  // namespace emu::gateway
