// What a client does with the messages it received: deletes them, or changes when they are visible again
// (spec-sqs 8). Each for several at once, in one batch on disk; the outcome of each by its place.
#pragma once
#include <span>

#include "emulator/services/sqs/sqs.hpp"

namespace emu::sqs {
// Of any VisibilityTimeout that a request gives, and in all since the receive (spec-sqs 7, 8).
inline constexpr std::chrono::seconds kLongestVisibility = std::chrono::hours(12);

using Outcomes = std::vector<std::optional<AwsError>>;  // none: done

// QueueDoesNotExist as a whole: it was deleted meanwhile.
Result<Outcomes> delete_messages(Sqs& service, Queue& queue, std::span<const std::string> handles);

struct VisibilityChange {
  std::string handle;
  Duration visibility;
};
Result<Outcomes> change_visibility(Sqs& service, Queue& queue, std::span<const VisibilityChange> changes);
}  // namespace emu::sqs
