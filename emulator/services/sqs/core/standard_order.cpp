#include "emulator/services/sqs/core/standard_order.hpp"

#include <algorithm>

namespace emu::sqs {
namespace {
constexpr std::uint32_t kNoisyInFlight = 30;  // and more than a tenth of all (spec-sqs 12)
constexpr std::size_t kNoisyShare = 10;
constexpr std::size_t kLookAhead = 1000;  // messages of noisy groups parked by one receive
}  // namespace

bool StandardOrder::noisy(Slot group, std::size_t in_flight) const {
  if (group == kNone) return false;
  const auto own = groups_[group].in_flight;
  return own >= kNoisyInFlight && own * kNoisyShare > in_flight;
}

bool StandardOrder::before(Slot a, Slot b) const {
  const Entry &one = entries_[a], &other = entries_[b];
  return std::tie(one.visible_at, one.sequence) < std::tie(other.visible_at, other.sequence);
}

void StandardOrder::add(Slot slot) {
  if (entries_[slot].hidden == kNone) show(slot);
}

void StandardOrder::hide(Slot slot) {
  auto& entry = entries_[slot];
  if (!entry.parked) return line_.remove(entries_, slot);
  entry.parked = false;
  auto& group = groups_[entry.group];
  group.messages.remove(entries_, slot);
  if (group.messages.empty()) std::erase(parked_, entry.group);
}

void StandardOrder::remove(Slot slot) {
  if (entries_[slot].hidden == kNone) hide(slot);
}

void StandardOrder::park(Slot slot) {
  auto& entry = entries_[slot];
  line_.remove(entries_, slot);
  entry.parked = true;
  auto& group = groups_[entry.group];
  if (group.messages.empty()) parked_.push_back(entry.group);
  group.messages.append(entries_, slot);
}

// The first of the line from here on that is not of a noisy group; those before it are parked.
Slot StandardOrder::next_quiet(Slot from, std::size_t in_flight, std::size_t& looked) {
  while (from != kNone && noisy(entries_[from].group, in_flight)) {
    if (++looked > kLookAhead) return kNone;
    park(std::exchange(from, entries_[from].behind));
  }
  return from;
}

void StandardOrder::pick(std::size_t most, std::size_t in_flight, std::vector<Slot>& out) {
  most += out.size();
  std::size_t looked = 0;
  std::vector<Slot> next(parked_.size());  // of each group with parked messages
  std::ranges::transform(parked_, next.begin(), [&](Slot g) { return groups_[g].messages.first; });
  const auto from_parked = [&](bool of_noisy) {
    Slot* first = nullptr;
    for (auto& slot : next)
      if (slot != kNone && noisy(entries_[slot].group, in_flight) == of_noisy)
        if (!first || before(slot, *first)) first = &slot;
    return first;
  };
  for (Slot line = line_.first; out.size() < most;) {
    line = next_quiet(line, in_flight, looked);
    Slot* const parked = from_parked(false);
    if (line == kNone && !parked) break;
    Slot& taken = parked && (line == kNone || before(*parked, line)) ? *parked : line;
    out.push_back(taken);
    taken = entries_[taken].behind;
  }
  if (looked > 0) {  // those parked just now can be taken, too
    next.clear();
    for (const Slot g : parked_)
      if (noisy(g, in_flight)) next.push_back(groups_[g].messages.first);
  }
  while (out.size() < most) {
    Slot* const loud = from_parked(true);
    if (!loud) break;
    out.push_back(*loud);
    *loud = entries_[*loud].behind;
  }
}
}  // namespace emu::sqs
