#include "emulator/services/dynamodb/partiql/literals.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "emulator/services/dynamodb/voice.hpp"

namespace emu::dynamodb::partiql {
namespace {
constexpr int kMostLevels = 31;  // maps and lists around a scalar (B1)

Value value(const Tree& tree, const std::string& path, int level);

Number number(const std::string& text, const std::string& path) {
  const auto parsed = Number::parse(text);
  if (const auto* n = std::get_if<Number>(&parsed)) return *n;
  throw AwsError::validation(fmt::format(
      "{} under {}", number_fault_text(std::get<storage::NumberFault>(parsed), text, true), path));
}

// A set: of strings or of numbers.
Value bag(const Trees& elements, const std::string& path) {
  if (elements.empty()) throw AwsError::validation("Empty bags are not supported");
  StringSet strings;
  NumberSet numbers;
  std::vector<std::string> written;
  for (const auto& e : elements) {
    if (const auto* text = std::get_if<Text>(&e.node)) {
      strings.members.push_back(text->text);
      written.push_back(text->text);
    } else if (const auto* digits = std::get_if<Digits>(&e.node)) {
      numbers.members.push_back(number(digits->text, path));
      written.push_back(digits->text);
    }
  }
  if (strings.members.size() != elements.size() && numbers.members.size() != elements.size())
    throw AwsError::validation(
        "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags");
  const auto sorted = [&](auto& members, std::string_view ending) {
    std::ranges::sort(members);
    if (std::ranges::adjacent_find(members) != members.end())
      throw invalid_parameters(
          fmt::format("Input collection [{}] contains duplicates{}", fmt::join(written, ", "), ending));
  };
  if (!strings.members.empty()) {
    sorted(strings.members, ".");
    return {std::move(strings)};
  }
  sorted(numbers.members, fmt::format("! under {}", path));
  return {std::move(numbers)};
}

Value map(const Structure& structure, const std::string& path, int level) {
  Item out;
  for (std::size_t i = 0; i < structure.names.size(); ++i) {
    const auto* name = std::get_if<Text>(&structure.names[i].node);
    if (!name)
      throw AwsError::validation(fmt::format("Unsupported data type: {} under key {} at {}",
                                             node_name(structure.names[i]), path,
                                             structure.names[i].at.text()));
    if (name->text.empty()) throw AwsError::validation("Empty attribute name");
    out.set(name->text, value(structure.values[i], fmt::format("{}.{}", path, name->text), level + 1));
  }
  return {std::move(out)};
}

Value value(const Tree& tree, const std::string& path, int level) {
  if (level > kMostLevels)
    throw AwsError::validation(fmt::format("Nesting Levels have exceeded supported limits under {}", path));
  if (const auto* text = std::get_if<Text>(&tree.node)) return {text->text};
  if (const auto* digits = std::get_if<Digits>(&tree.node)) return {number(digits->text, path)};
  if (const auto* constant = std::get_if<Constant>(&tree.node); constant && *constant != Constant::missing)
    return *constant == Constant::null ? Value{Null{}} : Value{*constant == Constant::yes};
  if (const auto* structure = std::get_if<Structure>(&tree.node)) return map(*structure, path, level);
  if (const auto* sequence = std::get_if<Sequence>(&tree.node)) {
    if (sequence->bag) return bag(sequence->elements, path);
    List out;
    for (std::size_t i = 0; i < sequence->elements.size(); ++i)
      out.elements.push_back(value(sequence->elements[i], fmt::format("{}[{}]", path, i), level + 1));
    return {std::move(out)};
  }
  const auto* call = std::get_if<FunctionCall>(&tree.node);
  throw AwsError::validation(fmt::format("Unsupported data type: {} under key {} at {}",
                                         call ? std::string_view(call->name) : node_name(tree), path,
                                         tree.at.text()));
}
}  // namespace

Value literal(const Tree& tree) { return value(tree, "root", 0); }

bool is_literal(const Tree& tree) {
  return std::holds_alternative<Text>(tree.node) || std::holds_alternative<Digits>(tree.node) ||
         std::holds_alternative<Constant>(tree.node) || std::holds_alternative<Sequence>(tree.node) ||
         std::holds_alternative<Structure>(tree.node);
}

std::string_view node_name(const Tree& tree) {
  // In the order of Tree's alternatives, and of Operator.
  static constexpr std::string_view kNodes[] = {"Lit",  "Lit",  "Lit",    "Parameter", "Id",
                                                "Path", "List", "Struct", "Call",      "IsType"};
  static constexpr std::string_view kOperations[] = {
      "Eq",           "Ne",      "Lt",   "Lte",  "Gt",    "Gte",   "And",    "Or",     "Not",
      "InCollection", "Between", "Like", "Plus", "Minus", "Times", "Divide", "Modulo", "Concat"};
  if (const auto* operation = std::get_if<Operation>(&tree.node))
    return kOperations[static_cast<std::size_t>(operation->op)];
  return kNodes[tree.node.index()];
}
}  // namespace emu::dynamodb::partiql
