#include "emulator/services/dynamodb/partiql/access.hpp"

#include <algorithm>

#include "emulator/services/dynamodb/expression/check.hpp"
#include "emulator/services/dynamodb/keys.hpp"

namespace emu::dynamodb::partiql {
namespace {
using namespace expression;
constexpr std::size_t kMaxBranches = 50;  // reads that one statement may come down to

// A statement's conditions as seen from one key.
class KeyView {
 public:
  KeyView(const KeyShape& shape, const Bindings& bindings)
      : bindings_(bindings),
        hash_(shape.hash[0].name),
        range_(shape.range.empty() ? std::string_view() : shape.range[0].name) {}

  // One alternative of the clause.
  struct Conjunct {
    std::vector<KeyTest> tests;
    bool negated = false;
    std::vector<const Condition*> filters;
  };

  bool keyed(const Condition& c) const {
    if (const auto* a = std::get_if<And>(&c.node))
      return std::ranges::any_of(a->all, [&](const auto& one) { return keyed(one); });
    if (const auto* o = std::get_if<Or>(&c.node))
      return !o->any.empty() && std::ranges::all_of(o->any, [&](const auto& one) { return keyed(one); });
    const auto found = tests(c);
    return !found.empty() && found[0].name == hash_ && found[0].op == KeyOperator::eq;
  }

  // How many alternatives the clause has, up to a little above the limit.
  std::size_t count(const Condition& c) const {
    std::size_t out = 1;
    if (const auto* a = std::get_if<And>(&c.node)) {
      for (const auto& one : a->all) out = std::min(out * count(one), kMaxBranches + 1);
    } else if (const auto* o = std::get_if<Or>(&c.node); o && mentions(c)) {
      out = 0;
      for (const auto& one : o->any) out = std::min(out + count(one), kMaxBranches + 1);
    } else if (std::holds_alternative<In>(c.node)) {
      out = std::max<std::size_t>(1, tests(c).size());
    }
    return out;
  }

  std::vector<Conjunct> alternatives(const Condition& c) const {
    if (const auto* a = std::get_if<And>(&c.node)) {
      std::vector<Conjunct> out(1);
      for (const auto& one : a->all) out = product(out, alternatives(one));
      return out;
    }
    if (const auto* o = std::get_if<Or>(&c.node); o && mentions(c)) {
      std::vector<Conjunct> out;
      for (const auto& one : o->any) std::ranges::move(alternatives(one), std::back_inserter(out));
      return out;
    }
    const auto found = tests(c);
    if (found.empty()) return {Conjunct{{}, excludes(c), {&c}}};
    std::vector<Conjunct> out;
    for (const auto& test : found) out.push_back({{test}, false, {}});
    return out;
  }

  // The tests of a key attribute that a condition is: several for IN, of which any may hold.
  std::vector<KeyTest> tests(const Condition& c) const {
    if (const auto* compare = std::get_if<Compare>(&c.node)) {
      if (auto test = comparison(*compare)) return {*test};
    } else if (const auto* between = std::get_if<Between>(&c.node)) {
      const auto name = key(between->value);
      const auto *low = value(between->low), *high = value(between->high);
      if (!name.empty() && low && high) return {{name, KeyOperator::between, low, high}};
    } else if (const auto* call = std::get_if<Call>(&c.node)) {
      if (call->function != Function::begins_with) return {};
      const auto name = key(call->arguments[0]);
      const auto* start = value(call->arguments[1]);
      if (!name.empty() && start) return {{name, KeyOperator::begins_with, start}};
    } else if (const auto* in = std::get_if<In>(&c.node)) {
      const auto name = key(in->value);
      if (name.empty() || !std::ranges::all_of(in->among, [&](const auto& o) { return value(o); })) return {};
      std::vector<KeyTest> out;
      for (const auto& o : in->among) out.push_back({name, KeyOperator::eq, value(o)});
      return out;
    }
    return {};
  }

 private:
  // The key attribute that an operand is; empty if it is none.
  std::string_view key(const Operand& o) const {
    const auto* path = std::get_if<Path>(&o);
    if (!path || path->steps.size() != 1) return {};
    const auto name = bindings_.name(path->steps[0]);
    return name == hash_ || name == range_ ? name : std::string_view();
  }
  const Value* value(const Operand& o) const {
    const auto* ref = std::get_if<ValueRef>(&o);
    return ref ? &bindings_.value(*ref) : nullptr;
  }
  std::optional<KeyTest> comparison(const Compare& c) const {
    if (c.comparator == Comparator::ne) return std::nullopt;
    const bool forward = std::holds_alternative<Path>(c.left);
    const auto name = key(forward ? c.left : c.right);
    const auto* against = value(forward ? c.right : c.left);
    if (name.empty() || !against) return std::nullopt;
    return KeyTest{name, key_operator(c.comparator, !forward), against};
  }
  bool mentions(const Condition& c) const {
    if (const auto* a = std::get_if<And>(&c.node))
      return std::ranges::any_of(a->all, [&](const auto& one) { return mentions(one); });
    if (const auto* o = std::get_if<Or>(&c.node))
      return std::ranges::any_of(o->any, [&](const auto& one) { return mentions(one); });
    return !tests(c).empty();
  }
  bool excludes(const Condition& c) const {
    const auto* compare = std::get_if<Compare>(&c.node);
    if (!std::holds_alternative<Not>(c.node) && !(compare && compare->comparator == Comparator::ne))
      return false;
    bool out = false;
    each_path(c, [&](const Path& path) { out |= bindings_.name(path.steps[0]) == range_; });
    return out;
  }
  static std::vector<Conjunct> product(const std::vector<Conjunct>& a, const std::vector<Conjunct>& b) {
    std::vector<Conjunct> out;
    for (const auto& left : a)
      for (const auto& right : b) {
        auto both = left;
        both.tests.insert(both.tests.end(), right.tests.begin(), right.tests.end());
        both.negated |= right.negated;
        both.filters.insert(both.filters.end(), right.filters.begin(), right.filters.end());
        out.push_back(std::move(both));
      }
    return out;
  }

  const Bindings& bindings_;
  std::string_view hash_, range_;
};

void check_type(const KeyPart& part, const Value& v) {
  const auto type = v.type();
  if (type != Type::S && type != Type::N && type != Type::B)
    throw AwsError::validation(fmt::format("Key value must be of type S, N, or B. Key name: {}, Key type: {}",
                                           part.name, type_letters(type)));
  if (type != part.type)
    throw AwsError::validation(fmt::format(
        "Key attribute's data type should match its data type in table's schema: Key {}", part.name));
  if (is_empty(v)) throw empty_key(part, v);
}

storage::Range both(const storage::Range& a, const storage::Range& b) {
  storage::Range out{std::max(a.from, b.from), a.to};
  if (out.to.empty() || (!b.to.empty() && b.to < out.to)) out.to = b.to;
  return out;
}

// The rows of one alternative; none when it asks for two hash keys at once.
std::optional<Branch> branch(const Schema& schema, const dynamodb::Index* index,
                             const KeyView::Conjunct& conjunct) {
  const KeyShape& shape = index ? index->key : schema.key;
  Branch out{nullptr, {}, false, conjunct.negated, conjunct.filters.empty(), conjunct.filters};
  std::vector<KeyTest> range;
  for (const auto& test : conjunct.tests) {
    const auto* part = shape.find(test.name);
    const bool of_hash = part == &shape.hash[0];
    if (of_hash && test.op != KeyOperator::eq) {
      out.exact = false;
      continue;
    }
    for (const auto* v : {test.value, test.high})
      if (v) check_type(*part, *v);
    if (!of_hash) {
      range.push_back(test);
    } else if (out.hash && !(*out.hash == *test.value)) {
      return std::nullopt;
    } else {
      out.hash = test.value;
    }
  }
  const unsigned slot = index ? index->slot : 0;
  out.rows = rows(schema, slot, {{out.hash}, {}});
  out.one_item = !index && shape.range.empty();
  for (const auto& test : range) {
    out.rows = both(out.rows, rows(schema, slot, {{out.hash}, {test}}));
    out.one_item |= !index && test.op == KeyOperator::eq;
  }
  return out;
}
}  // namespace

bool empty(const storage::Range& rows) { return !rows.to.empty() && rows.from >= rows.to; }

Access access(const Schema& schema, const dynamodb::Index* index, const Condition& where,
              const Bindings& bindings) {
  const KeyView view(index ? index->key : schema.key, bindings);
  if (!view.keyed(where)) return {};
  Access out{.keyed = true, .branches = {}};
  if (view.count(where) > kMaxBranches)
    throw AwsError::validation("Too many decomposed read operations for a given query.");
  for (const auto& conjunct : view.alternatives(where))
    if (auto one = branch(schema, index, conjunct)) {
      for (const auto& other : out.branches)
        if (*other.hash == *one->hash && !other.negated && !one->negated &&
            !empty(both(other.rows, one->rows)))
          throw AwsError::validation(
              "Overlapping conditions with range keys are not supported in where clause");
      out.branches.push_back(std::move(*one));
    }
  return out;
}

KeyOf key_of(const Schema& schema, const Condition& where, const Bindings& bindings, bool lists) {
  const KeyView view(schema.key, bindings);
  KeyOf out;
  const auto visit = [&](const Condition& c, const auto& self) -> void {
    if (const auto* a = std::get_if<And>(&c.node)) {
      for (const auto& one : a->all) self(one, self);
      return;
    }
    const auto found = view.tests(c);
    if (found.size() != 1 || found[0].op != KeyOperator::eq ||
        (std::holds_alternative<In>(c.node) && !lists)) {
      out.other_conditions = true;
    } else if (const auto* had = out.key.find(found[0].name); !had) {
      out.key.set(found[0].name, *found[0].value);
    } else if (!(*had == *found[0].value) && out.contradictory.empty()) {
      out.contradictory = found[0].name;
    }
  };
  visit(where, visit);
  out.complete = out.key.size() == schema.key.parts().size();
  return out;
}
}  // namespace emu::dynamodb::partiql
