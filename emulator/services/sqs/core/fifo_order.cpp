#include "emulator/services/sqs/core/fifo_order.hpp"

namespace emu::sqs {
void FifoOrder::judge(Slot group) {
  Group& g = groups_[group];
  const bool ready = visible(g.messages.first);
  if (ready == g.ready) return;
  g.ready = ready;
  if (ready)
    ready_.append(groups_.slab(), group);
  else
    ready_.remove(groups_.slab(), group);
}

// It has had its turn.
void FifoOrder::set_back(Slot group) {
  Group& g = groups_[group];
  if (g.ready) ready_.remove(groups_.slab(), group);
  g.ready = false;
}

void FifoOrder::add(Slot slot) {
  const Slot group = entries_[slot].group;
  groups_[group].messages.append(entries_, slot);
  judge(group);
}

// Its entry may say already that it is hidden.
void FifoOrder::hide(Slot slot) {
  const Slot group = entries_[slot].group;
  if (groups_[group].messages.first == slot) set_back(group);
}

void FifoOrder::remove(Slot slot) {
  const Slot group = entries_[slot].group;
  if (groups_[group].messages.first == slot) set_back(group);
  groups_[group].messages.remove(entries_, slot);
  judge(group);
}

void FifoOrder::pick(std::size_t most, std::size_t, std::vector<Slot>& out) {
  for (Slot group = ready_.first; group != kNone; group = groups_[group].behind)
    for (Slot slot = groups_[group].messages.first; visible(slot); slot = entries_[slot].behind) {
      if (most-- == 0) return;
      out.push_back(slot);
    }
}
}  // namespace emu::sqs
