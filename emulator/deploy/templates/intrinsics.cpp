#include "emulator/deploy/templates/intrinsics.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "emulator/base/digest.hpp"
#include "emulator/base/text.hpp"

namespace emu::deploy {
namespace {
[[noreturn]] void refuse(const Place& place, std::string text) { throw Problems(place, std::move(text)); }

std::string as_text(const Json& value, const Place& place, std::string_view function) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number() || value.is_boolean()) return Node(value).as_text();
  refuse(place, fmt::format("Template error: every value of {} must be a string", function));
}

const Node& argument(const Node& list, std::size_t i, std::size_t count, std::string_view rule) {
  if (!list.is_list() || list.items.size() != count)
    refuse(list.place, fmt::format("Template error: {}", rule));
  return list.items[i];
}
constexpr std::string_view kJoinRule =
    "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be "
    "joined";
constexpr std::string_view kSelectRule =
    "every Fn::Select object requires two parameters, an index and a list";
constexpr std::string_view kSplitRule =
    "every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split";
constexpr std::string_view kIfRule =
    "Fn::If requires a list argument with the first element being a condition";
constexpr std::string_view kMapRule =
    "every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for "
    "return value";
constexpr std::string_view kGetAttRule =
    "every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute";
}  // namespace

const Node::Member* intrinsic(const Node& node) {
  if (!node.is_map() || node.members.size() != 1) return nullptr;
  const auto& member = node.members[0];
  return member.key == "Ref" || member.key.starts_with("Fn::") ? &member : nullptr;
}

std::vector<SubPiece> sub_pieces(std::string_view text) {
  std::vector<SubPiece> out;
  while (!text.empty()) {
    const auto open = text.find("${");
    const auto close = open == text.npos ? text.npos : text.find('}', open);
    if (close == text.npos) break;
    if (open > 0) out.push_back({std::string(text.substr(0, open))});
    const auto name = text.substr(open + 2, close - open - 2);
    if (name.starts_with('!'))
      out.push_back({"${" + std::string(name.substr(1)) + "}"});
    else
      out.push_back({std::string(name), true});
    text.remove_prefix(close + 1);
  }
  if (!text.empty()) out.push_back({std::string(text)});
  return out;
}

const std::map<std::string_view, Evaluation::Function>& Evaluation::functions() {
  static const std::map<std::string_view, Function> kFunctions = {
      {"Ref", &Evaluation::ref},
      {"Fn::GetAtt", &Evaluation::get_att},
      {"Fn::Sub", &Evaluation::sub},
      {"Fn::Join", &Evaluation::join},
      {"Fn::Select", &Evaluation::select},
      {"Fn::Split", &Evaluation::split},
      {"Fn::If", &Evaluation::if_},
      {"Fn::FindInMap", &Evaluation::find_in_map},
      {"Fn::Base64", &Evaluation::base64},
      {"Fn::ImportValue", &Evaluation::import_value},
      {"Fn::GetAZs", &Evaluation::get_azs},
  };
  return kFunctions;
}

std::optional<Json> Evaluation::value(const Node& node) const {
  if (const auto* call = intrinsic(node)) {
    const auto it = functions().find(call->key);
    if (it == functions().end()) refuse(node.place, fmt::format("{} is not supported", call->key));
    return (this->*it->second)(call->value);
  }
  if (node.is_map()) {
    Json out = Json::object();
    for (const auto& [key, member] : node.members)
      if (auto v = value(member)) out[key] = std::move(*v);
    return out;
  }
  if (node.is_list()) {
    Json out = Json::array();
    for (const auto& item : node.items)
      if (auto v = value(item)) out.push_back(std::move(*v));
    return out;
  }
  return node.scalar;
}

std::string Evaluation::text(const Node& node) const {
  const auto v = value(node);
  const auto* call = intrinsic(node);
  return as_text(v ? *v : Json(), node.place, call ? call->key : "the template");
}

std::vector<Json> Evaluation::list(const Node& node, std::string_view function) const {
  const auto v = value(node);
  if (!v || !v->is_array()) refuse(node.place, fmt::format("Template error: {} needs a list here", function));
  return *v;
}

std::optional<Json> Evaluation::named(const std::string& name) const {
  if (const auto it = scope_.parameters.find(name); it != scope_.parameters.end()) return it->second;
  const PseudoParameters& pseudo = scope_.pseudo;
  if (name == "AWS::AccountId") return pseudo.account;
  if (name == "AWS::Region") return pseudo.region;
  if (name == "AWS::Partition") return "aws";
  if (name == "AWS::URLSuffix") return "amazonaws.com";
  if (name == "AWS::StackName") return pseudo.stack_name;
  if (name == "AWS::StackId") return pseudo.stack_id;
  if (name == "AWS::NotificationARNs") return Json::array();
  return std::nullopt;
}

std::optional<Json> Evaluation::ref(const Node& name) const {
  if (!name.is_string())
    refuse(name.place, "Template error: every Ref object must have a single String value");
  if (name.text() == "AWS::NoValue") return std::nullopt;
  if (auto v = named(name.text())) return v;
  return attribute({name.text(), "", name.place});
}

Json Evaluation::attribute(const Reference& reference) const {
  if (auto v = lookup_(reference.name, reference.attribute)) return std::move(*v);
  refuse(reference.place,
         fmt::format("Template error: resource {} does not support attribute type {} in Fn::GetAtt",
                     reference.name, reference.attribute));
}

Reference Evaluation::get_att_target(const Node& target) const {
  std::string name, attribute;
  if (target.is_string()) {
    const auto dot = std::min(target.text().find('.'), target.text().size());
    name = target.text().substr(0, dot);
    attribute = target.text().substr(std::min(dot + 1, target.text().size()));
  } else if (target.is_list() && target.items.size() == 2 && target.items[0].is_string()) {
    name = target.items[0].text();
    attribute = text(target.items[1]);  // the attribute may come from a parameter
  }
  if (name.empty() || attribute.empty()) refuse(target.place, fmt::format("Template error: {}", kGetAttRule));
  return {name, attribute, target.place};
}

std::optional<Json> Evaluation::get_att(const Node& target) const {
  return attribute(get_att_target(target));
}

std::optional<Json> Evaluation::sub(const Node& argument) const {
  const Node* text_node = &argument;
  const Node* own = nullptr;
  if (argument.is_list() && argument.items.size() == 2 && argument.items[1].is_map()) {
    text_node = &argument.items[0];
    own = &argument.items[1];
  }
  if (!text_node->is_string())
    refuse(
        argument.place,
        "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a "
        "string as first argument, and an optional second argument to specify a mapping of values to replace "
        "in the string");
  std::string out;
  for (const auto& piece : sub_pieces(text_node->text())) {
    if (!piece.is_name) {
      out += piece.text;
      continue;
    }
    const auto dot = piece.text.find('.');
    if (const Node* variable = own ? own->find(piece.text) : nullptr)
      out += text(*variable);
    else if (const auto v = named(piece.text))
      out += as_text(*v, argument.place, "Fn::Sub");
    else
      out += as_text(attribute({piece.text.substr(0, dot),
                                dot == std::string::npos ? "" : piece.text.substr(dot + 1), argument.place}),
                     argument.place, "Fn::Sub");
  }
  return out;
}

std::optional<Json> Evaluation::join(const Node& arguments) const {
  const std::string separator = text(argument(arguments, 0, 2, kJoinRule));
  std::string out;
  bool first = true;
  for (const auto& part : list(arguments.items[1], "Fn::Join")) {
    if (!std::exchange(first, false)) out += separator;
    out += as_text(part, arguments.place, "Fn::Join");
  }
  return out;
}

std::optional<Json> Evaluation::select(const Node& arguments) const {
  const std::string index = text(argument(arguments, 0, 2, kSelectRule));
  const auto values = list(arguments.items[1], "Fn::Select");
  const auto i = number_in<std::size_t>(index);
  if (!i || *i >= values.size())
    refuse(arguments.place,
           fmt::format("Template error: Fn::Select cannot select nonexistent value at index {}", index));
  return values[*i];
}

std::optional<Json> Evaluation::split(const Node& arguments) const {
  const std::string separator = text(argument(arguments, 0, 2, kSplitRule));
  const std::string whole = text(arguments.items[1]);
  if (separator.empty()) refuse(arguments.place, fmt::format("Template error: {}", kSplitRule));
  Json out = Json::array();
  for (std::size_t from = 0; from <= whole.size();) {
    const auto at = std::min(whole.find(separator, from), whole.size());
    out.push_back(whole.substr(from, at - from));
    from = at + separator.size();
  }
  return out;
}

const Node& Evaluation::branch(const Node& arguments) const {
  const Node& name = argument(arguments, 0, 3, kIfRule);
  if (!name.is_string()) refuse(arguments.place, fmt::format("Template error: {}", kIfRule));
  const Node* conditions = scope_.document.find("Conditions");
  if (!conditions || !conditions->find(name.text()))
    refuse(name.place,
           fmt::format("Template error: unresolved condition dependency {} in Fn::If", name.text()));
  return arguments.items[condition(name.text(), name.place) ? 1 : 2];
}

std::optional<Json> Evaluation::if_(const Node& arguments) const { return value(branch(arguments)); }

std::optional<Json> Evaluation::find_in_map(const Node& arguments) const {
  const std::string map = text(argument(arguments, 0, 3, kMapRule)), top = text(arguments.items[1]),
                    second = text(arguments.items[2]);
  const Node* found = scope_.document.at({"Mappings", map, top, second});
  if (!found)
    refuse(arguments.place,
           fmt::format("Template error: Unable to get mapping for {}::{}::{}", map, top, second));
  return found->json();
}

std::optional<Json> Evaluation::base64(const Node& text_node) const { return base64_encode(text(text_node)); }

std::optional<Json> Evaluation::import_value(const Node& name_node) const {
  const std::string name = text(name_node);
  if (const auto v = imports_(name)) return *v;
  refuse(name_node.place, fmt::format("No export named {} found", name));
}

std::optional<Json> Evaluation::get_azs(const Node& region_node) const {
  std::string region = text(region_node);
  if (region.empty()) region = scope_.pseudo.region;
  return Json::array({region + "a", region + "b", region + "c"});
}

bool Evaluation::condition(const std::string& name, const Place& from) const {
  const Node* definition = scope_.document.at({"Conditions", name});
  if (!definition) refuse(from, fmt::format("Template format error: Unresolved condition {}", name));
  if (std::ranges::find(deciding_, name) != deciding_.end())
    refuse(from, fmt::format("Template error: Found circular condition dependency between {} and {}",
                             deciding_.back(), name));
  deciding_.push_back(name);
  const bool result = holds(*definition);
  deciding_.pop_back();
  return result;
}

bool Evaluation::holds(const Node& node) const {
  const auto* call = node.is_map() && node.members.size() == 1 ? &node.members[0] : nullptr;
  if (call && call->key == "Condition" && call->value.is_string())
    return condition(call->value.text(), call->value.place);
  const Node* arguments = call && call->value.is_list() ? &call->value : nullptr;
  const std::size_t n = arguments ? arguments->items.size() : 0;
  if (call && call->key == "Fn::Equals" && n == 2)
    return value(arguments->items[0]) == value(arguments->items[1]);
  if (call && call->key == "Fn::Not" && n == 1) return !holds(arguments->items[0]);
  if (call && (call->key == "Fn::And" || call->key == "Fn::Or")) {
    if (n < 2 || n > 10)
      refuse(node.place, fmt::format("Template error: every {} object requires a list of at least 2 and at "
                                     "most 10 boolean parameters.",
                                     call->key));
    const auto each = [&](const Node& item) { return holds(item); };
    return call->key == "Fn::And" ? std::ranges::all_of(arguments->items, each)
                                  : std::ranges::any_of(arguments->items, each);
  }
  refuse(node.place,
         "Template format error: a condition must be Fn::Equals of two, Fn::Not of one, Fn::And or Fn::Or of "
         "2 to 10, or Condition");
}

void Evaluation::references(const Node& node, std::vector<Reference>& found) const {
  const auto* call = intrinsic(node);
  if (call && call->key == "Fn::If") return references(branch(call->value), found);
  if (call && call->key == "Ref" && call->value.is_string()) {
    const std::string& name = call->value.text();
    if (name != "AWS::NoValue" && !named(name)) found.push_back({name, "", node.place});
    return;
  }
  if (call && call->key == "Fn::GetAtt") {
    found.push_back(get_att_target(call->value));
    return;
  }
  if (call && call->key == "Fn::Sub") {
    const Node& argument_node = call->value;
    const bool with_map = argument_node.is_list() && argument_node.items.size() == 2;
    const Node& text_node = with_map ? argument_node.items[0] : argument_node;
    if (text_node.is_string())
      for (const auto& piece : sub_pieces(text_node.text())) {
        if (!piece.is_name || named(piece.text) || (with_map && argument_node.items[1].find(piece.text)))
          continue;
        const auto dot = piece.text.find('.');
        found.push_back({piece.text.substr(0, dot),
                         dot == std::string::npos ? "" : piece.text.substr(dot + 1), node.place});
      }
  }
  for (const auto& item : node.items) references(item, found);
  for (const auto& member : node.members) references(member.value, found);
}
}  // namespace emu::deploy
