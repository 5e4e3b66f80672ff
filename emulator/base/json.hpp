// The JSON document everything passes around, and its text.
#pragma once
#include <nlohmann/json.hpp>

namespace emu {
using Json = nlohmann::json;

// Bytes that are not UTF-8 become U+FFFD, so that the text is always JSON; dump() alone would throw.
template <class Document>
std::string json_text(const Document& document) {
  return document.dump(-1, ' ', false, Document::error_handler_t::replace);
}
}  // namespace emu
