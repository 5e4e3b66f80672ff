// In which order a queue gives out its visible messages: what differs between standard and FIFO queues.
// Messages (messages.hpp) tells it of every change; it knows no time.
#pragma once
#include <vector>

#include "emulator/services/sqs/core/groups.hpp"

namespace emu::sqs {
class Order {
 public:
  virtual ~Order() = default;
  virtual void add(Slot slot) = 0;     // a new message, sent after all others; visible if not hidden
  virtual void show(Slot slot) = 0;    // it has become visible
  virtual void hide(Slot slot) = 0;    // it was visible
  virtual void remove(Slot slot) = 0;  // it is taken out, visible or hidden
  virtual bool any() const = 0;        // pick() would find one
  // The next messages to be delivered, at most so many more, in order; they stay where they are.
  // `in_flight`: of the whole queue.
  virtual void pick(std::size_t most, std::size_t in_flight, std::vector<Slot>& out) = 0;
};
}  // namespace emu::sqs
