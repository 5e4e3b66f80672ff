#include "emulator/services/sqs/handles.hpp"

#include "emulator/services/sqs/errors.hpp"
#include "emulator/services/sqs/message_rows.hpp"
#include "emulator/services/sqs/receipt_handle.hpp"

namespace emu::sqs {
namespace {
AwsError invalid_handle(std::string_view handle) {
  return {"ReceiptHandleIsInvalid",
          fmt::format("The input receipt handle \"{}\" is not a valid receipt handle.", handle)};
}
AwsError expired_handle(std::string_view handle) {
  return invalid_value(handle, "ReceiptHandle", "The receipt handle has expired.");
}
AwsError not_available(std::string_view handle) {
  return invalid_value(handle, "ReceiptHandle",
                       "Message does not exist or is not available for visibility timeout change.");
}

Result<ReceiptHandle> handle_of(const Queue& queue, std::string_view text) {
  const auto handle = ReceiptHandle::parse(text);
  if (!handle || handle->queue != queue.id) return invalid_handle(text);
  return *handle;
}

// Whether the receive that gave the handle still holds the message.
bool holds(const Messages& messages, Slot slot, const ReceiptHandle& handle) {
  return messages.hidden(slot) && messages.state(slot).nonce == handle.nonce;
}

// Stages the deletion. An older handle of a standard queue deletes as well; a FIFO queue wants the current
// one.
std::optional<AwsError> stage_deletion(const Queue& queue, const Messages& messages, std::string_view text,
                                       storage::Batch& batch, std::vector<std::uint64_t>& deleted) {
  const auto handle = handle_of(queue, text);
  if (!handle) return handle.error();
  const Slot slot = messages.received(handle->sequence);
  if (slot == kNone) return std::nullopt;  // it is deleted already
  if (queue.fifo && !holds(messages, slot, *handle)) return expired_handle(text);
  erase_message(batch, queue.id, handle->sequence);
  deleted.push_back(handle->sequence);
  return std::nullopt;
}

struct Changed {
  Slot slot;
  MessageState state;
};
std::optional<AwsError> stage_change(const Queue& queue, const Messages& messages,
                                     const VisibilityChange& change, Time now, storage::Batch& batch,
                                     std::vector<Changed>& changed) {
  const auto handle = handle_of(queue, change.handle);
  if (!handle) return handle.error();
  const Slot slot = messages.received(handle->sequence);
  if (slot == kNone || (queue.fifo && !holds(messages, slot, *handle))) return not_available(change.handle);
  auto state = messages.state(slot);
  state.visible_at = now + change.visibility;
  // The moment of the receive is past, so that the whole twelve hours are always too much.
  if (change.visibility >= kLongestVisibility || state.visible_at - state.last_received > kLongestVisibility)
    return invalid_value(std::chrono::duration_cast<std::chrono::seconds>(change.visibility).count(),
                         "VisibilityTimeout",
                         "Total VisibilityTimeout for the message is beyond the limit [43200 seconds]");
  state.attempt = kNoDigest;
  batch.put(state_row(queue.id, handle->sequence), encode_state(state));
  changed.push_back({slot, state});
  return std::nullopt;
}
}  // namespace

Result<Outcomes> delete_messages(Sqs& service, Queue& queue, std::span<const std::string> handles) {
  return queue.with(service.clock, [&](Queue::State& state, Time) -> Result<Outcomes> {
    if (state.deleted) return no_such_queue();
    Outcomes out;
    storage::Batch batch;
    std::vector<std::uint64_t> deleted;
    for (const auto& handle : handles)
      out.push_back(stage_deletion(queue, *state.messages, handle, batch, deleted));
    if (deleted.empty()) return out;
    state.stage_leftovers(batch, queue.id);
    service.disk.write(batch);
    for (const auto sequence : deleted)  // perhaps twice in one request
      if (const Slot slot = state.messages->received(sequence); slot != kNone) state.messages->remove(slot);
    return out;
  });
}

Result<Outcomes> change_visibility(Sqs& service, Queue& queue, std::span<const VisibilityChange> changes) {
  return queue.with(service.clock, [&](Queue::State& state, Time now) -> Result<Outcomes> {
    if (state.deleted) return no_such_queue();
    Outcomes out;
    storage::Batch batch;
    std::vector<Changed> changed;
    for (const auto& change : changes)
      out.push_back(stage_change(queue, *state.messages, change, now, batch, changed));
    if (changed.empty()) return out;
    service.disk.write(batch);
    for (const auto& one : changed) state.messages->change(one.slot, one.state);
    return out;
  });
}
}  // namespace emu::sqs
