// Dead letters: messages that were received as often as the redrive policy allows move to the dead-letter
// queue when they would be received once more (spec-sqs 10). Leaving the one and entering the other is one
// batch.
#pragma once
#include "emulator/services/sqs/sqs.hpp"

namespace emu::sqs {
// Moves those that are among the next so many of the queue. False: there is nowhere to move them to, and they
// stay.
bool redrive(Sqs& service, Queue& source, std::size_t among);

// Runs work(State& of a, State& of b, Time now) with both locked, in the one order that everybody takes.
template <class F>
auto with_both(const Clock& clock, Queue& a, Queue& b, F work) {
  Queue &first = a.id < b.id ? a : b, &second = a.id < b.id ? b : a;
  return first.with(clock, [&](Queue::State& one, Time) {
    return second.with(clock, [&](Queue::State& other, Time now) {
      return &first == &a ? work(one, other, now) : work(other, one, now);
    });
  });
}
}  // namespace emu::sqs
