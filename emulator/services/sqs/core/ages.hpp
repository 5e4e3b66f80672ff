// The messages by age, for retention. Those that were sent here come in order and make a chain; the few that
// were moved here with the age they had go into a tree.
#pragma once
#include <set>

#include "emulator/services/sqs/core/entry.hpp"

namespace emu::sqs {
class Ages {
 public:
  explicit Ages(Entries& entries) : entries_(entries) {}
  Slot oldest() const;  // kNone: there is no message
  void add(Slot slot);
  void remove(Slot slot);
  // visit(Slot) for every message; it may change all but ages.
  template <class F>
  void each(F visit) const {
    for (Slot s = chain_.first; s != kNone; s = entries_[s].younger) visit(s);
    for (const auto& [since, slot] : tree_) visit(slot);
  }

 private:
  Entries& entries_;
  Chain<Entry, &Entry::older, &Entry::younger> chain_;
  std::set<std::pair<Time, Slot>> tree_;
};
}  // namespace emu::sqs
