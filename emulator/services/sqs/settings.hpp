// A queue's attributes as its operations use them: parsed once, when they are set. Attributes are judged
// before they are stored; what cannot be read here counts as not set.
#pragma once
#include <string_view>

#include "emulator/base/clock.hpp"
#include "emulator/services/sqs/record.hpp"

namespace emu::sqs {
struct RedrivePolicy {
  std::string arn;  // of the dead-letter queue
  std::uint32_t max_receives = 0;
  static std::optional<RedrivePolicy> parse(std::string_view text);
};

struct Settings {
  static Settings of(const QueueRecord& record);

  Duration visibility = std::chrono::seconds(30);
  Duration delay{0};
  Duration wait{0};  // of a ReceiveMessage that does not say
  Duration retention = std::chrono::hours(96);
  std::size_t max_bytes = 1 << 20;
  bool fifo = false;
  bool content_deduplication = false;   // FIFO: by the body's digest where no id is given
  bool deduplicates_per_group = false;  // FIFO: an id counts within its group
  std::optional<RedrivePolicy> redrive;
};
}  // namespace emu::sqs
