// JSON that came from outside: a document nested deeper than kDeepestJson is none, because whatever copies,
// compares or writes a document recurses once per level. Used wherever bytes of a client, a function, a
// backend or a project become a Json.
#pragma once
#include <string_view>

#include "emulator/base/json.hpp"

namespace emu {
inline constexpr std::size_t kDeepestJson = 512;
// Whether brackets outside of strings nest deeper than that. Linear; any bytes.
bool nests_deeper(std::string_view text, std::size_t most);

// Discarded (is_discarded()): no JSON, or nested too deeply.
template <class Document = Json>
Document bounded_parse(std::string_view text) {
  if (nests_deeper(text, kDeepestJson)) return Document(Document::value_t::discarded);
  return Document::parse(text, nullptr, false);
}
}  // namespace emu
