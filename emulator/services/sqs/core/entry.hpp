// What a queue keeps in memory of each message: where it stands. 56 bytes; the body is on disk only, and what
// only a received message has is in its Receipt (messages.hpp).
#pragma once
#include "emulator/base/clock.hpp"
#include "emulator/services/sqs/core/slab.hpp"

namespace emu::sqs {
struct Entry {
  std::uint64_t sequence = 0;  // its place among all messages its queue ever had; its rows are under it
  Time since;                  // retention counts from here
  Time visible_at;
  Slot before = kNone, behind = kNone;  // in the order it waits in
  Slot older = kNone, younger = kNone;  // by age
  Slot hidden = kNone;                  // its place in the heap of hidden messages; kNone: it is visible
  Slot group = kNone;
  bool fresh = true;     // not received from this queue yet: hidden, it is delayed and not in flight
  bool parked = false;   // StandardOrder: waits behind the messages of quieter groups
  bool misaged = false;  // came with an age of its own: not in the chain of ages
};
using Waiting = Chain<Entry, &Entry::before, &Entry::behind>;
using Entries = Slab<Entry>;
}  // namespace emu::sqs
