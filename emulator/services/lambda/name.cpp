#include "emulator/services/lambda/name.hpp"

#include <algorithm>
#include <array>

namespace emu::lambda {
namespace {
constexpr std::string_view kPlainPattern =
    R"((arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?)";
constexpr std::string_view kNamespacedPattern =
    R"((arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_\.]+)(:(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+))?)";
constexpr std::string_view kQualifierPattern = R"(\$(LATEST(\.PUBLISHED)?)|[a-zA-Z0-9-_$]+)";
constexpr std::size_t kLongestPlain = 140, kLongestNamespaced = 170;  // FunctionName, NamespacedFunctionName
constexpr std::size_t kLongestName = 64, kLongestQualifier = 128;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_letter(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }
bool is_word(char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; }

bool is_name(std::string_view text, NameShape shape) {
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return is_word(c) || (c == '.' && shape == NameShape::namespaced);
  });
}
bool is_name_qualifier(std::string_view text, NameShape shape) {
  if (text == kLatest || (text == "$LATEST.PUBLISHED" && shape == NameShape::namespaced)) return true;
  return !text.empty() && std::ranges::all_of(text, is_word);
}
bool is_account(std::string_view text) { return text.size() == 12 && std::ranges::all_of(text, is_digit); }
bool is_partition(std::string_view text) {
  if (text.empty()) return true;
  return text.starts_with("aws") &&
         std::ranges::all_of(text.substr(3), [](char c) { return is_letter(c) || c == '-'; });
}
// (eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d
bool is_region(std::string_view text) {
  if (text.starts_with("eusc-")) text.remove_prefix(5);
  if (text.size() < 3 || !is_lower(text[0]) || !is_lower(text[1])) return false;
  text.remove_prefix(2);
  if (text.starts_with("-gov-")) {
    text.remove_prefix(4);
  } else if (text.starts_with("-iso")) {
    const bool lettered = text.size() > 5 && is_lower(text[4]) && text[5] == '-';
    const std::size_t length = lettered ? 5 : 4;
    if (text.size() > length && text[length] == '-') text.remove_prefix(length);
  }
  const auto dash = text.rfind('-');
  if (text[0] != '-' || dash < 2 || dash == text.npos || dash + 2 != text.size() || !is_digit(text.back()))
    return false;
  return std::ranges::all_of(text.substr(1, dash - 1), is_lower);
}

std::string_view pattern_of(NameShape shape) {
  return shape == NameShape::plain ? kPlainPattern : kNamespacedPattern;
}
}  // namespace

std::optional<NameParts> split_name(std::string_view text, NameShape shape) {
  std::array<std::string_view, 9> parts;  // the longest form has eight
  std::size_t count = 0;
  for (auto rest = text; count < parts.size();) {
    const auto colon = rest.find(':');
    parts[count++] = rest.substr(0, colon);
    if (colon == rest.npos) break;
    rest.remove_prefix(colon + 1);
  }
  if (count == parts.size()) return std::nullopt;
  std::size_t at = 0;
  NameParts out;
  if (count >= 4 && parts[0] == "arn" && is_partition(parts[1]) && parts[2] == "lambda") at = 3;
  // An optional part is one only if a name follows; "arn:…:function" is the function named function.
  const auto followed = [&] { return at + 1 < count && is_name(parts[at + 1], shape); };
  if (is_region(parts[at]) && followed()) out.region = parts[at++];
  if (is_account(parts[at]) && followed()) out.account = parts[at++];
  if (parts[at] == "function" && followed()) ++at;
  out.name = parts[at++];
  if (!is_name(out.name, shape)) return std::nullopt;
  if (at < count) {
    out.qualifier = parts[at++];
    if (!is_name_qualifier(out.qualifier, shape)) return std::nullopt;
  }
  return at == count ? std::optional(out) : std::nullopt;
}

Scope scope_of(const NameParts& parts) {
  Scope scope;
  if (!parts.account.empty()) scope.account = parts.account;
  if (!parts.region.empty()) scope.region = parts.region;
  return scope;
}

bool is_qualifier(std::string_view text) {
  if (text == "$LATEST.PUBLISHED") return true;
  return !text.empty() && std::ranges::all_of(text, [](char c) { return is_word(c) || c == '$'; });
}

bool is_version(std::string_view text) {
  return text == kLatest || (!text.empty() && std::ranges::all_of(text, is_digit));
}

std::string function_arn(const Scope& scope, std::string_view name, std::string_view qualifier) {
  return fmt::format("arn:aws:lambda:{}:{}:function:{}{}{}", scope.region, scope.account, name,
                     qualifier.empty() ? "" : ":", qualifier);
}

std::string FunctionName::arn(const Scope& scope) const { return function_arn(scope, name, qualifier); }
std::string FunctionName::unqualified_arn(const Scope& scope) const { return function_arn(scope, name); }

FunctionName parse_name(const Scope& scope, std::string_view text,
                        const std::optional<std::string>& qualifier, NameShape shape) {
  const auto parts = split_name(text, shape);
  Violations violations;
  if (!parts) violations.pattern(text, "functionName", pattern_of(shape));
  violations.longest(text, "functionName", shape == NameShape::plain ? kLongestPlain : kLongestNamespaced);
  if (qualifier && !qualifier->empty()) {
    if (!is_qualifier(*qualifier)) violations.pattern(*qualifier, "qualifier", kQualifierPattern);
    violations.longest(*qualifier, "qualifier", kLongestQualifier);
  }
  violations.raise();
  if (!parts->account.empty() && parts->account != scope.account) throw access_denied();
  if (!parts->region.empty() && parts->region != scope.region)
    throw not_found(fmt::format("Functions from '{}' are not reachable in this region ('{}')", parts->region,
                                scope.region));
  FunctionName out{std::string(parts->name), std::string(parts->qualifier)};
  if (qualifier && !qualifier->empty()) {
    if (!out.qualifier.empty() && out.qualifier != *qualifier)
      throw invalid_parameter(
          "The derived qualifier from the function name does not match the specified qualifier.");
    out.qualifier = *qualifier;
  }
  return out;
}

FunctionName parse_unqualified(const Scope& scope, std::string_view text) {
  return parse_name(scope, text, std::nullopt, NameShape::plain);
}

FunctionName parse_new_name(const Scope& scope, std::string_view text) {
  auto out = parse_name(scope, text, std::nullopt, NameShape::plain);
  Violations violations;
  violations.longest(out.name, "functionName", kLongestName);
  if (!violations.empty()) throw invalid_parameter(violations.text());
  return out;
}
}  // namespace emu::lambda
