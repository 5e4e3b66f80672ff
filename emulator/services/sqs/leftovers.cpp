#include "emulator/services/sqs/leftovers.hpp"

#include "emulator/services/sqs/message_rows.hpp"

namespace emu::sqs {
std::vector<storage::Range> leftovers(const storage::Engine& disk, const std::set<std::uint64_t>& known) {
  std::vector<storage::Range> out;
  for (const auto space : kMessageSpaces) {
    auto rest = storage::prefix(storage::Key(space));
    while (const auto row = storage::first_key(disk, rest)) {
      // One that is too short for a queue's number belongs to none either.
      const auto of_queue = row->substr(0, std::min(row->size(), 1 + sizeof(std::uint64_t)));
      const auto range = storage::prefix(of_queue);
      if (of_queue.size() < 1 + sizeof(std::uint64_t) || !known.contains(sequence_of(of_queue)))
        out.push_back(range);
      rest.from = range.to;
    }
  }
  return out;
}
}  // namespace emu::sqs
