#include "emulator/services/gateway/templates/methods.hpp"

#include <algorithm>

#include "emulator/base/text.hpp"
#include "emulator/services/gateway/patterns.hpp"
#include "emulator/services/gateway/templates/template.hpp"

namespace emu::gateway::velocity {
namespace {
constexpr std::size_t kMostText = 10 * 1024 * 1024, kMostParts = 100'000;

std::optional<std::size_t> index_of(const Json& value) {
  if (!value.is_number_integer() || value.get<std::int64_t>() < 0) return std::nullopt;
  return static_cast<std::size_t>(value.get<std::int64_t>());
}

[[noreturn]] void too_much() { throw TemplateError{"the template writes too much"}; }

std::string replaced_text(const std::string& text, const std::string& what, const std::string& with) {
  std::string out;
  std::size_t from = 0;
  for (auto at = what.empty() ? text.npos : text.find(what); at != text.npos; at = text.find(what, from)) {
    out.append(text, from, at - from).append(with);
    from = at + what.size();
    if (out.size() > kMostText) too_much();
  }
  return out.append(text, from);
}

// The text that a pattern matches, if it is one text only: "\\\\'" is a backslash and a quote.
std::optional<std::string> plain_text(std::string_view pattern) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool escapes = pattern[i] == '\\' && i + 1 < pattern.size();
    if (escapes && std::isalnum(static_cast<unsigned char>(pattern[i + 1]))) return std::nullopt;
    if (!escapes && std::string_view(".[]{}()*+?^$|\\").find(pattern[i]) != std::string_view::npos)
      return std::nullopt;
    out += pattern[escapes ? ++i : i];
  }
  return out;
}

std::optional<Json> replaced(const std::string& text, const std::string& pattern, const std::string& with) {
  const auto plain = with.find('$') == with.npos ? plain_text(pattern) : std::nullopt;
  if (plain && !plain->empty()) return replaced_text(text, *plain, with);
  if (text.size() > kLongestSubject) throw TemplateError{"replaceAll by a pattern in too long a text"};
  if (with.size() > kLongestPattern || !compiled_pattern(pattern)) return std::nullopt;
  const auto wanted = replacing_pattern(pattern, text.size());
  if (!wanted) throw TemplateError{"replaceAll by too costly a pattern in so long a text"};
  return std::regex_replace(text, *wanted, with);
}

Json split(const std::string& text, const std::string& separator) {
  Json out = Json::array();
  if (separator.empty()) return Json::array({text});
  std::size_t from = 0;
  for (auto at = text.find(separator); at != text.npos; at = text.find(separator, from)) {
    out.push_back(text.substr(from, at - from));
    from = at + separator.size();
    if (out.size() > kMostParts) too_much();
  }
  if (from < text.size() || out.empty()) out.push_back(text.substr(from));
  return out;
}

std::string trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t\r\n");
  if (from == text.npos) return {};
  return std::string(text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1));
}

std::optional<Json> of_text(const std::string& text, const std::string& name, const std::vector<Json>& in) {
  const auto arg = [&](std::size_t i) { return i < in.size() ? shown(in[i]) : std::string(); };
  if (name == "length") return text.size();
  if (name == "isEmpty") return text.empty();
  if (name == "trim") return trimmed(text);
  if (name == "toLowerCase") return lower(text);
  if (name == "toUpperCase") {
    auto out = text;
    std::ranges::transform(out, out.begin(), [](unsigned char c) { return std::toupper(c); });
    return out;
  }
  if (name == "contains") return text.find(arg(0)) != text.npos;
  if (name == "startsWith") return text.starts_with(arg(0));
  if (name == "endsWith") return text.ends_with(arg(0));
  if (name == "indexOf") {
    const auto at = text.find(arg(0));
    return at == text.npos ? Json(-1) : Json(at);
  }
  if (name == "replaceAll") return replaced(text, arg(0), arg(1));
  if (name == "replace") return replaced_text(text, arg(0), arg(1));
  if (name == "split") return split(text, arg(0));
  if (name == "substring") {
    const auto from = in.empty() ? std::nullopt : index_of(in[0]);
    const auto to = in.size() > 1 ? index_of(in[1]) : std::optional(text.size());
    if (!from || !to || *from > *to || *to > text.size()) return std::nullopt;
    return text.substr(*from, *to - *from);
  }
  return std::nullopt;
}

std::optional<Json> of_map(Json& map, const std::string& name, const std::vector<Json>& in) {
  const auto key = in.empty() ? std::string() : shown(in[0]);
  if (name == "get") return map.contains(key) ? map[key] : Json();
  if (name == "containsKey") return map.contains(key);
  if (name == "put" && in.size() == 2) {
    Json before = map.contains(key) ? map[key] : Json();
    map[key] = in[1];
    return before;
  }
  if (name == "remove") {
    Json before = map.contains(key) ? map[key] : Json();
    map.erase(key);
    return before;
  }
  Json out = Json::array();
  if (name == "keySet") {
    for (const auto& [k, v] : map.items()) out.push_back(k);
    return out;
  }
  if (name == "values") {
    for (const auto& v : map) out.push_back(v);
    return out;
  }
  if (name == "entrySet") {
    for (const auto& [k, v] : map.items()) out.push_back({{"key", k}, {"value", v}});
    return out;
  }
  return std::nullopt;
}

std::optional<Json> of_list(Json& list, const std::string& name, const std::vector<Json>& in) {
  if (name == "get" && in.size() == 1) {
    const auto i = index_of(in[0]);
    return i && *i < list.size() ? list[*i] : Json();
  }
  if (name == "add" && in.size() == 1) {
    list.push_back(in[0]);
    return true;
  }
  if (name == "contains" && in.size() == 1) return std::ranges::find(list, in[0]) != list.end();
  return std::nullopt;
}
}  // namespace

std::string shown(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_object()) return json_text(value);
  std::string out = "{";
  for (const auto& [key, each] : value.items()) {
    if (out.size() > 1) out += ", ";
    out += key + "=" + shown(each);
  }
  return out + "}";
}

std::optional<Json> call_method(Json& value, const std::string& name, const std::vector<Json>& arguments) {
  if (name == "toString") return shown(value);
  if (name == "equals" && arguments.size() == 1) return value == arguments[0];
  if (value.is_structured() && name == "size") return value.size();
  if (value.is_structured() && name == "isEmpty") return value.empty();
  if (value.is_string()) return of_text(value.get_ref<const std::string&>(), name, arguments);
  if (value.is_object()) return of_map(value, name, arguments);
  if (value.is_array()) return of_list(value, name, arguments);
  return std::nullopt;
}
}  // namespace emu::gateway::velocity
