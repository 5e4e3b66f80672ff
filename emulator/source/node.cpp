#include "emulator/source/node.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace emu {
Node::Node(const Json& tree, const Place& from) : place(from) {
  if (tree.is_object()) {
    kind = Kind::map;
    for (auto it = tree.begin(); it != tree.end(); ++it)
      members.push_back({it.key(), Node(it.value(), from)});
  } else if (tree.is_array()) {
    kind = Kind::list;
    for (const auto& e : tree) items.emplace_back(e, from);
  } else {
    scalar = tree;
  }
}

Node Node::map(Place from) {
  Node n;
  n.kind = Kind::map;
  n.place = std::move(from);
  return n;
}

Node Node::list(Place from) {
  Node n;
  n.kind = Kind::list;
  n.place = std::move(from);
  return n;
}

std::string Node::as_text() const {
  if (is_string()) return text();
  if (scalar.is_number_float()) return fmt::format("{}", scalar.get<double>());
  return json().dump();
}

std::string_view Node::what() const {
  if (is_map()) return "a mapping";
  if (is_list()) return "a list";
  if (is_null()) return "empty";
  if (is_string()) return "text";
  return is_boolean() ? "a boolean" : "a number";
}

const Node* Node::find(std::string_view key) const {
  const auto it = std::ranges::find(members, key, &Member::key);
  return it == members.end() ? nullptr : &it->value;
}

Node* Node::find(std::string_view key) {
  const auto it = std::ranges::find(members, key, &Member::key);
  return it == members.end() ? nullptr : &it->value;
}

const Node* Node::at(std::initializer_list<std::string_view> path) const {
  const Node* n = this;
  for (const auto key : path)
    if (n = n->find(key); !n) return nullptr;
  return n;
}

Node& Node::set(std::string key, Node value) {
  if (Node* old = find(key)) return *old = std::move(value);
  members.push_back({std::move(key), std::move(value)});
  return members.back().value;
}

void Node::erase(std::string_view key) {
  std::erase_if(members, [&](const Member& m) { return m.key == key; });
}

Node& Node::push(Node value) {
  items.push_back(std::move(value));
  return items.back();
}

Json Node::json() const {
  if (is_map()) {
    Json out = Json::object();
    for (const auto& [key, value] : members) out[key] = value.json();
    return out;
  }
  if (is_list()) {
    Json out = Json::array();
    for (const auto& item : items) out.push_back(item.json());
    return out;
  }
  return scalar;
}
}  // namespace emu
