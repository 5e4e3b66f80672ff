// The messages that are not visible, by when they will be: delayed ones and those in flight. A heap whose
// entries know their place, so that any of them can leave it.
#pragma once
#include "emulator/services/sqs/core/entry.hpp"

namespace emu::sqs {
class Hidden {
 public:
  explicit Hidden(Entries& entries) : entries_(entries) {}
  bool empty() const { return heap_.empty(); }
  Slot next() const { return heap_.front().slot; }  // of several at one time, the one sent first
  Time due() const { return heap_.empty() ? kNever : heap_.front().at; }
  void add(Slot slot);
  void remove(Slot slot);

 private:
  struct Item {
    Time at;
    Slot slot;
  };
  bool sooner(const Item& a, const Item& b) const;
  void put(std::size_t place, Item item);
  void rise(std::size_t place, Item item);
  void sink(std::size_t place, Item item);
  Entries& entries_;
  std::vector<Item> heap_;
};
}  // namespace emu::sqs
