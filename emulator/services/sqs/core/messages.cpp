#include "emulator/services/sqs/core/messages.hpp"

namespace emu::sqs {
namespace {
std::unique_ptr<Order> make_order(bool fifo, Entries& entries, Groups& groups) {
  if (fifo) return std::make_unique<FifoOrder>(entries, groups);
  return std::make_unique<StandardOrder>(entries, groups);
}
}  // namespace

Messages::Messages(bool fifo) : order_(make_order(fifo, entries_, groups_)), fifo_(fifo) {}

void Messages::advance(Time now, Duration retention, std::vector<std::uint64_t>& expired) {
  now_ = std::max(now_, now);
  while (hidden_.due() <= now_) {
    const Slot slot = hidden_.next();
    uncount(entries_[slot]);
    hidden_.remove(slot);
    order_->show(slot);
  }
  for (Slot oldest = ages_.oldest(); oldest != kNone; oldest = ages_.oldest()) {
    if (now_ - entries_[oldest].since < retention) break;
    expired.push_back(entries_[oldest].sequence);
    remove(oldest);
  }
}

Counts Messages::counts() const { return {entries_.size() - in_flight_ - delayed_, in_flight_, delayed_}; }

// The entry is not in the heap yet, and its order takes it for gone.
void Messages::conceal(Slot slot) {
  const auto& entry = entries_[slot];
  ++(entry.fresh ? delayed_ : in_flight_);
  if (!entry.fresh && entry.group != kNone) ++groups_[entry.group].in_flight;
  hidden_.add(slot);
}

void Messages::uncount(const Entry& entry) {
  --(entry.fresh ? delayed_ : in_flight_);
  if (!entry.fresh && entry.group != kNone) --groups_[entry.group].in_flight;
}

void Messages::note(Slot slot, const MessageState& state) {
  if (state.receives == 0) return;
  receipts_[entries_[slot].sequence] = {
      slot, state.receives, state.first_received, state.last_received, state.nonce, state.attempt};
}

void Messages::forget(Slot slot) {
  receipts_.erase(entries_[slot].sequence);
  if (receipts_.empty()) receipts_ = {};
}

void Messages::add(std::uint64_t sequence, const MessageState& state) {
  Entry entry{sequence, state.since, state.visible_at};
  entry.group = groups_.join(state.group);
  entry.fresh = state.fresh;
  const Slot slot = entries_.take(entry);
  ages_.add(slot);
  note(slot, state);
  if (state.visible_at > now_) conceal(slot);
  order_->add(slot);
}

std::vector<Slot> Messages::pick(std::size_t most) {
  std::vector<Slot> out;
  order_->pick(most, in_flight_, out);
  return out;
}

std::uint32_t Messages::receives(Slot slot) const {
  const auto it = receipts_.find(entries_[slot].sequence);
  return it == receipts_.end() ? 0 : it->second.receives;
}

MessageState Messages::state(Slot slot) const {
  const auto& entry = entries_[slot];
  MessageState out{entry.since, entry.visible_at, entry.fresh};
  if (entry.group != kNone) out.group = groups_[entry.group].name;
  if (const auto it = receipts_.find(entry.sequence); it != receipts_.end()) {
    const Receipt& receipt = it->second;
    out.receives = receipt.receives;
    out.first_received = receipt.first;
    out.last_received = receipt.last;
    out.nonce = receipt.nonce;
    out.attempt = receipt.attempt;
  }
  return out;
}

Slot Messages::received(std::uint64_t sequence) const {
  const auto it = receipts_.find(sequence);
  return it == receipts_.end() ? kNone : it->second.slot;
}

void Messages::change(Slot slot, const MessageState& state) {
  auto& entry = entries_[slot];
  if (entry.hidden == kNone) {
    order_->hide(slot);
  } else {
    uncount(entry);
    hidden_.remove(slot);
  }
  entry.fresh = state.fresh;
  entry.visible_at = state.visible_at;
  note(slot, state);
  if (entry.visible_at > now_)
    conceal(slot);
  else
    order_->show(slot);
}

void Messages::remove(Slot slot) {
  const Entry& entry = entries_[slot];
  order_->remove(slot);
  if (entry.hidden != kNone) {
    uncount(entry);
    hidden_.remove(slot);
  }
  ages_.remove(slot);
  forget(slot);
  groups_.leave(entry.group);
  entries_.give_back(slot);
}

void Messages::delay_by(Duration delay) {
  if (!fifo_) return;
  ages_.each([&](Slot slot) {
    if (!entries_[slot].fresh) return;
    MessageState delayed = state(slot);
    delayed.visible_at = delayed.since + delay;
    change(slot, delayed);
  });
}
}  // namespace emu::sqs
