#include "emulator/services/sqs/core/deduplication.hpp"

namespace emu::sqs {
std::optional<std::uint64_t> Deduplication::find(const Digest& id, Time now) const {
  const auto it = accepted_.find(id);
  if (it == accepted_.end() || now - it->second.at >= kWindow) return std::nullopt;
  return it->second.sequence;
}

void Deduplication::add(const Digest& id, std::uint64_t sequence, Time now) {
  accepted_[id] = {sequence, now};
  by_age_.push_back(id);
}

void Deduplication::remove(const Digest& id) { accepted_.erase(id); }

void Deduplication::advance(Time now, std::vector<std::uint64_t>& past) {
  while (!by_age_.empty()) {
    const auto it = accepted_.find(by_age_.front());
    if (it != accepted_.end()) {
      if (now - it->second.at < kWindow) break;
      past.push_back(it->second.sequence);
      accepted_.erase(it);
    }
    by_age_.pop_front();
  }
  if (accepted_.empty()) clear();
}
}  // namespace emu::sqs
