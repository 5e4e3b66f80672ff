#include "emulator/services/sqs/tags/rules.hpp"

#include <algorithm>

#include "emulator/services/sqs/errors.hpp"

namespace emu::sqs {
namespace {
constexpr std::size_t kMostTags = 50, kLongestKey = 128, kLongestValue = 256;

// In characters of UTF-8: bytes that begin one.
std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}
}  // namespace

void check_tags(const std::string& queue, const std::map<std::string, std::string>& tags) {
  if (tags.size() > kMostTags) throw invalid_value(fmt::format("Too many tags added for queue {}.", queue));
  for (const auto& [key, value] : tags) {
    if (key.empty() || characters(key) > kLongestKey)
      throw invalid_value("Tag keys must be between 1 and 128 characters in length.");
    if (characters(value) > kLongestValue)
      throw invalid_value("Tag values must be between 0 and 256 characters in length.");
  }
}
}  // namespace emu::sqs
