#include "emulator/services/gateway/validation/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "emulator/services/gateway/patterns.hpp"

namespace emu::gateway {
namespace {
constexpr int kDeepest = 64;
constexpr std::size_t kMostSteps = 500'000;  // anyOf within anyOf doubles the work at each level
constexpr std::string_view kTooLong = "[the document takes too long to validate]";

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

const Json* member(const Json& schema, std::string_view name) {
  const auto it = schema.find(name);
  return it == schema.end() ? nullptr : &*it;
}

// What one document may cost, whatever schemas refer to each other.
struct Effort {
  std::size_t steps = 0;
  std::map<std::string, std::optional<std::regex>> patterns = {};  // none: it is no pattern
  bool spent() const { return steps > kMostSteps; }
};

class Checker {
 public:
  Checker(const Json& root, const Json& models, Effort& effort)
      : root_(root), models_(models), effort_(effort) {}

  std::string check(const Json& value, const Json& schema, int depth) {
    ++effort_.steps;
    if (effort_.spent()) return std::string(kTooLong);
    if (!schema.is_object() || depth > kDeepest) return {};
    if (const auto* ref = member(schema, "$ref"); ref && ref->is_string())
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
    const auto* model = models_.is_object() ? member(models_, name) : nullptr;
    return model ? Checker(*model, models_, effort_).check(value, *model, depth + 1) : "";
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
    const auto it = schema.find("enum");
    if (it == schema.end() || !it->is_array()) return {};
    effort_.steps += it->size();
    if (std::ranges::find(*it, value) == it->end())
      return fmt::format("[instance value ({}) not found in enum (possible values: {})]", json_text(value),
                         it->dump());
    return {};
  }

  static bool says(const Json& schema, const char* name) {
    const auto* flag = member(schema, name);
    return flag && *flag == true;
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
        (given < bound || (given == bound && says(schema, "exclusiveMinimum"))))
      return fmt::format("[numeric instance is lower than the required minimum (minimum: {}, found: {})]",
                         bound, given);
    if (has(schema, "maximum", bound) &&
        (given > bound || (given == bound && says(schema, "exclusiveMaximum"))))
      return fmt::format("[numeric instance is greater than the required maximum (maximum: {}, found: {})]",
                         bound, given);
    if (has(schema, "multipleOf", bound) && bound > 0 && std::abs(std::remainder(given, bound)) > 1e-9)
      return "[remainder of division is not zero]";
    return {};
  }

  std::string text(const Json& value, const Json& schema, int) {
    if (!value.is_string()) return {};
    const auto& given = value.get_ref<const std::string&>();
    effort_.steps += given.size() / 16;
    double bound = 0;
    const auto length = static_cast<double>(characters(given));
    if (has(schema, "minLength", bound) && length < bound)
      return fmt::format("[string \"{}\" is too short (length: {}, required minimum: {})]", given, length,
                         bound);
    if (has(schema, "maxLength", bound) && length > bound)
      return fmt::format("[string \"{}\" is too long (length: {}, maximum allowed: {})]", given, length,
                         bound);
    const auto* pattern = member(schema, "pattern");
    if (!pattern || !pattern->is_string()) return {};
    const auto& wanted = pattern->get_ref<const std::string&>();
    if (given.size() > kLongestSubject) return "[string is too long to be matched]";
    effort_.steps += given.size() * written_size(wanted) / 16;
    if (effort_.spent()) return std::string(kTooLong);
    const auto* compiled = pattern_of(wanted);
    if (!compiled || !std::regex_match(given, *compiled))
      return fmt::format("[ECMA 262 regex \"{}\" does not match input string \"{}\"]", wanted, given);
    return {};
  }

  const std::regex* pattern_of(const std::string& text) {
    auto [it, fresh] = effort_.patterns.try_emplace(text);
    if (fresh) it->second = finding_pattern(text);  // what is no pattern matches nothing
    return it->second ? &*it->second : nullptr;
  }

  std::string object(const Json& value, const Json& schema, int depth) {
    if (!value.is_object()) return {};
    effort_.steps += value.size();
    std::string missing;
    if (const auto required = schema.find("required"); required != schema.end() && required->is_array()) {
      effort_.steps += required->size();
      for (const auto& name : *required)
        if (name.is_string() && !value.contains(name.get<std::string>()))
          missing += (missing.empty() ? "" : ",") + name.dump();
    }
    if (!missing.empty()) return fmt::format("[object has missing required properties ([{}])]", missing);
    const auto *properties = member(schema, "properties"),
               *additional = member(schema, "additionalProperties");
    for (const auto& [name, each] : value.items()) {
      const auto* of = properties && properties->is_object() ? member(*properties, name) : nullptr;
      if (!of) of = additional;
      if (of && of == additional && *additional == false)
        return fmt::format("[object instance has properties which are not allowed by the schema: [{}]]",
                           json_text(Json(name)));
      if (!of) continue;
      if (auto wrong = check(each, *of, depth + 1); !wrong.empty()) return wrong;
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
    if (auto wrong = elements(value, schema, depth); !wrong.empty()) return wrong;
    if (!says(schema, "uniqueItems")) return {};
    std::vector<const Json*> sorted;
    for (const auto& each : value) sorted.push_back(&each);
    std::ranges::sort(sorted, [](const Json* a, const Json* b) { return *a < *b; });
    const auto twin =
        std::ranges::adjacent_find(sorted, [](const Json* a, const Json* b) { return *a == *b; });
    return twin == sorted.end() ? "" : "[array must not contain duplicate elements]";
  }

  // One schema for all elements, or one for each of the first and "additionalItems" for those behind them.
  std::string elements(const Json& value, const Json& schema, int depth) {
    const auto *items = member(schema, "items"), *additional = member(schema, "additionalItems");
    if (!items) return {};
    const auto listed = items->is_array() ? items->size() : value.size();
    if (value.size() > listed && additional && *additional == false)
      return fmt::format("[array is too long: must have at most {} elements but instance has {} elements]",
                         listed, value.size());
    for (std::size_t i = 0; i < value.size(); ++i) {
      const auto* of = !items->is_array() ? items : i < listed ? &(*items)[i] : additional;
      if (!of) return {};
      if (auto wrong = check(value[i], *of, depth + 1); !wrong.empty()) return wrong;
    }
    return {};
  }

  std::string combined(const Json& value, const Json& schema, int depth) {
    const auto fitting = [&](const char* name) -> std::pair<std::size_t, std::size_t> {
      const auto it = schema.find(name);
      if (it == schema.end() || !it->is_array()) return {0, 0};
      std::size_t fits = 0;
      for (const auto& each : *it) {
        fits += check(value, each, depth + 1).empty();
        if (effort_.spent()) break;
      }
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
  Effort& effort_;
};

// Values that are no schemas.
constexpr std::string_view kValues[] = {"enum", "default", "example", "examples", "const"};
}  // namespace

void check_patterns(const Json& schema) {
  if (schema.is_array())
    for (const auto& each : schema) check_patterns(each);
  if (!schema.is_object()) return;
  for (const auto& [name, each] : schema.items()) {
    if (name == "pattern" && each.is_string())
      check_pattern(each.get_ref<const std::string&>(), "pattern in the model schema");
    else if (std::ranges::find(kValues, name) == std::end(kValues) || each.is_object())
      check_patterns(each);
  }
}

std::string misfit(const Json& document, const Json& schema, const Json& models) {
  Effort effort;
  auto wrong = Checker(schema, models, effort).check(document, schema, 0);
  return effort.spent() ? std::string(kTooLong) : wrong;
}
}  // namespace emu::gateway
