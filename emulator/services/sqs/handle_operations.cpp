// DeleteMessage, ChangeMessageVisibility and their batches.
#include "emulator/services/sqs/batches.hpp"
#include "emulator/services/sqs/handles.hpp"
#include "emulator/services/sqs/queue_url.hpp"

namespace emu::sqs {
namespace {
struct DeleteMessageInput {
  std::optional<std::string> QueueUrl, ReceiptHandle;
};
BOOST_DESCRIBE_STRUCT(DeleteMessageInput, (), (QueueUrl, ReceiptHandle))

Result<Empty> delete_message(Sqs& service, Context& context, DeleteMessageInput in) {
  const auto queue = queue_of(service, context, in.QueueUrl);
  if (!queue) return queue.error();
  if (!in.ReceiptHandle) return missing_parameter("ReceiptHandle");
  auto outcome = delete_messages(service, **queue, std::span(&*in.ReceiptHandle, 1));
  if (!outcome) return std::move(outcome.error());
  if (outcome->front()) return std::move(*outcome->front());
  return Empty{};
}

std::optional<AwsError> visibility_fault(const std::optional<std::int64_t>& seconds) {
  if (!seconds) return missing_parameter("VisibilityTimeout");
  if (*seconds >= 0 && *seconds <= kLongestVisibility.count()) return std::nullopt;
  return invalid_value(*seconds, "VisibilityTimeout",
                       "VisibilityTimeout must be an integer between 0 and 43200.");
}

struct ChangeMessageVisibilityInput {
  std::optional<std::string> QueueUrl, ReceiptHandle;
  std::optional<std::int64_t> VisibilityTimeout;
};
BOOST_DESCRIBE_STRUCT(ChangeMessageVisibilityInput, (), (QueueUrl, ReceiptHandle, VisibilityTimeout))

Result<Empty> change_message_visibility(Sqs& service, Context& context, ChangeMessageVisibilityInput in) {
  const auto queue = queue_of(service, context, in.QueueUrl);
  if (!queue) return queue.error();
  if (!in.ReceiptHandle) return missing_parameter("ReceiptHandle");
  if (auto fault = visibility_fault(in.VisibilityTimeout)) return std::move(*fault);
  const VisibilityChange change{std::move(*in.ReceiptHandle), std::chrono::seconds(*in.VisibilityTimeout)};
  auto outcome = change_visibility(service, **queue, std::span(&change, 1));
  if (!outcome) return std::move(outcome.error());
  if (outcome->front()) return std::move(*outcome->front());
  return Empty{};
}

// The entries that can be asked for, and what came of each entry: faults found before, outcomes then.
struct Asked {
  explicit Asked(std::size_t entries) : outcomes(entries) {}
  std::vector<std::size_t> places;
  Outcomes outcomes;

  template <class Entry>
  PlainBatchResult told(std::vector<Entry>& entries, const Outcomes& answers) {
    for (std::size_t i = 0; i < places.size(); ++i) outcomes[places[i]] = answers[i];
    PlainBatchResult result;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      auto& id = *entries[i].Id;
      if (outcomes[i])
        result.fail(std::move(id), *outcomes[i]);
      else
        result.succeed({std::move(id)});
    }
    return result;
  }
};

struct DeleteMessageBatchRequestEntry {
  std::optional<std::string> Id, ReceiptHandle;
};
BOOST_DESCRIBE_STRUCT(DeleteMessageBatchRequestEntry, (), (Id, ReceiptHandle))
struct DeleteMessageBatchInput {
  std::optional<std::string> QueueUrl;
  std::optional<std::vector<DeleteMessageBatchRequestEntry>> Entries;
};
BOOST_DESCRIBE_STRUCT(DeleteMessageBatchInput, (), (QueueUrl, Entries))

Result<PlainBatchResult> delete_message_batch(Sqs& service, Context& context, DeleteMessageBatchInput in) {
  const auto queue = queue_of(service, context, in.QueueUrl);
  if (!queue) return queue.error();
  if (auto fault = entries_fault(in.Entries, "DeleteMessageBatchRequestEntry")) return std::move(*fault);
  auto& entries = *in.Entries;
  if (auto fault = repeated_id(entries)) return std::move(*fault);
  Asked asked(entries.size());
  std::vector<std::string> handles;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!entries[i].ReceiptHandle) {
      asked.outcomes[i] = missing_parameter("ReceiptHandle");
      continue;
    }
    asked.places.push_back(i);
    handles.push_back(std::move(*entries[i].ReceiptHandle));
  }
  const auto outcomes = delete_messages(service, **queue, handles);
  if (!outcomes) return outcomes.error();
  return asked.told(entries, *outcomes);
}

struct ChangeMessageVisibilityBatchRequestEntry {
  std::optional<std::string> Id, ReceiptHandle;
  std::optional<std::int64_t> VisibilityTimeout;
};
BOOST_DESCRIBE_STRUCT(ChangeMessageVisibilityBatchRequestEntry, (), (Id, ReceiptHandle, VisibilityTimeout))
struct ChangeMessageVisibilityBatchInput {
  std::optional<std::string> QueueUrl;
  std::optional<std::vector<ChangeMessageVisibilityBatchRequestEntry>> Entries;
};
BOOST_DESCRIBE_STRUCT(ChangeMessageVisibilityBatchInput, (), (QueueUrl, Entries))

Result<PlainBatchResult> change_message_visibility_batch(Sqs& service, Context& context,
                                                         ChangeMessageVisibilityBatchInput in) {
  const auto queue = queue_of(service, context, in.QueueUrl);
  if (!queue) return queue.error();
  if (auto fault = entries_fault(in.Entries, "ChangeMessageVisibilityBatchRequestEntry"))
    return std::move(*fault);
  auto& entries = *in.Entries;
  if (auto fault = repeated_id(entries)) return std::move(*fault);
  Asked asked(entries.size());
  std::vector<VisibilityChange> changes;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    auto fault = entries[i].ReceiptHandle ? visibility_fault(entries[i].VisibilityTimeout)
                                          : missing_parameter("ReceiptHandle");
    if (fault) {
      asked.outcomes[i] = std::move(fault);
      continue;
    }
    asked.places.push_back(i);
    changes.push_back(
        {std::move(*entries[i].ReceiptHandle), std::chrono::seconds(*entries[i].VisibilityTimeout)});
  }
  const auto outcomes = change_visibility(service, **queue, changes);
  if (!outcomes) return outcomes.error();
  return asked.told(entries, *outcomes);
}

constexpr Operation kRows[] = {op<delete_message>("DeleteMessage"),
                               op<delete_message_batch>("DeleteMessageBatch"),
                               op<change_message_visibility>("ChangeMessageVisibility"),
                               op<change_message_visibility_batch>("ChangeMessageVisibilityBatch")};
}  // namespace

std::span<const Operation> handle_operations() { return kRows; }
}  // namespace emu::sqs
