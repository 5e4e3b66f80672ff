#include "emulator/services/sqs/queue_names.hpp"

#include <algorithm>

#include "emulator/services/sqs/errors.hpp"

namespace emu::sqs {
namespace {
constexpr std::size_t kLongest = 80;
constexpr std::string_view kFifo = ".fifo";
}  // namespace

bool is_label(std::string_view text) {
  return !text.empty() && text.size() <= kLongest && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

void check_queue_name(const std::optional<std::string>& name, bool fifo) {
  if (!name)
    throw invalid_value("Value for parameter QueueName is invalid. Reason: Must specify a queue name.");
  if (name->empty()) throw invalid_value("Queue name cannot be empty");
  if (!fifo && !is_label(*name))
    throw invalid_value(
        "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length");
  if (fifo && (!name->ends_with(kFifo) || name->size() > kLongest ||
               !is_label(std::string_view(*name).substr(0, name->size() - kFifo.size()))))
    throw invalid_value(
        "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must "
        "end "
        "with .fifo suffix and be 1 to 80 in length");
}
}  // namespace emu::sqs
