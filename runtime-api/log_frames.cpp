#include "runtime-api/log_frames.hpp"

#include <algorithm>
#include <utility>

namespace emu::runtime {
namespace {
constexpr std::uint32_t kMagic = 0xa55a, kWithoutTime = 0xa55a0001;
constexpr std::size_t kTypeAndLength = 8, kWithTime = 16;

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t out = 0;
  for (const char byte : bytes.substr(0, 4)) out = out << 8 | static_cast<unsigned char>(byte);
  return out;
}
}  // namespace

std::vector<std::string> LogFrames::take(std::string_view bytes) {
  std::vector<std::string> out;
  while (!bytes.empty()) {
    if (missing_ > 0) {
      const auto part = std::min({bytes.size(), std::size_t{missing_}, kLongest - record_.size()});
      record_ += bytes.substr(0, part);
      bytes.remove_prefix(part);
      missing_ -= static_cast<std::uint32_t>(part);
      if (missing_ == 0 || record_.size() == kLongest) out.push_back(std::exchange(record_, {}));
      continue;
    }
    const bool typed = head_.size() >= 4;
    const auto size = !typed ? 4 : big_endian(head_) == kWithoutTime ? kTypeAndLength : kWithTime;
    const auto part = std::min(bytes.size(), size - head_.size());
    head_ += bytes.substr(0, part);
    bytes.remove_prefix(part);
    if (head_.size() < size) continue;
    if (big_endian(head_) >> 16 != kMagic) {  // somebody else writes here
      out.push_back(std::exchange(head_, {}) + std::string(bytes));
      return out;
    }
    if (!typed) continue;
    missing_ = big_endian(std::string_view(head_).substr(4));
    head_.clear();
  }
  return out;
}
}  // namespace emu::runtime
