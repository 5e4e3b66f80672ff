// What a receive gives a client to name a message by: which queue, which message, which receive. It says all
// by itself, so that it is good after a restart, too. Clients take it for any text (spec-sqs 7, 8).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace emu::sqs {
struct ReceiptHandle {
  std::uint64_t queue = 0, sequence = 0, nonce = 0;
  std::string text() const;
  static std::optional<ReceiptHandle> parse(std::string_view text);
  bool operator==(const ReceiptHandle&) const = default;
};
}  // namespace emu::sqs
