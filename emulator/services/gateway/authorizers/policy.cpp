#include "emulator/services/gateway/authorizers/policy.hpp"

#include "emulator/base/text.hpp"

namespace emu::gateway {
namespace {
// A text, or one of a list of them.
template <class F>
bool any_of(const Json& statement, const char* member, F fits) {
  const auto it = statement.find(member);
  if (it == statement.end()) return false;
  if (it->is_string()) return fits(it->template get<std::string>());
  if (!it->is_array()) return false;
  for (const auto& each : *it)
    if (each.is_string() && fits(each.template get<std::string>())) return true;
  return false;
}

bool covers(const Json& statement, std::string_view arn) {
  static constexpr std::string_view kInvoke = "execute-api:invoke";
  const auto action = [&](const std::string& pattern) { return fits_wildcards(lower(pattern), kInvoke); };
  const auto resource = [&](const std::string& pattern) { return fits_wildcards(pattern, arn); };
  return any_of(statement, "Action", action) && any_of(statement, "Resource", resource);
}
}  // namespace

bool fits_wildcards(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, back = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      back = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++back;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

Verdict judge(const Json& policy, std::string_view arn) {
  auto out = Verdict::not_allowed;
  if (!policy.is_object() || !policy.contains("Statement")) return out;
  const Json& given = policy["Statement"];
  const Json statements = given.is_array() ? given : Json::array({given});
  for (const auto& statement : statements) {
    if (!statement.is_object() || !covers(statement, arn)) continue;
    const auto effect = statement.find("Effect");
    if (effect == statement.end()) continue;
    if (*effect == "Deny") return Verdict::denied;
    if (*effect == "Allow") out = Verdict::allowed;
  }
  return out;
}
}  // namespace emu::gateway
