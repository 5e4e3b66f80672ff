// The messages of one queue, standard or FIFO: which are visible, delayed or in flight, and which come next.
// A pure core: told the time, no clock and no disk inside. Its queue's lock guards it; every change is on
// disk before it is made here, unless it follows from time alone.
#pragma once
#include "emulator/services/sqs/core/ages.hpp"
#include "emulator/services/sqs/core/fifo_order.hpp"
#include "emulator/services/sqs/core/hidden.hpp"
#include "emulator/services/sqs/core/standard_order.hpp"

namespace emu::sqs {
// As GetQueueAttributes shows them: exact.
struct Counts {
  std::size_t visible = 0, in_flight = 0, delayed = 0;
};

// All there is to know of a message beside its body: what its state row says (message_rows.hpp).
struct MessageState {
  Time since, visible_at;
  bool fresh = true;
  std::uint32_t receives = 0;
  Time first_received{}, last_received{};  // with receives > 0
  std::uint64_t nonce = 0;                 // of the last receipt handle
  Digest group = kNoDigest;
  Digest attempt = kNoDigest;  // the ReceiveRequestAttemptId it was received with
  bool operator==(const MessageState&) const = default;
};

class Messages {
 public:
  explicit Messages(bool fifo);
  Messages(const Messages&) = delete;

  // Lets time pass: what is due becomes visible, what is older than the retention is taken out and told.
  void advance(Time now, Duration retention, std::vector<std::uint64_t>& expired);
  Time due() const { return hidden_.due(); }  // when something hidden becomes visible
  Counts counts() const;
  std::size_t in_flight() const { return in_flight_; }
  bool any() const { return order_->any(); }
  bool empty() const { return entries_.size() == 0; }

  // Sequences ascend from message to message of a FIFO queue.
  void add(std::uint64_t sequence, const MessageState& state);
  // The next to be delivered, at most so many; they stay where they are.
  std::vector<Slot> pick(std::size_t most);
  std::uint64_t sequence(Slot slot) const { return entries_[slot].sequence; }
  std::uint32_t receives(Slot slot) const;
  MessageState state(Slot slot) const;
  bool hidden(Slot slot) const { return entries_[slot].hidden != kNone; }
  // A message that was ever received: only those have handles. kNone: it is gone, or never was.
  Slot received(std::uint64_t sequence) const;
  // The same message in another state: received, or its visibility changed. Group and age stay.
  void change(Slot slot, const MessageState& state);
  void remove(Slot slot);
  // FIFO: a new DelaySeconds counts for the messages that are there, too (spec-sqs 4).
  void delay_by(Duration delay);

 private:
  struct Receipt {
    Slot slot = kNone;
    std::uint32_t receives = 0;
    Time first, last;
    std::uint64_t nonce = 0;
    Digest attempt = kNoDigest;
  };
  void conceal(Slot slot);
  void uncount(const Entry& entry);
  void note(Slot slot, const MessageState& state);
  void forget(Slot slot);
  Time now_{};
  Entries entries_;
  Groups groups_;
  Hidden hidden_{entries_};
  Ages ages_{entries_};
  std::unique_ptr<Order> order_;
  const bool fifo_;
  boost::unordered_flat_map<std::uint64_t, Receipt> receipts_;  // by sequence
  std::size_t in_flight_ = 0, delayed_ = 0;
};
}  // namespace emu::sqs
