// What an item is made of: AttributeValue as a variant, and Item, an attribute map kept sorted by name.
// Values without I/O; everything in this service speaks in them. Sets are kept sorted, so equality is
// memberwise.
#pragma once
#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "storage/number.hpp"

namespace emu::dynamodb {
using storage::Number;

struct Value;
struct Attribute;

class Item {
 public:
  Item();
  Item(const Item&);
  Item(Item&&) noexcept;
  Item& operator=(const Item&);
  Item& operator=(Item&&) noexcept;
  ~Item();

  const Value* find(std::string_view name) const;
  Value* find(std::string_view name);
  Value& set(std::string_view name, Value value);  // replaces what was there
  bool erase(std::string_view name);
  void append(std::string name, Value value);  // the caller gives names in ascending order
  Value& append(std::string_view name);        // the same, for the caller to fill
  void reserve(std::size_t n);
  bool empty() const;
  std::size_t size() const;
  const Attribute* begin() const;
  const Attribute* end() const;

 private:
  std::vector<Attribute> attributes_;
};

struct Binary {
  std::string bytes;
  friend auto operator<=>(const Binary&, const Binary&) = default;
};
struct StringSet {
  std::vector<std::string> members;
  friend bool operator==(const StringSet&, const StringSet&) = default;
};
struct NumberSet {
  std::vector<Number> members;
  friend bool operator==(const NumberSet&, const NumberSet&) = default;
};
struct BinarySet {
  std::vector<Binary> members;
  friend bool operator==(const BinarySet&, const BinarySet&) = default;
};
struct List {
  std::vector<Value> elements;
};
struct Null {
  friend bool operator==(Null, Null) = default;
};

// In the order of Value's alternatives, and on disk as the first byte of a value: append, never renumber.
enum class Type : unsigned char { S, N, B, SS, NS, BS, M, L, Null, Bool };

struct Value {
  using Held =
      std::variant<std::string, Number, Binary, StringSet, NumberSet, BinarySet, Item, List, Null, bool>;
  Held held;
  Type type() const { return static_cast<Type>(held.index()); }
  template <class T>
  const T* as() const {
    return std::get_if<T>(&held);
  }
  template <class T>
  T* as() {
    return std::get_if<T>(&held);
  }
};

struct Attribute {
  std::string name;
  Value value;
};

bool operator==(const Item& a, const Item& b);
bool operator==(const List& a, const List& b);
bool operator==(const Value& a, const Value& b);
bool operator==(const Attribute& a, const Attribute& b);

std::string_view type_letters(Type type);  // "S", "BOOL", …
std::optional<Type> type_of_letters(std::string_view letters);
// The order of two values; none unless both are S, N or B of the same type.
std::optional<std::strong_ordering> order(const Value& a, const Value& b);

// Bytes as AWS counts them (B6).
std::size_t billed_size(const Value& value);
std::size_t billed_size(const Item& item);
inline constexpr std::size_t kMaxItemBytes = 409'600;  // 400 KiB, service quotas
inline constexpr int kMaxDepth = 32;                   // nesting, counting the attribute's value as level 1
int depth(const Value& value);
}  // namespace emu::dynamodb
