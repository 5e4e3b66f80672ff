// Where the rows of a queue's messages are: its body, its state, and what its deduplication id stands for,
// each under the queue's StorageId and the message's sequence number (docs/storage-format.md). The body is
// written once; the state, some forty bytes, with every receive.
#pragma once
#include "emulator/services/sqs/core/messages.hpp"
#include "storage/engine.hpp"

namespace emu::sqs {
inline storage::Key message_row(std::uint64_t queue, std::uint64_t sequence) {
  return storage::Key(storage::Space::messages).u64(queue).u64(sequence);
}
inline storage::Key state_row(std::uint64_t queue, std::uint64_t sequence) {
  return storage::Key(storage::Space::message_states).u64(queue).u64(sequence);
}
inline storage::Key deduplication_row(std::uint64_t queue, std::uint64_t sequence) {
  return storage::Key(storage::Space::deduplications).u64(queue).u64(sequence);
}
// The spaces in the order in which a queue's rows are erased: a message without a state is none.
inline constexpr storage::Space kMessageSpaces[] = {storage::Space::message_states, storage::Space::messages,
                                                    storage::Space::deduplications};
std::uint64_t sequence_of(storage::BytesView row);  // of any of the three

storage::Bytes encode_state(const MessageState& state);
std::optional<MessageState> decode_state(storage::BytesView row);

struct Duplicate {
  Digest id;
  Time accepted;
  std::string message_id;
};
storage::Bytes encode_duplicate(const Duplicate& duplicate);
std::optional<Duplicate> decode_duplicate(storage::BytesView row);

inline void erase_message(storage::Batch& batch, std::uint64_t queue, std::uint64_t sequence) {
  batch.erase(state_row(queue, sequence));
  batch.erase(message_row(queue, sequence));
}
}  // namespace emu::sqs
