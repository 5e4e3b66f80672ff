#include "emulator/services/dynamodb/value.hpp"

#include <algorithm>
#include <array>

namespace emu::dynamodb {
namespace {
constexpr std::array<std::string_view, 10> kLetters{"S",  "N", "B", "SS",   "NS",
                                                    "BS", "M", "L", "NULL", "BOOL"};

auto place(auto& attributes, std::string_view name) {
  return std::lower_bound(attributes.begin(), attributes.end(), name,
                          [](const Attribute& a, std::string_view n) { return a.name < n; });
}

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
}  // namespace

Item::Item() = default;
Item::Item(const Item&) = default;
Item::Item(Item&&) noexcept = default;
Item& Item::operator=(const Item&) = default;
Item& Item::operator=(Item&&) noexcept = default;
Item::~Item() = default;

const Value* Item::find(std::string_view name) const {
  const auto it = place(attributes_, name);
  return it != attributes_.end() && it->name == name ? &it->value : nullptr;
}
Value* Item::find(std::string_view name) {
  const auto it = place(attributes_, name);
  return it != attributes_.end() && it->name == name ? &it->value : nullptr;
}
Value& Item::set(std::string_view name, Value value) {
  auto it = place(attributes_, name);
  if (it != attributes_.end() && it->name == name) {
    it->value = std::move(value);
    return it->value;
  }
  return attributes_.insert(it, Attribute{std::string(name), std::move(value)})->value;
}
bool Item::erase(std::string_view name) {
  const auto it = place(attributes_, name);
  if (it == attributes_.end() || it->name != name) return false;
  attributes_.erase(it);
  return true;
}
void Item::append(std::string name, Value value) {
  attributes_.push_back(Attribute{std::move(name), std::move(value)});
}
Value& Item::append(std::string_view name) {
  return attributes_.emplace_back(Attribute{std::string(name), {}}).value;
}
void Item::reserve(std::size_t n) { attributes_.reserve(n); }
bool Item::empty() const { return attributes_.empty(); }
std::size_t Item::size() const { return attributes_.size(); }
const Attribute* Item::begin() const { return attributes_.data(); }
const Attribute* Item::end() const { return attributes_.data() + attributes_.size(); }

bool operator==(const Item& a, const Item& b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }
bool operator==(const List& a, const List& b) { return a.elements == b.elements; }
bool operator==(const Value& a, const Value& b) { return a.held == b.held; }
bool operator==(const Attribute& a, const Attribute& b) { return a.name == b.name && a.value == b.value; }

std::string_view type_letters(Type type) { return kLetters[static_cast<std::size_t>(type)]; }
std::optional<Type> type_of_letters(std::string_view letters) {
  const auto it = std::ranges::find(kLetters, letters);
  if (it == kLetters.end()) return std::nullopt;
  return static_cast<Type>(it - kLetters.begin());
}

std::optional<std::strong_ordering> order(const Value& a, const Value& b) {
  if (a.type() != b.type()) return std::nullopt;
  if (const auto* s = a.as<std::string>()) return *s <=> *b.as<std::string>();
  if (const auto* n = a.as<Number>()) return *n <=> *b.as<Number>();
  if (const auto* bytes = a.as<Binary>()) return *bytes <=> *b.as<Binary>();
  return std::nullopt;
}

std::size_t billed_size(const Value& value) {
  const auto sum = [](const auto& members, auto size) {
    std::size_t total = 0;
    for (const auto& m : members) total += size(m);
    return total;
  };
  return std::visit(
      Overloaded{
          [](const std::string& s) { return s.size(); }, [](const Number& n) { return n.billed_size(); },
          [](const Binary& b) { return b.bytes.size(); },
          [&](const StringSet& s) { return sum(s.members, [](auto& m) { return m.size(); }); },
          [&](const NumberSet& s) { return sum(s.members, [](auto& m) { return m.billed_size(); }); },
          [&](const BinarySet& s) { return sum(s.members, [](auto& m) { return m.bytes.size(); }); },
          [](const Item& m) { return 3 + m.size() + billed_size(m); },
          [&](const List& l) { return 3 + sum(l.elements, [](auto& e) { return 1 + billed_size(e); }); },
          [](Null) { return std::size_t{1}; }, [](bool) { return std::size_t{1}; }},
      value.held);
}

std::size_t billed_size(const Item& item) {
  std::size_t total = 0;
  for (const auto& [name, value] : item) total += name.size() + billed_size(value);
  return total;
}

int depth(const Value& value) {
  int below = 0;
  if (const auto* list = value.as<List>())
    for (const auto& e : list->elements) below = std::max(below, depth(e));
  if (const auto* map = value.as<Item>())
    for (const auto& a : *map) below = std::max(below, depth(a.value));
  return below + 1;
}
}  // namespace emu::dynamodb
