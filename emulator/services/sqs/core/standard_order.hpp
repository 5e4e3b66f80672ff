// Standard: the message that has been visible longest comes first. Fair between groups (spec-sqs 12): while a
// group holds many of the messages in flight, the visible messages of other groups go before its own. Its
// messages are parked when they are met, a limited number for each receive, and each only once.
#pragma once
#include "emulator/services/sqs/core/order.hpp"

namespace emu::sqs {
class StandardOrder final : public Order {
 public:
  StandardOrder(Entries& entries, Groups& groups) : entries_(entries), groups_(groups) {}
  void add(Slot slot) override;
  void show(Slot slot) override { line_.append(entries_, slot); }
  void hide(Slot slot) override;
  void remove(Slot slot) override;
  bool any() const override { return !line_.empty() || !parked_.empty(); }
  void pick(std::size_t most, std::size_t in_flight, std::vector<Slot>& out) override;

 private:
  bool noisy(Slot group, std::size_t in_flight) const;
  bool before(Slot a, Slot b) const;
  void park(Slot slot);
  Slot next_quiet(Slot from, std::size_t in_flight, std::size_t& looked);
  Entries& entries_;
  Groups& groups_;
  Waiting line_;              // the visible ones that are not parked
  std::vector<Slot> parked_;  // the groups that have parked messages
};
}  // namespace emu::sqs
