// A template taken apart. Made by syntax.cpp, walked by template.cpp.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/base/json.hpp"

namespace emu::gateway::velocity {
struct Expression;

// ".name", ".name(…)" or "[…]" behind a reference's root.
struct Step {
  std::string name;  // empty: an index, its only argument
  bool call = false;
  std::vector<Expression> arguments;
};

struct Reference {
  std::string text;  // as written: what is shown where nothing is found
  bool quiet = false;
  std::string root;
  std::vector<Step> steps;
};

struct Expression {
  enum class Kind { literal, reference, interpolated, list, map, range, operation };
  Kind kind = Kind::literal;
  Json literal;
  Reference reference;
  std::string text;                  // interpolated: a template of its own; operation: "+", "==", "!", …
  std::vector<Expression> operands;  // of lists, maps (key, value, …), ranges and operations
};

struct Node;
using Nodes = std::vector<Node>;
struct Branch {
  std::optional<Expression> condition;  // none: #else
  Nodes body;
};
struct Node {
  enum class Kind { text, reference, set, branches, loop, stop };
  Kind kind = Kind::text;
  std::string text;     // text; of a loop, its variable
  Reference reference;  // shown, or set
  Expression value;     // of a #set or what a loop runs over
  std::vector<Branch> branches;
  Nodes body;
};

Nodes parse(std::string_view text);  // throws TemplateError
}  // namespace emu::gateway::velocity
