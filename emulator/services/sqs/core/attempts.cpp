#include "emulator/services/sqs/core/attempts.hpp"

namespace emu::sqs {
void Attempts::note(const Digest& id, std::uint64_t sequence, Time received) {
  auto& attempt = attempts_[id];
  attempt.received = std::max(attempt.received, received);
  attempt.sequences.push_back(sequence);
}

std::vector<Slot> Attempts::again(const Digest& id, const Messages& messages, Time now) {
  const auto it = attempts_.find(id);
  if (it == attempts_.end()) return {};
  std::vector<Slot> out;
  bool valid = now - it->second.received < kWindow;
  for (const auto sequence : it->second.sequences) {
    const Slot slot = messages.received(sequence);
    valid = valid && slot != kNone && messages.hidden(slot) && messages.state(slot).attempt == id;
    if (!valid) break;
    out.push_back(slot);
  }
  if (valid) return out;
  attempts_.erase(it);
  return {};
}

void Attempts::advance(Time now) {
  std::erase_if(attempts_, [&](const auto& entry) { return now - entry.second.received >= kWindow; });
}
}  // namespace emu::sqs
