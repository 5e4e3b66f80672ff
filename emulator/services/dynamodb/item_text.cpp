#include "emulator/services/dynamodb/item_text.hpp"

#include "emulator/base/digest.hpp"
#include "emulator/services/dynamodb/item_cursor.hpp"
#include "emulator/wire/json_text.hpp"

namespace emu::dynamodb {
namespace {
void open(std::string& out, Type type) {
  out += "{\"";
  out += type_letters(type);
  out += "\":";
}

void write_plain(std::string& out, std::string_view text) {  // nothing to escape: numbers, base64
  out += '"';
  out += text;
  out += '"';
}

template <class Members, class F>
void write_list(std::string& out, const Members& members, F each) {
  out += '[';
  for (bool first = true; const auto& m : members) {
    if (!std::exchange(first, false)) out += ',';
    each(m);
  }
  out += ']';
}

struct ValueWriter {
  std::string& out;
  void operator()(const std::string& s) { wire::write_string(out, s); }
  void operator()(const Number& n) { write_plain(out, n.text()); }
  void operator()(const Binary& b) { write_plain(out, base64_encode(b.bytes)); }
  void operator()(Null) { out += "true"; }
  void operator()(bool b) { out += b ? "true" : "false"; }
  void operator()(const Item& m) { write_json(out, m); }
  void operator()(const List& l) {
    write_list(out, l.elements, [&](const Value& e) { write_json(out, e); });
  }
  template <class Set>
    requires requires(Set s) { s.members; }
  void operator()(const Set& s) {
    write_list(out, s.members, *this);
  }
};

// Stored bytes to text; every function gives the billed size of what it wrote.
struct Transcriber : ItemCursor {
  std::string& out;
  Transcriber(storage::BytesView bytes, std::string& o) : ItemCursor{bytes}, out(o) {}

  std::size_t map(int depth) {
    std::size_t size = 0;
    std::string_view before;
    out += '{';
    for (std::size_t n = members(), i = 0; i < n && ok; ++i) {
      const auto name = text();
      if (i > 0 && name <= before) fail();
      before = name;
      if (i > 0) out += ',';
      wire::write_string(out, name);
      out += ':';
      size += name.size() + value(depth + 1) + (depth > 0 ? 1 : 0);
    }
    out += '}';
    return size + (depth > 0 ? 3 : 0);
  }

  template <class F>
  std::size_t list(F each) {
    std::size_t size = 0;
    out += '[';
    for (std::size_t n = members(), i = 0; i < n && ok; ++i) {
      if (i > 0) out += ',';
      size += each();
    }
    out += ']';
    return size;
  }

  std::size_t string() {
    const auto s = text();
    wire::write_string(out, s);
    return s.size();
  }
  std::size_t digits() {
    const auto n = number();
    write_plain(out, n.text());
    return n.billed_size();
  }
  std::size_t binary() {
    const auto b = text();
    write_plain(out, base64_encode(b));
    return b.size();
  }
  std::size_t literal(std::string_view word) {
    out += word;
    return 1;
  }

  std::size_t value(int depth) {
    const auto tag = byte();
    if (depth > kDepthRead || tag > kFalseTag) fail();
    if (!ok) return 0;
    const auto type = static_cast<Type>(std::min(tag, kTrueTag));
    open(out, type);
    const auto size = content(type, tag, depth);
    out += '}';
    return size;
  }

  std::size_t content(Type type, unsigned char tag, int depth) {
    switch (type) {
      case Type::S:
        return string();
      case Type::N:
        return digits();
      case Type::B:
        return binary();
      case Type::SS:
        return list([&] { return string(); });
      case Type::NS:
        return list([&] { return digits(); });
      case Type::BS:
        return list([&] { return binary(); });
      case Type::M:
        return map(depth);
      case Type::L:
        return 3 + list([&] { return 1 + value(depth + 1); });
      case Type::Null:
        return literal("true");
      case Type::Bool:
        return literal(tag == kFalseTag ? "false" : "true");
    }
    return 0;
  }
};
}  // namespace

void write_json(std::string& out, const Value& value) {
  open(out, value.type());
  std::visit(ValueWriter{out}, value.held);
  out += '}';
}

void write_json(std::string& out, const Item& item) {
  out += '{';
  for (bool first = true; const auto& [name, value] : item) {
    if (!std::exchange(first, false)) out += ',';
    wire::write_string(out, name);
    out += ':';
    write_json(out, value);
  }
  out += '}';
}

std::optional<std::size_t> write_stored(std::string& out, storage::BytesView bytes) {
  Transcriber transcriber(bytes, out);
  if (transcriber.byte() != kItemVersion) return std::nullopt;
  const auto size = transcriber.map(0);
  if (!transcriber.ended()) return std::nullopt;
  return size;
}
}  // namespace emu::dynamodb
