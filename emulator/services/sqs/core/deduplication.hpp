// FIFO: which deduplication ids were accepted in the last five minutes, and for which message (spec-sqs 11).
// A pure core; the rows of Space::deduplications say the same on disk.
#pragma once
#include <deque>
#include <optional>

#include "emulator/services/sqs/core/groups.hpp"

namespace emu::sqs {
class Deduplication {
 public:
  static constexpr auto kWindow = std::chrono::minutes(5);  // SQS, developer guide: deduplication interval
  // The message that was accepted with the id within the window, by sequence.
  std::optional<std::uint64_t> find(const Digest& id, Time now) const;
  // In order of time. The id is not there.
  void add(const Digest& id, std::uint64_t sequence, Time now);
  void remove(const Digest& id);
  // Forgets what is past its window, and tells whose rows are of no use any more.
  void advance(Time now, std::vector<std::uint64_t>& past);
  void clear() { *this = Deduplication(); }
  std::size_t size() const { return accepted_.size(); }

 private:
  struct Accepted {
    std::uint64_t sequence = 0;
    Time at;
  };
  struct Hash {
    std::size_t operator()(const Digest& d) const { return d[0]; }
  };
  boost::unordered_flat_map<Digest, Accepted, Hash> accepted_;
  std::deque<Digest> by_age_;  // may name some that were removed
};
}  // namespace emu::sqs
