#include "emulator/services/gateway/validation/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <regex>

namespace emu::gateway {
namespace {
constexpr int kDeepest = 64;
constexpr std::size_t kLongestSubject = 10'000;  // of a pattern: std::regex recurses per character

bool is_type(const Json& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "null") return value.is_null();
  if (type == "number") return value.is_number();
  if (type == "integer")
    return value.is_number_integer() ||
           (value.is_number() && std::floor(value.get<double>()) == value.get<double>());
  return true;
}

std::string type_of(const Json& value) {
  if (value.is_number_integer()) return "integer";
  return value.type_name();
}

std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](unsigned char c) { return (c & 0xc0) != 0x80; }));
}

class Checker {
 public:
  Checker(const Json& root, const Json& models) : root_(root), models_(models) {}

  std::string check(const Json& value, const Json& schema, int depth) {
    if (!schema.is_object() || depth > kDeepest) return {};
    if (const auto ref = schema.find("$ref"); ref != schema.end() && ref->is_string())
      return referred(value, ref->get<std::string>(), depth);
    for (const auto part : {&Checker::type, &Checker::number, &Checker::text, &Checker::object,
                            &Checker::array, &Checker::combined})
      if (auto wrong = (this->*part)(value, schema, depth); !wrong.empty()) return wrong;
    return {};
  }

 private:
  std::string referred(const Json& value, const std::string& ref, int depth) {
    if (ref.starts_with("#")) {
      try {
        return check(value, root_.at(Json::json_pointer(ref.substr(1))), depth + 1);
      } catch (const Json::exception&) {
        return {};
      }
    }
    const auto name = ref.substr(ref.rfind('/') + 1);
    return models_.contains(name) ? Checker(models_[name], models_).check(value, models_[name], depth + 1)
                                  : "";
  }

  std::string type(const Json& value, const Json& schema, int) {
    if (const auto it = schema.find("type"); it != schema.end()) {
      const bool fits =
          it->is_string() ? is_type(value, it->get<std::string>())
          : it->is_array()
              ? std::ranges::any_of(
                    *it, [&](const Json& t) { return t.is_string() && is_type(value, t.get<std::string>()); })
              : true;
      if (!fits)
        return fmt::format("[instance type ({}) does not match any allowed primitive type (allowed: {})]",
                           type_of(value), it->is_array() ? it->dump() : "[" + it->dump() + "]");
    }
    if (const auto it = schema.find("enum");
        it != schema.end() && it->is_array() && std::ranges::find(*it, value) == it->end())
      return fmt::format("[instance value ({}) not found in enum (possible values: {})]", json_text(value),
                         it->dump());
    return {};
  }

  static bool has(const Json& schema, const char* name, double& out) {
    const auto it = schema.find(name);
    if (it == schema.end() || !it->is_number()) return false;
    out = it->get<double>();
    return true;
  }

  std::string number(const Json& value, const Json& schema, int) {
    if (!value.is_number()) return {};
    const auto given = value.get<double>();
    double bound = 0;
    if (has(schema, "minimum", bound) &&
        (given < bound || (given == bound && schema.value("exclusiveMinimum", Json()) == true)))
      return fmt::format("[numeric instance is lower than the required minimum (minimum: {}, found: {})]",
                         bound, given);
    if (has(schema, "maximum", bound) &&
        (given > bound || (given == bound && schema.value("exclusiveMaximum", Json()) == true)))
      return fmt::format("[numeric instance is greater than the required maximum (maximum: {}, found: {})]",
                         bound, given);
    if (has(schema, "multipleOf", bound) && bound > 0 && std::abs(std::remainder(given, bound)) > 1e-9)
      return "[remainder of division is not zero]";
    return {};
  }

  std::string text(const Json& value, const Json& schema, int) {
    if (!value.is_string()) return {};
    const auto& given = value.get_ref<const std::string&>();
    double bound = 0;
    const auto length = static_cast<double>(characters(given));
    if (has(schema, "minLength", bound) && length < bound)
      return fmt::format("[string \"{}\" is too short (length: {}, required minimum: {})]", given, length,
                         bound);
    if (has(schema, "maxLength", bound) && length > bound)
      return fmt::format("[string \"{}\" is too long (length: {}, maximum allowed: {})]", given, length,
                         bound);
    const auto pattern = schema.find("pattern");
    if (pattern == schema.end() || !pattern->is_string()) return {};
    if (given.size() > kLongestSubject) return "[string is too long to be matched]";
    try {
      if (!std::regex_search(given, std::regex(pattern->get<std::string>(), std::regex::ECMAScript)))
        return fmt::format("[ECMA 262 regex \"{}\" does not match input string \"{}\"]",
                           pattern->get<std::string>(), given);
    } catch (const std::regex_error&) {
      return {};
    }
    return {};
  }

  std::string object(const Json& value, const Json& schema, int depth) {
    if (!value.is_object()) return {};
    std::string missing;
    if (const auto required = schema.find("required"); required != schema.end() && required->is_array())
      for (const auto& name : *required)
        if (name.is_string() && !value.contains(name.get<std::string>()))
          missing += (missing.empty() ? "" : ",") + name.dump();
    if (!missing.empty()) return fmt::format("[object has missing required properties ([{}])]", missing);
    const Json properties = schema.value("properties", Json::object());
    const Json additional = schema.value("additionalProperties", Json(true));
    for (const auto& [name, each] : value.items()) {
      const auto known = properties.find(name);
      if (known == properties.end() && additional == false)
        return fmt::format("[object instance has properties which are not allowed by the schema: [{}]]",
                           Json(name).dump());
      if (auto wrong = check(each, known == properties.end() ? additional : *known, depth + 1);
          !wrong.empty())
        return wrong;
    }
    double bound = 0;
    const auto size = static_cast<double>(value.size());
    if ((has(schema, "minProperties", bound) && size < bound) ||
        (has(schema, "maxProperties", bound) && size > bound))
      return "[object has a wrong number of properties]";
    return {};
  }

  std::string array(const Json& value, const Json& schema, int depth) {
    if (!value.is_array()) return {};
    double bound = 0;
    const auto size = static_cast<double>(value.size());
    if (has(schema, "minItems", bound) && size < bound)
      return fmt::format("[array is too short: must have at least {} elements but instance has {} elements]",
                         bound, size);
    if (has(schema, "maxItems", bound) && size > bound)
      return fmt::format("[array is too long: must have at most {} elements but instance has {} elements]",
                         bound, size);
    const Json items = schema.value("items", Json::object());
    for (std::size_t i = 0; i < value.size(); ++i) {
      const Json& of = items.is_array() ? (i < items.size() ? items[i] : items.back()) : items;
      if (auto wrong = check(value[i], of, depth + 1); !wrong.empty()) return wrong;
    }
    if (schema.value("uniqueItems", Json()) == true)
      for (std::size_t i = 0; i < value.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
          if (value[i] == value[j]) return "[array must not contain duplicate elements]";
    return {};
  }

  std::string combined(const Json& value, const Json& schema, int depth) {
    const auto fitting = [&](const char* name) -> std::pair<std::size_t, std::size_t> {
      const auto it = schema.find(name);
      if (it == schema.end() || !it->is_array()) return {0, 0};
      std::size_t fits = 0;
      for (const auto& each : *it) fits += check(value, each, depth + 1).empty();
      return {fits, it->size()};
    };
    if (const auto [fits, all] = fitting("allOf"); fits < all)
      return "[instance failed to match all required schemas]";
    if (const auto [fits, all] = fitting("anyOf"); all > 0 && fits == 0)
      return "[instance failed to match at least one required schema]";
    if (const auto [fits, all] = fitting("oneOf"); all > 0 && fits != 1)
      return "[instance failed to match exactly one schema]";
    if (schema.contains("not") && check(value, schema["not"], depth + 1).empty())
      return "[instance matched a schema which it should not have]";
    return {};
  }

  const Json& root_;
  const Json& models_;
};
}  // namespace

std::string misfit(const Json& document, const Json& schema, const Json& models) {
  return Checker(schema, models).check(document, schema, 0);
}
}  // namespace emu::gateway
