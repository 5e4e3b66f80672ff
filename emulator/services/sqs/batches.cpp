#include "emulator/services/sqs/batches.hpp"

#include <algorithm>

namespace emu::sqs {
std::optional<AwsError> entries_fault(std::size_t count, std::string_view entry) {
  if (count == 0)
    return AwsError{"EmptyBatchRequest",
                    fmt::format("There should be at least one {} in the request.", entry)};
  if (count > kMostEntries)
    return AwsError{"TooManyEntriesInBatchRequest",
                    fmt::format("Maximum number of entries per request are 10. You have sent {}.", count)};
  return std::nullopt;
}

std::optional<AwsError> id_fault(std::string_view id) {
  constexpr std::size_t kLongest = 80;  // spec-sqs 9
  const bool proper = !id.empty() && id.size() <= kLongest && std::ranges::all_of(id, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_';
  });
  if (proper) return std::nullopt;
  return AwsError{
      "InvalidBatchEntryId",
      "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be "
      "at most 80 letters long."};
}
}  // namespace emu::sqs
