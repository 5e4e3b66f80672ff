// The one way messages leave a queue: ReceiveMessage and event source mappings. What is taken is in flight on
// disk before anybody sees it. Dead letters move on the way (redrive.hpp).
#pragma once
#include "emulator/api/poll.hpp"
#include "emulator/services/sqs/message.hpp"
#include "emulator/services/sqs/sqs.hpp"

namespace emu::sqs {
struct Wanted {
  std::size_t most = 1;
  std::optional<Duration> visibility;  // none: the queue's
  Digest attempt = kNoDigest;          // FIFO: of the ReceiveRequestAttemptId
};
struct Received {
  Message message;
  std::string handle;
  std::uint64_t sequence = 0;
  std::uint32_t receives = 0;  // this one included
  Time first_received;
};
using ReceivedMessages = std::vector<Received>;

// What there is now, perhaps nothing. OverLimit: a standard queue has too many in flight.
Result<ReceivedMessages> receive_now(Sqs& service, Queue& queue, const Wanted& wanted);
// Waits until there is something, at most so long; nothing after that, and nothing once the poll is
// abandoned. QueueDoesNotExist, also if it is deleted meanwhile.
awaitable<Result<ReceivedMessages>> receive(Sqs& service, SharedQueue queue, Wanted wanted, Duration wait,
                                            std::shared_ptr<Poll> poll);
}  // namespace emu::sqs
