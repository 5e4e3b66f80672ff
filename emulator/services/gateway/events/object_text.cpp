#include "emulator/services/gateway/events/object_text.hpp"

#include <algorithm>
#include <array>

#include "emulator/base/json.hpp"

namespace emu::gateway {
namespace {
enum : unsigned char { kByBackslash = 1, kByLibrary = 2 };
constexpr auto kEscape = [] {
  std::array<unsigned char, 256> out{};
  for (std::size_t c = 0; c < out.size(); ++c) out[c] = c >= 0x20 && c < 0x7f ? 0 : kByLibrary;
  out['"'] = out['\\'] = kByBackslash;
  return out;
}();
}  // namespace

void append_quoted(std::string& out, std::string_view text) {
  unsigned char found = 0;
  for (const unsigned char c : text) found |= kEscape[c];
  if (found & kByLibrary) {
    out += json_text(Json(text));
    return;
  }
  if (!found) {
    const auto at = out.size();
    out.resize(at + text.size() + 2, '"');
    text.copy(out.data() + at + 1, text.size());
    return;
  }
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const auto special = std::min(text.find_first_of("\"\\", at), text.size());
    out += text.substr(at, special - at);
    if (special < text.size()) out.append({'\\', text[special]});
    at = special + 1;
  }
  out += '"';
}
}  // namespace emu::gateway
