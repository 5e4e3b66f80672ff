// What queues may be called (spec-sqs 3).
#pragma once
#include <optional>
#include <string>

#include "emulator/base/error.hpp"

namespace emu::sqs {
// Throws InvalidParameterValue. A name with .fifo at its end is a FIFO queue's only.
void check_queue_name(const std::optional<std::string>& name, bool fifo);
bool is_label(std::string_view text);  // letters, digits, hyphens, underscores: 1 to 80
}  // namespace emu::sqs
