// What the service does unasked, on its Clock: every minute erases the rows of messages and deduplications
// that nobody asked for since they expired.
#pragma once
#include "emulator/services/sqs/sqs.hpp"

namespace emu::sqs {
void erase_expired(Sqs& service);
awaitable<void> keep_up(Sqs& service);  // until the loops stop
}  // namespace emu::sqs
