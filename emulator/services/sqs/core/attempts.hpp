// FIFO: receives that a client may ask for again by ReceiveRequestAttemptId, for five minutes or until one of
// their messages is changed, deleted or visible again (spec-sqs 11). A pure core.
#pragma once
#include <map>

#include "emulator/services/sqs/core/messages.hpp"

namespace emu::sqs {
class Attempts {
 public:
  static constexpr auto kWindow = std::chrono::minutes(5);
  void note(const Digest& id, std::uint64_t sequence, Time received);
  // The messages of the attempt, in order, if it can be had again; it is forgotten otherwise.
  std::vector<Slot> again(const Digest& id, const Messages& messages, Time now);
  void advance(Time now);
  void clear() { attempts_.clear(); }

 private:
  struct Attempt {
    Time received;
    std::vector<std::uint64_t> sequences;
  };
  std::map<Digest, Attempt> attempts_;
};
}  // namespace emu::sqs
