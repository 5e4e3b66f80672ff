#include "emulator/services/sqs/checks/queue_check.hpp"

#include <fmt/format.h>

#include "emulator/base/digest.hpp"
#include "emulator/services/sqs/message.hpp"
#include "emulator/services/sqs/message_rows.hpp"

namespace emu::sqs {
namespace {
constexpr std::size_t kSlice = 300;
constexpr std::size_t kRowLength = 1 + 2 * sizeof(std::uint64_t);
}  // namespace

QueueCheck::QueueCheck(const storage::Engine& disk, const Scope& scope, std::string_view name,
                       const QueueRecord& record, Report& report)
    : disk_(disk),
      record_(record),
      fifo_(Settings::of(record).fifo),
      report_(report),
      queue_(fmt::format("queue {} ({}, {})", name, scope.account, scope.region)) {}

void QueueCheck::report(std::uint64_t sequence, std::string what) {
  report_.add({fmt::format("{}, message {}", queue_, sequence), std::move(what), kRestore});
}

// Rows up to the purge mark are as good as gone: the next start erases them.
template <class F>
void QueueCheck::each(storage::Space space, F visit) {
  storage::each_slice(
      disk_, storage::prefix(storage::Key(space).u64(record_.StorageId)), kSlice,
      [&](const std::vector<storage::Row>& rows) {
        for (const auto& row : rows) {
          if (row.first.size() != kRowLength)
            report_.add({queue_, fmt::format("the key {} is malformed", hex(row.first)), kRestore});
          else if (sequence_of(row.first) > record_.PurgedThrough)
            visit(row);
        }
      });
}

void QueueCheck::run() {
  each(storage::Space::message_states, [&](const storage::Row& row) { state(row); });
  each(storage::Space::messages, [&](const storage::Row& row) { body(row); });
  each(storage::Space::deduplications, [&](const storage::Row& row) { deduplication(row); });
}

void QueueCheck::state(const storage::Row& row) {
  report_.count("messages");
  const auto sequence = sequence_of(row.first);
  const auto state = decode_state(row.second);
  if (!state) return report(sequence, "its state cannot be read");
  if (!state->fresh && state->receives == 0) report(sequence, "it was received, but never counted");
  if (state->receives > 0 && state->first_received > state->last_received)
    report(sequence, "it was received last before it was received first");
  const auto stored = disk_.get(message_row(record_.StorageId, sequence).bytes());
  if (!stored) return report(sequence, "it has a state but no body");
  const auto message = decode_message(*stored);
  if (!message) return report(sequence, "its body cannot be read");
  if (md5(message->body) != message->body_md5) report(sequence, "its body is not the one that was sent");
  if (digest_of(message->group) != state->group) report(sequence, "its state names another group");
  if (fifo_ && message->group.empty()) report(sequence, "it has no group");
}

void QueueCheck::body(const storage::Row& row) {
  const auto sequence = sequence_of(row.first);
  if (!disk_.get(state_row(record_.StorageId, sequence).bytes()))
    report(sequence, "it has a body but no state");
}

void QueueCheck::deduplication(const storage::Row& row) {
  report_.count("deduplication ids");
  const auto sequence = sequence_of(row.first);
  const auto known = decode_duplicate(row.second);
  if (!known) return report(sequence, "its deduplication id cannot be read");
  if (!fifo_) report(sequence, "it has a deduplication id in a standard queue");
  const auto stored = disk_.get(message_row(record_.StorageId, sequence).bytes());
  const auto message = stored ? decode_message(*stored) : std::nullopt;
  if (message && message->id != known->message_id)
    report(sequence, "its deduplication id stands for another message");
}
}  // namespace emu::sqs
