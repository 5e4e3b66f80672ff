#include "emulator/services/dynamodb/constraints.hpp"

#include <fmt/ranges.h>

#include <algorithm>

namespace emu::dynamodb {
namespace {
constexpr std::size_t kMostEntries = 10;
constexpr std::size_t kLongestName = 255, kLongestArn = 1024;

}  // namespace

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '-';
}

void Constraints::table_name(const std::optional<std::string>& name, Layer layer) {
  if (!name) return present(false, "tableName");
  if (name->empty()) {
    constexpr std::string_view kRule =
        "failed to satisfy constraint: Member must have length greater than or equal to 1";
    if (layer == Layer::older) return add(fmt::format("Value '' at 'tableName' {}", kRule));
    throw AwsError::validation(fmt::format("{}Value at 'TableName' {}", kDetected, kRule));
  }
  const bool arn = name->starts_with("arn:");
  if (!arn && !std::ranges::all_of(*name, is_name_character))
    add(fmt::format(
        "Value '{}' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression "
        "pattern: [a-zA-Z0-9_.-]+",
        *name));
  if (const auto most = arn ? kLongestArn : kLongestName; name->size() > most)
    add(
        fmt::format("Value '{}' at 'tableName' failed to satisfy constraint: Member must have length less "
                    "than or equal to {}",
                    *name, most));
}

void Constraints::present(bool is_present, std::string_view path) {
  if (!is_present)
    add(fmt::format("Value null at '{}' failed to satisfy constraint: Member must not be null", path));
}

void Constraints::enumerated(const std::optional<std::string>& value, std::string_view path, Values allowed) {
  if (value && std::ranges::find(allowed, *value) == allowed.end())
    add(fmt::format(
        "Value '{}' at '{}' failed to satisfy constraint: Member must satisfy enum value set: [{}]", *value,
        path, fmt::join(allowed, ", ")));
}

void Constraints::return_values(const std::optional<std::string>& value, Layer layer) {
  static constexpr std::string_view kAllowed[] = {"ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW"};
  if (layer != Layer::prefixed) return enumerated(value, "returnValues", kAllowed);
  if (value && std::ranges::find(kAllowed, *value) == std::end(kAllowed))  // AWS's own misspelling
    add("Failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, "
        "UPDATE_NEW, NONE]");
}

void Constraints::conditional_operator(const std::optional<std::string>& value, Layer layer) {
  static constexpr std::string_view kAllowed[] = {"OR", "AND"};
  if (layer == Layer::older) return enumerated(value, "conditionalOperator", kAllowed);
  if (!value || std::ranges::find(kAllowed, *value) != std::end(kAllowed)) return;
  std::string text =
      "Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]";  // AWS's own mistake
  if (layer == Layer::current) throw AwsError::validation(std::move(text));           // Query: bare and alone
  add(std::move(text));
}

void Constraints::at_least(std::optional<std::int64_t> value, std::string_view path, std::int64_t least) {
  if (value && *value < least)
    add(fmt::format(
        "Value '{}' at '{}' failed to satisfy constraint: Member must have value greater than or equal to {}",
        *value, path, least));
}

void Constraints::at_most(std::optional<std::int64_t> value, std::string_view path, std::int64_t most) {
  if (value && *value > most)
    add(fmt::format(
        "Value '{}' at '{}' failed to satisfy constraint: Member must have value less than or equal to {}",
        *value, path, most));
}

void Constraints::length(const std::optional<std::string>& value, std::string_view path, std::size_t least,
                         std::size_t most) {
  const auto refuse = [&](std::string_view bound, std::size_t length) {
    add(fmt::format(
        "Value '{}' at '{}' failed to satisfy constraint: Member must have length {} than or equal to {}",
        *value, path, bound, length));
  };
  if (value && value->size() < least) refuse("greater", least);
  if (value && value->size() > most) refuse("less", most);
}

void Constraints::finish() const {
  if (entries_.empty()) return;
  const auto shown = std::span(entries_).first(std::min(entries_.size(), kMostEntries));
  throw AwsError::validation(fmt::format("{} validation error{} detected: {}", entries_.size(),
                                         entries_.size() == 1 ? "" : "s", fmt::join(shown, "; ")));
}
}  // namespace emu::dynamodb
