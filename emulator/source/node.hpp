// A JSON value that remembers where it was written: what YAML is read into, what variables are resolved in
// and what templates are made of. Copying a part copies its places, so that a line number survives from
// serverless.yml into the engine's errors. A value; members keep the order they were written in.
#pragma once
#include <optional>
#include <string_view>

#include "emulator/base/error.hpp"
#include "emulator/source/problem.hpp"

namespace emu {
struct Node {
  enum class Kind { scalar, list, map };
  struct Member;

  Node() = default;
  // A whole tree, all of it from one place.
  explicit Node(const Json& tree, const Place& from = {});
  static Node map(Place from = {});
  static Node list(Place from = {});

  bool is_map() const { return kind == Kind::map; }
  bool is_list() const { return kind == Kind::list; }
  bool is_null() const { return kind == Kind::scalar && scalar.is_null(); }
  bool is_string() const { return kind == Kind::scalar && scalar.is_string(); }
  bool is_number() const { return kind == Kind::scalar && scalar.is_number(); }
  bool is_boolean() const { return kind == Kind::scalar && scalar.is_boolean(); }
  bool is_true() const { return is_boolean() && scalar.get<bool>(); }
  const std::string& text() const { return scalar.get_ref<const std::string&>(); }  // of a string
  std::string as_text() const;    // of any scalar, numbers as JavaScript prints them
  std::string_view what() const;  // "a list", for messages

  const Node* find(std::string_view key) const;  // null if absent, or if this is no map
  Node* find(std::string_view key);
  const Node* at(std::initializer_list<std::string_view> path) const;
  Node& set(std::string key, Node value);  // replaces or appends
  void erase(std::string_view key);
  Node& push(Node value);
  Json json() const;

  Kind kind = Kind::scalar;
  Json scalar;
  std::vector<Node> items;
  std::vector<Member> members;
  Place place;  // of a member of a map: its key's
};

struct Node::Member {
  std::string key;
  Node value;
};
}  // namespace emu
