#include "emulator/services/sqs/core/ages.hpp"

namespace emu::sqs {
Slot Ages::oldest() const {
  if (tree_.empty()) return chain_.first;
  const auto& [since, slot] = *tree_.begin();
  return !chain_.empty() && entries_[chain_.first].since <= since ? chain_.first : slot;
}

void Ages::add(Slot slot) {
  auto& entry = entries_[slot];
  entry.misaged = !chain_.empty() && entry.since < entries_[chain_.last].since;
  if (entry.misaged)
    tree_.emplace(entry.since, slot);
  else
    chain_.append(entries_, slot);
}

void Ages::remove(Slot slot) {
  if (entries_[slot].misaged)
    tree_.erase({entries_[slot].since, slot});
  else
    chain_.remove(entries_, slot);
}
}  // namespace emu::sqs
