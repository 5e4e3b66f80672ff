#include "emulator/services/dynamodb/item_codec.hpp"

#include "emulator/services/dynamodb/item_cursor.hpp"

namespace emu::dynamodb {
namespace {
using storage::Bytes;
using storage::BytesView;

struct Writer {
  Bytes out;
  void count(std::size_t n) {  // LEB128
    for (; n >= 0x80; n >>= 7) out.push_back(static_cast<char>(n | 0x80));
    out.push_back(static_cast<char>(n));
  }
  void text(BytesView v) {
    count(v.size());
    out.append(v);
  }
  void item(const Item& v) {
    count(v.size());
    for (const auto& [name, held] : v) {
      text(name);
      value(held);
    }
  }
  void value(const Value& v) {
    out.push_back(static_cast<char>(v.type()));
    std::visit([&](const auto& held) { put(held); }, v.held);
  }
  void put(const std::string& v) { text(v); }
  void put(const Number& v) { text(v.bytes()); }
  void put(const Binary& v) { text(v.bytes); }
  void put(const Item& v) { item(v); }
  void put(Null) {}
  void put(bool v) { out.back() = static_cast<char>(v ? kTrueTag : kFalseTag); }
  void put(const List& v) {
    count(v.elements.size());
    for (const auto& e : v.elements) value(e);
  }
  template <class Set>
    requires requires(Set s) { s.members; }
  void put(const Set& v) {
    count(v.members.size());
    for (const auto& m : v.members) put(m);
  }
};

struct Reader : ItemCursor {
  Item item(int depth) {
    Item out;
    const auto n = members();
    out.reserve(n);
    for (std::size_t i = 0; i < n && ok; ++i) {
      const auto name = text();
      if (i > 0 && !((out.end() - 1)->name < name)) fail();
      out.append(std::string(name), value(depth + 1));
    }
    return out;
  }
  template <class Member, class F>
  std::vector<Member> list(F each) {
    std::vector<Member> out;
    const auto n = members();
    out.reserve(n);
    for (std::size_t i = 0; i < n && ok; ++i) out.push_back(each());
    return out;
  }
  Value value(int depth) {
    const auto tag = byte();
    if (depth > kDepthRead) fail();
    if (!ok) return {Null{}};
    if (tag == kFalseTag) return {false};
    switch (static_cast<Type>(tag)) {
      case Type::S:
        return {std::string(text())};
      case Type::N:
        return {number()};
      case Type::B:
        return {Binary{std::string(text())}};
      case Type::SS:
        return {StringSet{list<std::string>([&] { return std::string(text()); })}};
      case Type::NS:
        return {NumberSet{list<Number>([&] { return number(); })}};
      case Type::BS:
        return {BinarySet{list<Binary>([&] { return Binary{std::string(text())}; })}};
      case Type::M:
        return {item(depth)};
      case Type::L:
        return {List{list<Value>([&] { return value(depth + 1); })}};
      case Type::Null:
        return {Null{}};
      case Type::Bool:
        return {true};
    }
    fail();
    return {Null{}};
  }
};
}  // namespace

Bytes encode_item(const Item& item) {
  Writer writer;
  writer.out.reserve(16 + 16 * item.size());
  writer.out.push_back(kItemVersion);
  writer.item(item);
  return std::move(writer.out);
}

std::optional<Item> decode_item(BytesView bytes) {
  Reader reader{{bytes}};
  if (reader.byte() != kItemVersion) return std::nullopt;
  auto item = reader.item(0);
  if (!reader.ended()) return std::nullopt;
  return item;
}
}  // namespace emu::dynamodb
