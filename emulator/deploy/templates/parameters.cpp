#include "emulator/deploy/templates/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <regex>

#include "emulator/source/source.hpp"

namespace emu::deploy {
namespace {
[[noreturn]] void refuse(const Place& place, std::string text) { throw Problems(place, std::move(text)); }

constexpr std::string_view kAttributes[] = {
    "Type",        "Default",   "AllowedValues", "AllowedPattern", "ConstraintDescription",
    "Description", "MaxLength", "MinLength",     "MaxValue",       "MinValue",
    "NoEcho"};

double number(const std::string& text, const std::string& name, const Place& place) {
  const Json n = plain_scalar(text);
  if (!n.is_number()) refuse(place, fmt::format("Parameter '{}' must be a number.", name));
  return n.get<double>();
}

Json list_of(const std::string& text) {
  Json out = Json::array();
  for (std::size_t from = 0; from <= text.size();) {
    const auto comma = std::min(text.find(',', from), text.size());
    auto item = text.substr(from, comma - from);
    item.erase(0, std::min(item.find_first_not_of(' '), item.size()));
    while (item.ends_with(' ')) item.pop_back();
    out.push_back(std::move(item));
    from = comma + 1;
  }
  return out;
}

bool matches(const std::string& value, const Node& pattern) {
  try {
    return std::regex_match(value, std::regex(pattern.as_text()));
  } catch (const std::regex_error&) {
    refuse(pattern.place, "AllowedPattern is no regular expression");
  }
}

void check(const std::string& name, const Node& definition, const std::string& value) {
  const auto limit = [&](std::string_view key) -> std::optional<double> {
    const Node* n = definition.find(key);
    return n ? std::optional(number(n->as_text(), std::string(key), n->place)) : std::nullopt;
  };
  const Node* allowed = definition.find("AllowedValues");
  if (allowed && std::ranges::none_of(allowed->items, [&](const Node& n) { return n.as_text() == value; }))
    refuse(allowed->place, fmt::format("Parameter '{}' must be one of AllowedValues", name));
  if (const Node* pattern = definition.find("AllowedPattern"); pattern && !matches(value, *pattern))
    refuse(pattern->place, fmt::format("Parameter '{}' must match pattern {}", name, pattern->as_text()));
  const auto size = static_cast<double>(value.size());
  if (const auto least = limit("MinLength"); least && size < *least)
    refuse(definition.place, fmt::format("Parameter '{}' must contain at least {} characters", name, *least));
  if (const auto most = limit("MaxLength"); most && size > *most)
    refuse(definition.place, fmt::format("Parameter '{}' must contain at most {} characters", name, *most));
  if (const auto least = limit("MinValue"); least && number(value, name, definition.place) < *least)
    refuse(definition.place, fmt::format("Parameter '{}' must be a number not less than {}", name, *least));
  if (const auto most = limit("MaxValue"); most && number(value, name, definition.place) > *most)
    refuse(definition.place, fmt::format("Parameter '{}' must be a number not greater than {}", name, *most));
}
}  // namespace

std::map<std::string, Json> parameter_values(const Node& declared, const Parameters& given) {
  std::map<std::string, Json> out;
  for (const auto& [name, value] : given)
    if (!declared.find(name))
      refuse(declared.place, fmt::format("Parameters: [{}] do not exist in the template", name));
  for (const auto& [name, definition] : declared.members) {
    for (const auto& attribute : definition.members)
      if (std::ranges::find(kAttributes, attribute.key) == std::end(kAttributes))
        refuse(attribute.value.place, fmt::format("Invalid template parameter property '{}'", attribute.key));
    const Node* type = definition.find("Type");
    if (!type || !type->is_string())
      refuse(definition.place,
             fmt::format("Template format error: Every Parameters object must contain a Type member. ({})",
                         name));
    if (type->text().starts_with("AWS::SSM::"))
      refuse(type->place, fmt::format("parameters of type {} are not supported yet", type->text()));
    const auto it = given.find(name);
    const Node* otherwise = definition.find("Default");
    if (it == given.end() && !otherwise)
      refuse(definition.place, fmt::format("Parameters: [{}] must have values", name));
    const std::string value = it != given.end() ? it->second : otherwise->as_text();
    if (type->text() == "Number") number(value, name, definition.place);
    const bool is_list = type->text() == "CommaDelimitedList" || type->text().starts_with("List<");
    if (!is_list) check(name, definition, value);
    out[name] = is_list ? list_of(value) : Json(value);
  }
  return out;
}
}  // namespace emu::deploy
