// Positions as clients hold them: sequence numbers (21 digits, so that they also sort as text) and shard
// iterators, which carry all they mean and so survive a restart.
#pragma once
#include <optional>
#include <string>

#include "emulator/base/clock.hpp"

namespace emu::dynamodb {
inline constexpr auto kIteratorLifetime = std::chrono::minutes(15);  // GetShardIterator, API reference

std::string sequence_text(std::uint64_t sequence);
// None unless it is all digits; what lies outside of our numbers is the nearest of them.
std::optional<std::uint64_t> parse_sequence(std::string_view text);

struct ShardIterator {
  std::string stream_arn;
  std::uint64_t position = 0;
  Time issued;
  std::string text() const;  // "arn|1|base64", as AWS's look
  static std::optional<ShardIterator> parse(std::string_view text);
};
}  // namespace emu::dynamodb
