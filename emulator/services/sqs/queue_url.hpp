// Queue URLs: written for clients, and the queues they name (spec-sqs 1.3).
#pragma once
#include "emulator/services/sqs/sqs.hpp"

namespace emu::sqs {
// As Sqs::urls has them, for the client of this request.
std::string queue_url(const Sqs& service, const Context& context, const Queue& queue);
// The queue a request names, or QueueDoesNotExist; MissingParameter without a URL.
Result<SharedQueue> queue_of(const Sqs& service, const Context& context,
                             const std::optional<std::string>& queue_url);
}  // namespace emu::sqs
