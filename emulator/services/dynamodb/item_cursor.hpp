// Steps through the bytes of a stored item (docs/storage-format.md): the part that decoding into an Item
// (item_codec.cpp) and writing as JSON text (item_text.cpp) share.
#pragma once
#include "emulator/services/dynamodb/value.hpp"

namespace emu::dynamodb {
inline constexpr char kItemVersion = 1;
// Value tags are Type's numbers; a false BOOL has a tag of its own, so a BOOL is one byte.
inline constexpr unsigned char kTrueTag = static_cast<unsigned char>(Type::Bool), kFalseTag = kTrueTag + 1;
inline constexpr int kDepthRead = kMaxDepth + 2;

// `ok` turns false at the first byte that cannot be, and everything after it reads as empty.
struct ItemCursor {
  storage::BytesView rest;
  bool ok = true;

  void fail() {
    ok = false;
    rest = {};
  }
  unsigned char byte() {
    if (rest.empty()) return fail(), 0;
    const char c = rest.front();
    rest.remove_prefix(1);
    return static_cast<unsigned char>(c);
  }
  std::size_t count() {
    std::size_t n = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
      const std::size_t b = byte();
      n |= (b & 0x7f) << shift;
      if (b < 0x80) return n;
    }
    fail();
    return 0;
  }
  // How many members follow; each takes a byte at least, so a damaged count cannot make us allocate.
  std::size_t members() {
    const auto n = count();
    if (n > rest.size()) fail();
    return ok ? n : 0;
  }
  storage::BytesView text() {
    const auto n = count();
    if (n > rest.size()) fail();
    if (!ok) return {};
    const auto v = rest.substr(0, n);
    rest.remove_prefix(n);
    return v;
  }
  Number number() {
    Number n;
    if (!Number::restore(text(), n)) fail();
    return n;
  }
  // Whether the bytes held one item and nothing else.
  bool ended() const { return ok && rest.empty(); }
};
}  // namespace emu::dynamodb
