// The one way a message enters a queue from outside: SendMessage, its batch, and what other services deliver.
#pragma once
#include <span>

#include "emulator/services/sqs/outgoing.hpp"
#include "emulator/services/sqs/sqs.hpp"

namespace emu::sqs {
struct Sent {
  std::string message_id;
  std::string body_md5;  // hexadecimal
  std::uint64_t sequence = 0;
};
// In one batch on disk, in this order; moves out of them. A FIFO queue answers a duplicate with the message
// it repeats. QueueDoesNotExist: it was deleted meanwhile.
Result<std::vector<Sent>> send(Sqs& service, Queue& queue, std::span<Outgoing> messages);

std::string sequence_text(std::uint64_t sequence);  // twenty digits, ascending as the numbers do
}  // namespace emu::sqs
