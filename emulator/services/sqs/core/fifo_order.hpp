// FIFO: the order of sending within each group; a message is given out only when all before it in its group
// are deleted, or visible and given out with it (spec-sqs 11). So a group delivers as long as its first
// message is visible. Groups take turns.
#pragma once
#include "emulator/services/sqs/core/order.hpp"

namespace emu::sqs {
class FifoOrder final : public Order {
 public:
  FifoOrder(Entries& entries, Groups& groups) : entries_(entries), groups_(groups) {}
  void add(Slot slot) override;
  void show(Slot slot) override { judge(entries_[slot].group); }
  void hide(Slot slot) override;
  void remove(Slot slot) override;
  bool any() const override { return !ready_.empty(); }
  void pick(std::size_t most, std::size_t in_flight, std::vector<Slot>& out) override;

 private:
  bool visible(Slot slot) const { return slot != kNone && entries_[slot].hidden == kNone; }
  void judge(Slot group);  // whether it is ready
  void set_back(Slot group);
  Entries& entries_;
  Groups& groups_;
  Chain<Group, &Group::before, &Group::behind> ready_;
};
}  // namespace emu::sqs
