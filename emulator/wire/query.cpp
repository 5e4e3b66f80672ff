#include "emulator/wire/query.hpp"

#include <algorithm>
#include <map>

#include "emulator/base/text.hpp"

namespace emu::wire {
namespace {
constexpr std::size_t kMaxDepth = 32;  // deeper than any AWS input shape; bounds the recursion below

// One part of the dotted names of a form: its own text, or what is below it.
struct Node {
  std::string text;
  std::map<std::string, Node, std::less<>> children;
  const Node* only(std::string_view name) const {
    return children.size() == 1 && children.begin()->first == name ? &children.begin()->second : nullptr;
  }
};

std::optional<std::uint64_t> index(std::string_view name) { return number_in<std::uint64_t>(name); }

bool numbered(const Node& node) {
  return !node.children.empty() &&
         std::ranges::all_of(node.children, [](const auto& c) { return index(c.first).has_value(); });
}

// Elements in order of their numbers, which may leave gaps.
std::multimap<std::uint64_t, const Node*> elements(const Node& node) {
  std::multimap<std::uint64_t, const Node*> out;
  for (const auto& [name, child] : node.children) out.emplace(*index(name), &child);
  return out;
}

Json document(const Node& node, const QueryNames& names);

Json list(const Node& node, const QueryNames& names) {
  Json out = Json::array();
  for (const auto& [number, element] : elements(node)) out.push_back(document(*element, names));
  return out;
}

Json map_of(const Node& node, std::string_view key_name, std::string_view value_name,
            const QueryNames& names) {
  Json out = Json::object();
  for (const auto& [number, element] : elements(node)) {
    std::string key;
    Json value = "";
    for (const auto& [name, child] : element->children) {
      if (name == key_name) key = child.text;
      if (name == value_name) value = document(child, names);
    }
    out[key] = std::move(value);
  }
  return out;
}

// A list or map as the service's own table spells it: `Attribute.1.Name`; of one element also without number.
Json named(const Node& node, const QueryName& row, const QueryNames& names) {
  const bool list_of = row.key.empty();
  if (node.children.empty() && node.text.empty()) return list_of ? Json::array() : Json::object();
  Node single;
  if (!numbered(node)) single.children.emplace("1", node);
  const Node& all = numbered(node) ? node : single;
  return list_of ? list(all, names) : map_of(all, row.key, row.value, names);
}

Json members(const Node& node, const QueryNames& names) {
  Json out = Json::object();
  for (const auto& [name, child] : node.children) {
    if (const auto* row = names.of_wire(name)) {
      out[std::string(row->member)] = named(child, *row, names);
    } else {
      out[name] = document(child, names);
    }
  }
  return out;
}

Json document(const Node& node, const QueryNames& names) {
  if (node.children.empty()) return node.text;
  if (const auto* below = node.only("member"); below && numbered(*below)) return list(*below, names);
  if (const auto* entries = node.only("entry"); entries && numbered(*entries))
    return map_of(*entries, "key", "value", names);
  if (numbered(node)) return list(node, names);  // a flattened list
  return members(node, names);
}

void place(Node& root, std::string_view name, std::string value) {
  Node* node = &root;
  for (std::size_t depth = 0;; ++depth) {
    if (depth == kMaxDepth)
      throw AwsError{"MalformedQueryString", "The query string contains a syntax error.", 404};
    const auto dot = name.find('.');
    node = &node->children.try_emplace(std::string(name.substr(0, dot))).first->second;
    if (dot == name.npos) break;
    name.remove_prefix(dot + 1);
  }
  node->text = std::move(value);
}

bool about_the_request(std::string_view name) {
  return name == "Action" || name == "Version" || name.starts_with("X-Amz-");
}
}  // namespace

Json read_query(const http::Request& request, const QueryNames& names,
                void (*coerce)(Json&, std::string_view)) {
  Node root;
  for (const auto& source : {request.query(), std::string_view(request.body)})
    for (auto& [name, value] : http::parse_query(source))
      if (!about_the_request(name)) place(root, name, std::move(value));
  Json input = members(root, names);
  for (auto& [name, value] : input.items()) {
    const bool empty = value == "";
    coerce(input, name);
    // A client writes an empty list as `Tags=`.
    if (empty && value.is_array()) value = Json::array();
  }
  return input;
}
}  // namespace emu::wire
