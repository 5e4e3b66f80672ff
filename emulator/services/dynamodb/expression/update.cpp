#include "emulator/services/dynamodb/expression/update.hpp"

#include <algorithm>

namespace emu::dynamodb::expression {
namespace {
AwsError wrong_type() {
  return AwsError::validation("An operand in the update expression has an incorrect data type");
}
AwsError no_operand() {
  return AwsError::validation(
      "The provided expression refers to an attribute that does not exist in the item");
}
AwsError no_place() {
  return AwsError::validation("The document path provided in the update expression is invalid for update");
}

// Sets stay sorted and without repeats.
template <class Member>
void unite(std::vector<Member>& into, const std::vector<Member>& more) {
  std::vector<Member> out;
  std::ranges::set_union(into, more, std::back_inserter(out));
  into = std::move(out);
}
template <class Member>
void subtract(std::vector<Member>& from, const std::vector<Member>& less) {
  std::vector<Member> out;
  std::ranges::set_difference(from, less, std::back_inserter(out));
  from = std::move(out);
}

class Application {
 public:
  Application(const Bindings& bindings, const Item& old, bool existed)
      : bindings_(bindings), old_(old), existed_(existed), item_(old) {}

  Result<Item> run(const Update& update) {
    // Values first: all of them read the old item.
    std::vector<std::pair<const Path*, Value>> sets;
    for (const auto& action : update.sets) {
      auto value = right_side(action);
      if (!value) return value.error();
      sets.emplace_back(&action.target, std::move(*value));
    }
    // Elements beyond the end of a list are appended in the order of their indices.
    std::ranges::sort(sets, [&](auto& a, auto& b) { return before(*a.first, *b.first); });
    for (auto& [path, value] : sets)
      if (auto done = set(*path, std::move(value)); !done) return done.error();
    for (const auto& action : update.adds)
      if (auto done = add(action); !done) return done.error();
    for (const auto& action : update.deletes)
      if (auto done = remove_members(action); !done) return done.error();
    // From the back, so that the indices of the old list hold.
    std::vector<const Path*> removes;
    for (const auto& path : update.removes) removes.push_back(&path);
    for (const auto* path : emptied_) removes.push_back(path);
    std::ranges::sort(removes, [&](auto* a, auto* b) { return before(*b, *a); });
    for (const auto* path : removes)
      if (auto done = remove(*path); !done) return done.error();
    return std::move(item_);
  }

 private:
  bool before(const Path& a, const Path& b) const {
    for (std::size_t i = 0; i < a.steps.size() && i < b.steps.size(); ++i) {
      const auto *x = std::get_if<ListIndex>(&a.steps[i]), *y = std::get_if<ListIndex>(&b.steps[i]);
      if (!x != !y) return x != nullptr;
      if (x && x->at != y->at) return x->at < y->at;
      if (!x)
        if (const auto order = bindings_.name(a.steps[i]) <=> bindings_.name(b.steps[i]); order != 0)
          return order < 0;
    }
    return a.steps.size() < b.steps.size();
  }

  Result<Value> operand(const Operand& o) const {
    if (const auto* ref = std::get_if<ValueRef>(&o)) return bindings_.value(*ref);
    if (const auto* path = std::get_if<Path>(&o)) {
      const auto* v = find(old_, *path, bindings_);
      if (!v) return no_operand();
      return *v;
    }
    const Call& call = *std::get<std::unique_ptr<Call>>(o);
    if (call.function == Function::if_not_exists) {
      const auto* v = find(old_, std::get<Path>(call.arguments[0]), bindings_);
      return v ? Result<Value>(*v) : operand(call.arguments[1]);
    }
    auto first = operand(call.arguments[0]);
    if (!first) return first;
    auto second = operand(call.arguments[1]);
    if (!second) return second;
    auto *a = first->as<List>(), *b = second->as<List>();
    if (!a || !b) return wrong_type();
    std::ranges::move(b->elements, std::back_inserter(a->elements));
    return first;
  }

  static Result<Value> number(std::variant<Number, storage::NumberFault> sum) {
    if (const auto* n = std::get_if<Number>(&sum)) return Value{*n};
    return AwsError::validation(number_fault_text(std::get<storage::NumberFault>(sum), "", false));
  }

  Result<Value> right_side(const SetAction& action) const {
    auto left = operand(action.left);
    if (!left || !action.sign) return left;
    auto right = operand(action.right);
    if (!right) return right;
    const auto *a = left->as<Number>(), *b = right->as<Number>();
    if (!a || !b) return wrong_type();
    return number(action.sign == '+' ? a->plus(*b) : a->minus(*b));
  }

  // The map or list that holds the last step of a path; null when the path leads nowhere.
  struct Place {
    Item* map = nullptr;
    List* list = nullptr;
  };
  Place place(const Path& path) {
    Place at{&item_};
    for (std::size_t i = 0; i + 1 < path.steps.size(); ++i) {
      Value* next = nullptr;
      if (const auto* index = std::get_if<ListIndex>(&path.steps[i])) {
        if (at.list && index->at < at.list->elements.size()) next = &at.list->elements[index->at];
      } else if (at.map) {
        next = at.map->find(bindings_.name(path.steps[i]));
      }
      if (!next) return {};
      at = {next->as<Item>(), next->as<List>()};
    }
    const bool indexed = std::holds_alternative<ListIndex>(path.steps.back());
    return indexed ? Place{nullptr, at.list} : Place{at.map, nullptr};
  }

  Result<Done> set(const Path& path, Value value) {
    const auto at = place(path);
    if (at.map) {
      at.map->set(bindings_.name(path.steps.back()), std::move(value));
    } else if (at.list) {
      auto& elements = at.list->elements;
      const auto index = std::get<ListIndex>(path.steps.back()).at;
      if (index < elements.size()) {
        elements[index] = std::move(value);
      } else {
        elements.push_back(std::move(value));
      }
    } else {
      return no_place();
    }
    return Done{};
  }

  Result<Done> add(const ValueAction& action) {
    const Value& more = bindings_.value(action.value);
    const auto* old = find(old_, action.target, bindings_);
    if (!old) return set(action.target, more);
    if (old->type() != more.type()) return wrong_type();
    Value sum = *old;
    if (const auto* n = more.as<Number>()) {
      auto total = number(old->as<Number>()->plus(*n));
      if (!total) return total.error();
      sum = std::move(*total);
    } else if (auto* strings = sum.as<StringSet>()) {
      unite(strings->members, more.as<StringSet>()->members);
    } else if (auto* numbers = sum.as<NumberSet>()) {
      unite(numbers->members, more.as<NumberSet>()->members);
    } else {
      unite(sum.as<BinarySet>()->members, more.as<BinarySet>()->members);
    }
    return set(action.target, std::move(sum));
  }

  Result<Done> remove_members(const ValueAction& action) {
    const Value& less = bindings_.value(action.value);
    const auto* old = find(old_, action.target, bindings_);
    if (!old) {
      const auto at = place(action.target);
      if (existed_ && !at.map && !at.list) return no_place();
      return Done{};
    }
    if (old->type() != less.type()) return wrong_type();
    Value rest = *old;
    bool empty = false;
    const auto take = [&](auto* set, const auto* members) {
      subtract(set->members, members->members);
      empty = set->members.empty();
    };
    if (auto* strings = rest.as<StringSet>()) {
      take(strings, less.as<StringSet>());
    } else if (auto* numbers = rest.as<NumberSet>()) {
      take(numbers, less.as<NumberSet>());
    } else {
      take(rest.as<BinarySet>(), less.as<BinarySet>());
    }
    if (!empty) return set(action.target, std::move(rest));
    emptied_.push_back(&action.target);
    return Done{};
  }

  Result<Done> remove(const Path& path) {
    const auto at = place(path);
    if (at.map) {
      at.map->erase(bindings_.name(path.steps.back()));
    } else if (at.list) {
      const auto index = std::get<ListIndex>(path.steps.back()).at;
      if (index < at.list->elements.size()) at.list->elements.erase(at.list->elements.begin() + index);
    } else if (existed_) {
      return no_place();
    }
    return Done{};
  }

  const Bindings& bindings_;
  const Item& old_;
  const bool existed_;
  Item item_;
  std::vector<const Path*> emptied_;
};
}  // namespace

Result<Item> apply(const Update& update, const Bindings& bindings, const Item& old, bool existed) {
  return Application(bindings, old, existed).run(update);
}

std::vector<const Path*> targets(const Update& update) {
  std::vector<const Path*> out;
  for (const auto& s : update.sets) out.push_back(&s.target);
  for (const auto& p : update.removes) out.push_back(&p);
  for (const auto& a : update.adds) out.push_back(&a.target);
  for (const auto& d : update.deletes) out.push_back(&d.target);
  return out;
}
}  // namespace emu::dynamodb::expression
