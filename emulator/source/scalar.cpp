// Plain scalars: the core schema of YAML 1.2 with js-yaml's underscores, 0b and 0o.
#include <charconv>
#include <cmath>

#include "emulator/source/source.hpp"

namespace emu {
namespace {
bool digits_of(std::string_view text, int base) {
  if (text.empty() || text.back() == '_' || text.front() == '_' || text.back() == '_') return false;
  for (const char c : text) {
    const int value = c >= '0' && c <= '9'                 ? c - '0'
                      : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                                           : 99;
    if (c != '_' && value >= base) return false;
  }
  return true;
}

std::string without_underscores(std::string_view text) {
  std::string out(text);
  std::erase(out, '_');
  return out;
}

std::optional<Json> integer(std::string_view text) {
  bool negative = false;
  if (text.starts_with('-') || text.starts_with('+')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  int base = 10;
  if (text.starts_with("0b")) base = 2;
  if (text.starts_with("0o")) base = 8;
  if (text.starts_with("0x")) base = 16;
  if (base != 10) text.remove_prefix(2);
  if (!digits_of(text, base)) return std::nullopt;
  const std::string digits = without_underscores(text);
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (failed == std::errc{}) return Json(negative ? -value : value);
  double big = 0;
  for (const char c : digits) big = big * base + (c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
  return Json(negative ? -big : big);
}

std::optional<Json> floating(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789_.eE+-") != text.npos) return std::nullopt;
  if (text.find_first_of("0123456789") == text.npos || (text.front() | 32) == 'e' || text.front() == '_' ||
      text.back() == '_')
    return std::nullopt;
  std::string plain = without_underscores(text);
  if (plain.starts_with('+')) plain.erase(0, 1);
  double value = 0;
  const auto [end, failed] = std::from_chars(plain.data(), plain.data() + plain.size(), value);
  if (failed != std::errc{} || end != plain.data() + plain.size() || !std::isfinite(value))
    return std::nullopt;
  if (value == std::floor(value) && std::abs(value) < 9007199254740992.0)  // JavaScript prints 1.0 as 1
    return Json(static_cast<std::int64_t>(value));
  return Json(value);
}
}  // namespace

Json plain_scalar(std::string_view text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return nullptr;
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  if (auto n = integer(text)) return *n;
  if (auto n = floating(text)) return *n;
  return std::string(text);
}
}  // namespace emu
