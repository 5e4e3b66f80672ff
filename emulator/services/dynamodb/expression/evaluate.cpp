#include "emulator/services/dynamodb/expression/evaluate.hpp"

#include <algorithm>
#include <memory>

namespace emu::dynamodb::expression {
namespace {
// What size() gives: UTF-16 units of a string, bytes of a binary, members of the others.
std::optional<std::size_t> extent(const Value& v) {
  switch (v.type()) {
    case Type::S: {
      std::size_t units = 0;
      for (const unsigned char c : *v.as<std::string>()) units += (c & 0xC0) == 0x80 ? 0 : c >= 0xF0 ? 2 : 1;
      return units;
    }
    case Type::B:
      return v.as<Binary>()->bytes.size();
    case Type::SS:
      return v.as<StringSet>()->members.size();
    case Type::NS:
      return v.as<NumberSet>()->members.size();
    case Type::BS:
      return v.as<BinarySet>()->members.size();
    case Type::M:
      return v.as<Item>()->size();
    case Type::L:
      return v.as<List>()->elements.size();
    case Type::N:
    case Type::Null:
    case Type::Bool:
      break;
  }
  return std::nullopt;
}

struct Evaluator {
  const Bindings& bindings;
  const Item& item;

  // Null when missing. A computed size is kept in scratch.
  const Value* value(const Operand& o, Value& scratch) const {
    if (const auto* p = std::get_if<Path>(&o)) return find(item, *p, bindings);
    if (const auto* v = std::get_if<ValueRef>(&o)) return &bindings.value(*v);
    Value inner{Null{}};
    const auto* measured = value(std::get<std::unique_ptr<Call>>(o)->arguments[0], inner);
    const auto size = measured ? extent(*measured) : std::nullopt;
    if (!size) return nullptr;
    scratch.held = Number(static_cast<std::int64_t>(*size));
    return &scratch;
  }

  bool test(const Compare& c) const {
    Value s1{Null{}}, s2{Null{}};
    const auto *a = value(c.left, s1), *b = value(c.right, s2);
    if (!a || !b) return c.comparator == Comparator::ne;
    switch (c.comparator) {
      case Comparator::eq:
        return *a == *b;
      case Comparator::ne:
        return !(*a == *b);
      case Comparator::lt:
        return order(*a, *b) == std::strong_ordering::less;
      case Comparator::gt:
        return order(*a, *b) == std::strong_ordering::greater;
      case Comparator::le:
        return at_most(*a, *b);
      case Comparator::ge:
        return at_most(*b, *a);
    }
    return false;
  }
  static bool at_most(const Value& a, const Value& b) {
    const auto o = order(a, b);
    return o && *o != std::strong_ordering::greater;
  }
  bool test(const Between& b) const {
    Value s1{Null{}}, s2{Null{}}, s3{Null{}};
    const auto *v = value(b.value, s1), *low = value(b.low, s2), *high = value(b.high, s3);
    return v && low && high && at_most(*low, *v) && at_most(*v, *high);
  }
  bool test(const In& in) const {
    Value s1{Null{}}, s2{Null{}};
    const auto* v = value(in.value, s1);
    return v && std::ranges::any_of(in.among, [&](const Operand& o) {
             const auto* other = value(o, s2);
             return other && *v == *other;
           });
  }
  bool test(const Call& c) const {
    Value s1{Null{}}, s2{Null{}};
    const auto* first = value(c.arguments[0], s1);
    if (c.function == Function::attribute_exists) return first != nullptr;
    if (c.function == Function::attribute_not_exists) return first == nullptr;
    const auto* second = value(c.arguments[1], s2);
    if (!first || !second) return false;
    if (c.function == Function::attribute_type)
      return type_letters(first->type()) == *second->as<std::string>();
    if (c.function == Function::begins_with) return begins_with(*first, *second);
    return contains(*first, *second);
  }
  bool test(const And& a) const {
    return std::ranges::all_of(a.all, [&](const Condition& c) { return condition(c); });
  }
  bool test(const Or& o) const {
    return std::ranges::any_of(o.any, [&](const Condition& c) { return condition(c); });
  }
  bool test(const Not& n) const { return !condition(*n.inner); }
  bool condition(const Condition& c) const {
    return std::visit([&](const auto& node) { return test(node); }, c.node);
  }
};

// The wanted parts of one place: either all of it, or members, or elements.
struct Wanted {
  bool whole = false;
  std::map<std::string_view, Wanted> members;
  std::map<std::uint32_t, Wanted> elements;
};

Item pick(const Wanted& wanted, const Item& from);

std::optional<Value> pick(const Wanted& wanted, const Value& from) {
  if (wanted.whole) return from;
  if (const auto* map = from.as<Item>(); map && !wanted.members.empty()) {
    auto inner = pick(wanted, *map);
    if (!inner.empty()) return Value{std::move(inner)};
  }
  if (const auto* list = from.as<List>(); list && !wanted.elements.empty()) {
    List inner;
    for (const auto& [index, below] : wanted.elements)
      if (index < list->elements.size())
        if (auto v = pick(below, list->elements[index])) inner.elements.push_back(std::move(*v));
    if (!inner.elements.empty()) return Value{std::move(inner)};
  }
  return std::nullopt;
}

Item pick(const Wanted& wanted, const Item& from) {
  Item out;
  for (const auto& [name, below] : wanted.members)
    if (const auto* v = from.find(name))
      if (auto picked = pick(below, *v)) out.append(std::string(name), std::move(*picked));
  return out;
}
}  // namespace

bool holds(const Condition& condition, const Bindings& bindings, const Item& item) {
  return Evaluator{bindings, item}.condition(condition);
}

Item project(const std::vector<const Path*>& paths, const Bindings& bindings, const Item& item) {
  Wanted root;
  for (const auto* path : paths) {
    Wanted* at = &root;
    for (const auto& step : path->steps) {
      const auto* index = std::get_if<ListIndex>(&step);
      at = index ? &at->elements[index->at] : &at->members[bindings.name(step)];
    }
    at->whole = true;
  }
  return pick(root, item);
}

bool contains(const Value& holder, const Value& wanted) {
  if (const auto* list = holder.as<List>())
    return std::ranges::find(list->elements, wanted) != list->elements.end();
  if (const auto* text = wanted.as<std::string>()) {
    if (const auto* s = holder.as<std::string>()) return s->find(*text) != s->npos;
    const auto* set = holder.as<StringSet>();
    return set && std::ranges::binary_search(set->members, *text);
  }
  if (const auto* number = wanted.as<Number>()) {
    const auto* set = holder.as<NumberSet>();
    return set && std::ranges::binary_search(set->members, *number);
  }
  const auto* bytes = wanted.as<Binary>();
  if (!bytes) return false;
  if (const auto* b = holder.as<Binary>()) return b->bytes.find(bytes->bytes) != std::string::npos;
  const auto* set = holder.as<BinarySet>();
  return set && std::ranges::binary_search(set->members, *bytes);
}

bool begins_with(const Value& whole, const Value& start) {
  if (const auto* s = start.as<std::string>()) {
    const auto* w = whole.as<std::string>();
    return w && w->starts_with(*s);
  }
  const auto *b = start.as<Binary>(), *w = whole.as<Binary>();
  return b && w && w->bytes.starts_with(b->bytes);
}
}  // namespace emu::dynamodb::expression
