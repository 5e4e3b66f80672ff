// What the three batch operations have in common (spec-sqs 9): the checks of the whole request, and results
// by entry.
#pragma once
#include <set>
#include <span>

#include "emulator/services/sqs/errors.hpp"
#include "emulator/wire/json.hpp"

namespace emu::sqs {
inline constexpr std::size_t kMostEntries = 10;  // spec-sqs 9

struct BatchResultErrorEntry {
  std::string Id;
  bool SenderFault = true;
  std::string Code;
  std::string Message;
};
BOOST_DESCRIBE_STRUCT(BatchResultErrorEntry, (), (Id, SenderFault, Code, Message))

// Absent rather than empty, both of them.
template <class Entry>
struct BatchResult {
  std::optional<std::vector<Entry>> Successful;
  std::optional<std::vector<BatchResultErrorEntry>> Failed;

  void succeed(Entry entry) {
    if (!Successful) Successful.emplace();
    Successful->push_back(std::move(entry));
  }
  void fail(std::string id, const AwsError& error) {
    if (!Failed) Failed.emplace();
    Failed->push_back({std::move(id), error.http_status < 500, error.code, error.message});
  }
};
struct BatchResultEntry {
  std::string Id;
};
BOOST_DESCRIBE_STRUCT(BatchResultEntry, (), (Id))
using PlainBatchResult = BatchResult<BatchResultEntry>;
BOOST_DESCRIBE_STRUCT(PlainBatchResult, (), (Successful, Failed))

// `entry` is the model's name of an entry, which the texts say.
std::optional<AwsError> entries_fault(std::size_t count, std::string_view entry);
std::optional<AwsError> id_fault(std::string_view id);

// How many there are, then each Id.
template <class E>
std::optional<AwsError> entries_fault(const std::optional<std::vector<E>>& entries, std::string_view entry) {
  if (!entries) return missing_parameter("Entries");
  if (auto fault = entries_fault(entries->size(), entry)) return fault;
  for (std::size_t i = 0; i < entries->size(); ++i) {
    const auto& id = (*entries)[i].Id;
    if (!id) return missing_parameter(fmt::format("{}.{}.Id", entry, i + 1));
    if (auto fault = id_fault(*id)) return fault;
  }
  return std::nullopt;
}
template <class E>
std::optional<AwsError> repeated_id(const std::vector<E>& entries) {
  std::set<std::string_view> seen;
  for (const auto& e : entries)
    if (!seen.insert(*e.Id).second)
      return AwsError{"BatchEntryIdsNotDistinct", fmt::format("Id {} repeated.", *e.Id)};
  return std::nullopt;
}
}  // namespace emu::sqs
