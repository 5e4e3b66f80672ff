// The text of an event pattern to its tree; the reasons of refusals are EventBridge's (spec-events 2.4).
#include <fmt/format.h>

#include <algorithm>

#include "emulator/api/pattern_tree.hpp"
#include "emulator/base/bounded_json.hpp"

namespace emu::pattern {
namespace {
using Node = Pattern::Node;

[[noreturn]] void refuse(std::string reason) { throw Refusal{std::move(reason)}; }

std::string text_in(const Json& value, std::string_view operation) {
  if (!value.is_string()) refuse(fmt::format("{} match pattern must be a string", operation));
  return value.get<std::string>();
}

// {"prefix": "p"} or {"prefix": {"equals-ignore-case": "P"}}
Matcher affix(const Json& value, std::string_view operation, Text::Where where) {
  if (value.is_object() && value.size() == 1 && value.begin().key() == "equals-ignore-case")
    return Text{where, text_in(value.front(), operation), true};
  return Text{where, text_in(value, operation)};
}
Matcher prefix(const Json& value) { return affix(value, "prefix", Text::Where::start); }
Matcher suffix(const Json& value) { return affix(value, "suffix", Text::Where::end); }
Matcher any_case(const Json& value) {
  return Text{Text::Where::whole, text_in(value, "equals-ignore-case"), true};
}

Matcher exists(const Json& value) {
  if (!value.is_boolean()) refuse("exists match pattern must be either true or false.");
  return Exists{value.get<bool>()};
}

double number_of(const Json& value, std::string_view operation) {
  if (!value.is_number()) refuse(fmt::format("Value of {} must be numeric", operation));
  return value.get<double>();
}

Matcher numeric(const Json& value) {
  if (!value.is_array()) refuse("Value of numeric must be an array.");
  if (value.size() > 4) refuse("Too many elements in numeric expression");
  if (value.empty() || value.size() % 2 != 0) refuse("Invalid member in numeric match: ]");
  Numeric out;
  for (std::size_t i = 0; i < value.size(); i += 2) {
    if (!value[i].is_string()) refuse(fmt::format("Invalid member in numeric match: {}", value[i].dump()));
    const auto sign = value[i].get<std::string>();
    if (sign == "=") {
      if (value.size() > 2) refuse("Too many terms in numeric range expression");
      const Numeric::Bound bound{number_of(value[i + 1], "equals"), true};
      return Numeric{bound, bound};
    }
    const Numeric::Bound bound{0, sign.ends_with('=')};
    if (sign == ">" || sign == ">=") {
      if (i > 0) refuse(fmt::format("Bad numeric range operator: {}", sign));
      out.low = bound;
      out.low->value = number_of(value[i + 1], sign);
    } else if (sign == "<" || sign == "<=") {
      if (i == 0 && value.size() > 2) refuse("Too many terms in numeric range expression");
      out.high = bound;
      out.high->value = number_of(value[i + 1], sign);
    } else {
      refuse(fmt::format("Unrecognized numeric range operator: {}", sign));
    }
  }
  if (out.low && out.high && out.low->value >= out.high->value) refuse("Bottom must be less than top");
  return out;
}

void add_texts(AnythingBut& out, const Json& operation) {
  if (operation.size() != 1) refuse("Only one key allowed in match expression");
  const auto& name = operation.begin().key();
  Text text{Text::Where::whole, {}};
  if (name == "prefix")
    text.where = Text::Where::start;
  else if (name == "suffix")
    text.where = Text::Where::end;
  else if (name == "equals-ignore-case")
    text.any_case = true;
  else
    refuse(fmt::format("Unsupported anything-but pattern: {}", name));
  const auto& given = operation.front();
  for (const auto& one : given.is_array() ? given : Json::array({given})) {
    if (!one.is_string() && given.is_array())
      refuse(fmt::format("Inside anything-but/{} list, number|start|null|boolean is not supported.", name));
    text.text = text_in(one, name);
    if (text.text.empty() && text.where != Text::Where::whole) refuse("Null prefix/suffix not allowed");
    out.texts.push_back(text);
  }
  if (out.texts.empty()) refuse("Empty arrays are not allowed");
}

Matcher anything_but(const Json& value) {
  AnythingBut out;
  if (value.is_object()) {
    add_texts(out, value);
  } else if (value.is_array()) {
    if (value.empty()) refuse("Empty arrays are not allowed");
    for (const auto& one : value) {
      if (!one.is_string() && !one.is_number())
        refuse("Inside anything but list, start|null|boolean is not supported.");
      if (one.is_string() != value.front().is_string())
        refuse(
            "Inside anything but list, either all values are number or string, mixed type is not supported");
      out.values.push_back({one});
    }
  } else if (value.is_string() || value.is_number()) {
    out.values.push_back({value});
  } else {
    refuse("Value of anything-but must be an array or single string/number value.");
  }
  return out;
}

struct Operator {
  std::string_view name;
  Matcher (*read)(const Json& value);
};
constexpr Operator kOperators[] = {{"prefix", prefix}, {"suffix", suffix},   {"equals-ignore-case", any_case},
                                   {"exists", exists}, {"numeric", numeric}, {"anything-but", anything_but}};

const Operator* operator_of(std::string_view name) {
  const auto* found = std::ranges::find(kOperators, name, &Operator::name);
  return found == std::end(kOperators) ? nullptr : found;
}

Matcher matcher(const Json& element) {
  if (element.is_array()) refuse("Match value must be String, number, true, false, or null");
  if (!element.is_object()) return Exact{element};
  if (element.empty()) refuse("Empty objects are not allowed");
  const auto& name = element.begin().key();
  const auto* operation = operator_of(name);
  if (!operation) refuse(fmt::format("Unrecognized match type {}", name));
  if (element.size() > 1) refuse("Only one key allowed in match expression");
  return operation->read(element.front());
}

void read_object(const Json& object, Node& node, int depth);

// `$or` is a relation unless it holds what a field of that name would.
bool is_relation(const Json& value) {
  if (!value.is_array() || value.empty()) return false;
  return std::ranges::all_of(value, [](const Json& one) {
    return one.is_object() && !(one.size() == 1 && operator_of(one.begin().key()));
  });
}

void read_alternatives(const Json& list, Node& node, int depth) {
  if (list.size() < 2) refuse("There must have at least 2 Objects in $or relationship.");
  auto& alternatives = node.ors.emplace_back();
  for (const auto& one : list) {
    auto& alternative = alternatives.emplace_back();
    alternative.path = node.path;
    read_object(one, alternative, depth + 1);
  }
}

// "a.b" is b below a.
Node& member(Node& node, std::string_view dotted) {
  const auto dot = dotted.find('.');
  auto& child = node.members[std::string(dotted.substr(0, dot))];
  child.path = node.path;
  child.path.emplace_back(dotted.substr(0, dot));
  if (child.path.size() > static_cast<std::size_t>(kDeepest)) refuse("It nests too deep");
  return dot == dotted.npos ? child : member(child, dotted.substr(dot + 1));
}

void read_object(const Json& object, Node& node, int depth) {
  if (depth > kDeepest) refuse("It nests too deep");
  if (object.empty()) refuse("Empty objects are not allowed");
  for (const auto& [key, value] : object.items()) {
    if (key == "$or" && is_relation(value)) {
      read_alternatives(value, node, depth);
      continue;
    }
    auto& child = member(node, key);
    if (value.is_object()) {
      read_object(value, child, depth + 1);
    } else if (value.is_array()) {
      if (value.empty()) refuse("Empty arrays are not allowed");
      child.matchers.clear();
      for (const auto& element : value) child.matchers.push_back(matcher(element));
    } else {
      refuse(fmt::format("\"{}\" must be an object or an array", key));
    }
  }
}
}  // namespace

Node read(std::string_view text) {
  const auto json = bounded_parse(text);
  if (json.is_discarded()) refuse("Unexpected character");
  if (!json.is_object()) refuse("Filter is not an object");
  Node out;
  read_object(json, out, 1);
  return out;
}
}  // namespace emu::pattern
