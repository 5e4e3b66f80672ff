#include "emulator/api/pattern.hpp"

#include <algorithm>
#include <span>

#include "emulator/api/pattern_tree.hpp"
#include "emulator/base/text.hpp"

namespace emu {
namespace {
using namespace pattern;
using Node = Pattern::Node;
using Path = std::span<const std::string>;

bool holds(const Exact& m, const Json& value) {
  if (m.value.is_number() && value.is_number()) return m.value.get<double>() == value.get<double>();
  return m.value.type() == value.type() && m.value == value;
}
bool holds(const Text& m, const Json& value) {
  if (!value.is_string()) return false;
  std::string_view text = value.get_ref<const std::string&>();
  if (m.where != Text::Where::whole) {
    if (text.size() < m.text.size()) return false;
    text = m.where == Text::Where::start ? text.substr(0, m.text.size())
                                         : text.substr(text.size() - m.text.size());
  }
  return m.any_case ? same_text(text, m.text) : text == m.text;
}
bool holds(const Numeric& m, const Json& value) {
  if (!value.is_number()) return false;
  const auto number = value.get<double>();
  if (m.low && !(number > m.low->value || (m.low->included && number == m.low->value))) return false;
  return !m.high || number < m.high->value || (m.high->included && number == m.high->value);
}
bool holds(const Exists& m, const Json&) { return m.wanted; }
bool holds(const AnythingBut& m, const Json& value) {
  const auto is = [&](const auto& excluded) { return holds(excluded, value); };
  return std::ranges::none_of(m.values, is) && std::ranges::none_of(m.texts, is);
}

// Arrays are looked into, however deep: to their elements it is as if they stood here.
template <class F>
bool any_element(const Json& array, int depth, F is) {
  return depth < kDeepest && std::ranges::any_of(array, is);
}

// Whether there is a leaf at exactly this path, also one whose name is some of it with dots between.
bool has_leaf(const Json& value, Path path, int depth = 0) {
  if (value.is_array())
    return any_element(value, depth, [&](const Json& e) { return has_leaf(e, path, depth + 1); });
  if (path.empty()) return !value.is_object();
  if (!value.is_object()) return false;
  std::string name;
  for (std::size_t i = 0; i < path.size(); ++i) {
    name += name.empty() ? path[i] : "." + path[i];
    const auto found = value.find(name);
    if (found != value.end() && has_leaf(*found, path.subspan(i + 1), depth)) return true;
  }
  return false;
}

class Matching {
 public:
  explicit Matching(const Json& event) : event_(event) {}

  bool at(const Node& node, const Json& value, int depth) const {
    if (value.is_array())
      return value.empty() ? missing(node)
                           : any_element(value, depth, [&](const Json& e) { return at(node, e, depth + 1); });
    if (!node.matchers.empty() && !leaf(node, &value)) return false;
    if (node.members.empty() && node.ors.empty()) return true;
    return value.is_object() ? inside(node, value, "", depth) : missing_below(node);
  }

 private:
  bool leaf(const Node& node, const Json* value) const {
    return std::ranges::any_of(node.matchers, [&](const Matcher& matcher) {
      const auto* exists = std::get_if<Exists>(&matcher);
      if (exists && !exists->wanted) return !has_leaf(event_, node.path);
      if (!value || value->is_object()) return false;
      return std::visit([&](const auto& m) { return holds(m, *value); }, matcher);
    });
  }
  // Nothing is there: fine for those who ask for that.
  bool missing(const Node& node) const {
    return (node.matchers.empty() || leaf(node, nullptr)) && missing_below(node);
  }
  bool missing_below(const Node& node) const {
    const auto is_missing = [&](const Node& one) { return missing(one); };
    return std::ranges::all_of(node.members, [&](const auto& m) { return missing(m.second); }) &&
           std::ranges::all_of(node.ors, [&](const auto& o) { return std::ranges::any_of(o, is_missing); });
  }
  // `before`: what the names of the node's members follow in the object, "" or ending in a dot.
  bool inside(const Node& node, const Json& object, const std::string& before, int depth) const {
    const auto alternative = [&](const Node& one) { return inside(one, object, before, depth); };
    return std::ranges::all_of(
               node.members,
               [&](const auto& m) { return member(m.second, object, before + m.first, depth); }) &&
           std::ranges::all_of(node.ors, [&](const auto& o) { return std::ranges::any_of(o, alternative); });
  }
  bool member(const Node& node, const Json& object, const std::string& name, int depth) const {
    const auto found = object.find(name);
    if (found != object.end() && at(node, *found, depth)) return true;
    const auto& members = object.get_ref<const Json::object_t&>();
    const auto dotted = members.lower_bound(name + ".");
    if (!(node.members.empty() && node.ors.empty()) && dotted != members.end() &&
        dotted->first.starts_with(name + "."))
      return (node.matchers.empty() || leaf(node, nullptr)) && inside(node, object, name + ".", depth);
    return found == object.end() && missing(node);
  }
  const Json& event_;
};
}  // namespace

Result<Pattern> Pattern::compile(std::string_view text) {
  try {
    return Pattern(std::make_shared<const Node>(pattern::read(text)));
  } catch (pattern::Refusal& refusal) {
    return AwsError{"InvalidEventPatternException", "Event pattern is not valid. Reason: " + refusal.reason};
  }
}

bool Pattern::matches(const Json& event) const {
  return event.is_object() && Matching(event).at(*root_, event, 0);
}

bool Pattern::names(std::string_view key) const {
  const auto has = [&](const auto& self, const Node& node) -> bool {
    return node.members.contains(key) || std::ranges::any_of(node.ors, [&](const auto& alternatives) {
             return std::ranges::any_of(alternatives, [&](const Node& one) { return self(self, one); });
           });
  };
  return has(has, *root_);
}
}  // namespace emu
