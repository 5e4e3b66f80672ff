#include "emulator/wire/json_text.hpp"

#include <algorithm>

namespace emu::wire {
namespace {
// ASCII that stands for itself. Block by block without a way out of one, so that it compiles to vectors.
bool is_plain(std::string_view text) {
  constexpr std::size_t kBlock = 32;
  const auto special = [](char c) {
    const auto u = static_cast<unsigned char>(c);
    return u < 0x20 || u >= 0x7f || u == '"' || u == '\\';
  };
  while (!text.empty()) {
    const auto block = text.substr(0, kBlock);
    bool found = false;
    for (const char c : block) found |= special(c);
    if (found) return false;
    text.remove_prefix(block.size());
  }
  return true;
}

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](unsigned char c) { return c >= 0x20 && c < 0x7f; });
}
}  // namespace

void write_string(std::string& out, std::string_view text) {
  if (is_plain(text)) {
    const auto at = out.size();
    out.resize(at + text.size() + 2, '"');
    text.copy(out.data() + at + 1, text.size());
  } else if (is_printable(text)) {  // as JSON within JSON is
    out += '"';
    for (const char c : text) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    out += '"';
  } else {
    out += json_text(Json(text));
  }
}

void write_number(std::string& out, double value) { out += json_text(Json(value)); }
}  // namespace emu::wire
