#include "emulator/services/sqs/core/hidden.hpp"

namespace emu::sqs {
bool Hidden::sooner(const Item& a, const Item& b) const {
  if (a.at != b.at) return a.at < b.at;
  return entries_[a.slot].sequence < entries_[b.slot].sequence;
}

void Hidden::put(std::size_t place, Item item) {
  heap_[place] = item;
  entries_[item.slot].hidden = static_cast<Slot>(place);
}

void Hidden::rise(std::size_t place, Item item) {
  while (place > 0) {
    const auto parent = (place - 1) / 2;
    if (!sooner(item, heap_[parent])) break;
    put(place, heap_[parent]);
    place = parent;
  }
  put(place, item);
}

void Hidden::sink(std::size_t place, Item item) {
  for (;;) {
    auto child = 2 * place + 1;
    if (child >= heap_.size()) break;
    if (child + 1 < heap_.size() && sooner(heap_[child + 1], heap_[child])) ++child;
    if (!sooner(heap_[child], item)) break;
    put(place, heap_[child]);
    place = child;
  }
  put(place, item);
}

void Hidden::add(Slot slot) {
  const Item item{entries_[slot].visible_at, slot};
  heap_.push_back(item);
  rise(heap_.size() - 1, item);
}

void Hidden::remove(Slot slot) {
  const std::size_t place = entries_[slot].hidden;
  entries_[slot].hidden = kNone;
  const Item moved = heap_.back();
  heap_.pop_back();
  if (heap_.empty()) heap_ = {};
  if (place == heap_.size()) return;
  if (place > 0 && sooner(moved, heap_[(place - 1) / 2]))
    rise(place, moved);
  else
    sink(place, moved);
}
}  // namespace emu::sqs
