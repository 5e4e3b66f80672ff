#include "emulator/services/dynamodb/constraints.hpp"

#include <fmt/ranges.h>

#include <algorithm>

namespace emu::dynamodb {
namespace {
constexpr std::size_t kMostEntries = 10;
constexpr std::size_t kLongestName = 255, kLongestArn = 1024;

bool name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '-';
}
}  // namespace

void Constraints::table_name(const std::optional<std::string>& name, Layer layer) {
  if (!name) return present(false, "tableName");
  if (name->empty()) {
    throw AwsError::validation(
        layer == Layer::older
            ? fmt::format(
                  "{}Value '' at 'tableName' failed to satisfy constraint: Member must have length greater "
                  "than or equal to 1",
                  kDetected)
            : fmt::format(
                  "{}Value at 'TableName' failed to satisfy constraint: Member must have length greater than "
                  "or equal to 1",
                  kDetected));
  }
  const bool arn = name->starts_with("arn:");
  if (!arn && !std::ranges::all_of(*name, name_character))
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
  static constexpr std::string_view kPrinted[] = {"ALL", "OR"};  // AWS's own mistake
  if (value && std::ranges::find(kAllowed, *value) == std::end(kAllowed))
    enumerated(value, "conditionalOperator", layer == Layer::prefixed ? Values(kPrinted) : Values(kAllowed));
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

void Constraints::finish() const {
  if (entries_.empty()) return;
  const auto shown = std::span(entries_).first(std::min(entries_.size(), kMostEntries));
  throw AwsError::validation(fmt::format("{} validation error{} detected: {}", entries_.size(),
                                         entries_.size() == 1 ? "" : "s", fmt::join(shown, "; ")));
}
}  // namespace emu::dynamodb
