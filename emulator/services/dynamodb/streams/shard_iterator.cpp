#include "emulator/services/dynamodb/streams/shard_iterator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "emulator/base/digest.hpp"

namespace emu::dynamodb {
namespace {
constexpr std::size_t kDigits = 20;  // of a u64; a 1 before them makes the 21 that clients expect (H2)
constexpr std::string_view kForm = "|1|";
constexpr std::size_t kNumberBytes = 8, kPayloadBytes = 3 * kNumberBytes;

void append(std::string& out, std::uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(number >> shift));
}

std::uint64_t number_at(std::string_view bytes, std::size_t at) {
  std::uint64_t out = 0;
  for (const char c : bytes.substr(at, kNumberBytes)) out = out << 8 | static_cast<unsigned char>(c);
  return out;
}

// Tells an iterator of ours from one that somebody made up or mangled.
std::uint64_t seal(std::string_view arn, std::string_view numbers) {
  return crc32(fmt::format("{}{}", arn, numbers));
}
}  // namespace

std::string sequence_text(std::uint64_t sequence) { return fmt::format("1{:0{}}", sequence, kDigits); }

std::optional<std::uint64_t> parse_sequence(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789") != text.npos) return std::nullopt;
  text.remove_prefix(std::min(text.find_first_not_of('0'), text.size()));
  if (text.size() <= kDigits) return 0;
  constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();
  if (text.size() > kDigits + 1 || text[0] != '1') return kMost;
  std::uint64_t out = 0;
  for (const char c : text.substr(1)) {
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (out > (kMost - digit) / 10) return kMost;
    out = out * 10 + digit;
  }
  return out;
}

std::string ShardIterator::text() const {
  std::string payload;
  append(payload, position);
  append(payload, static_cast<std::uint64_t>(issued.time_since_epoch().count()));
  append(payload, seal(stream_arn, payload));
  return fmt::format("{}{}{}", stream_arn, kForm, base64_encode(payload));
}

std::optional<ShardIterator> ShardIterator::parse(std::string_view text) {
  const auto at = text.find(kForm);
  if (at == text.npos) return std::nullopt;
  const auto payload = base64_decode(text.substr(at + kForm.size()));
  if (!payload || payload->size() != kPayloadBytes) return std::nullopt;
  const auto arn = text.substr(0, at);
  const auto numbers = std::string_view(*payload).substr(0, 2 * kNumberBytes);
  if (number_at(*payload, 2 * kNumberBytes) != seal(arn, numbers)) return std::nullopt;
  const Duration issued(static_cast<std::int64_t>(number_at(*payload, kNumberBytes)));
  return ShardIterator{std::string(arn), number_at(*payload, 0), Time(issued)};
}
}  // namespace emu::dynamodb
