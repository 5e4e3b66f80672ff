#include "emulator/services/sqs/outgoing.hpp"

#include <algorithm>

#include "emulator/services/sqs/errors.hpp"

namespace emu::sqs {
namespace {
constexpr std::size_t kLongestId = 128;          // SendMessage, spec-sqs 5
constexpr std::int64_t kLongestDelay = 15 * 60;  // seconds

std::optional<AwsError> id_fault(const std::optional<std::string>& id, std::string_view name) {
  if (!id || proper_id(*id)) return std::nullopt;
  return invalid_value(*id, name,
                       fmt::format("{} can only include alphanumeric and punctuation characters. 1 to 128 in "
                                   "length.",
                                   name));
}

std::optional<AwsError> delay_fault(const Settings& settings, const Given& given) {
  if (!given.delay_seconds) return std::nullopt;
  const auto seconds = *given.delay_seconds;
  if (seconds < 0 || seconds > kLongestDelay)
    return invalid_value(seconds, "DelaySeconds", "DelaySeconds must be >= 0 and <= 900.");
  if (settings.fifo && seconds > 0)
    return invalid_value(seconds, "DelaySeconds",
                         "The request include parameter that is not valid for this queue type.");
  return std::nullopt;
}

// The code point that `text` begins with, and drops it; none if it is not UTF-8.
std::optional<char32_t> take_code_point(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xc0 ? 0
                             : lead < 0xe0 ? 2
                             : lead < 0xf0 ? 3
                             : lead < 0xf8 ? 4
                                           : 0;
  if (length == 0 || text.size() < length) return std::nullopt;
  char32_t out = length == 1 ? lead : lead & (0x7fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xc0) != 0x80) return std::nullopt;
    out = out << 6 | (next & 0x3f);
  }
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (out < kLeast[length] && length > 1) return std::nullopt;
  text.remove_prefix(length);
  return out;
}

bool allowed(char32_t c) {
  return c == 0x9 || c == 0xa || c == 0xd || (c >= 0x20 && c <= 0xd7ff) || (c >= 0xe000 && c <= 0xfffd) ||
         (c >= 0x10000 && c <= 0x10ffff);
}

AwsError invalid_characters() {
  return {
      "InvalidMessageContents",
      "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to "
      "#xFFFD | #x10000 to #x10FFFF"};
}
}  // namespace

bool proper_id(std::string_view id) {
  return !id.empty() && id.size() <= kLongestId &&
         std::ranges::all_of(id, [](char c) { return c > ' ' && c < '\x7f'; });
}

bool proper_body(std::string_view body) {
  for (;;) {
    const auto plain = std::ranges::find_if_not(body, [](char c) { return c >= ' '; });
    body.remove_prefix(static_cast<std::size_t>(plain - body.begin()));
    if (body.empty()) return true;
    const auto c = take_code_point(body);
    if (!c || !allowed(*c)) return false;
  }
}

AwsError too_long(std::size_t most) {
  return invalid_value(fmt::format(
      "One or more parameters are invalid. Reason: Message must be shorter than {} bytes.", most));
}

AwsError entry_too_long(std::size_t most) {
  return invalid_value(fmt::format(
      "One or more parameters cannot be validated. Reason: Message must be shorter than {} bytes.", most));
}

std::optional<AwsError> body_fault(const Given& given) {
  if (given.body && !given.body->empty()) return std::nullopt;
  return missing_parameter("MessageBody");
}

std::optional<AwsError> fifo_fault(const Settings& settings, const Given& given) {
  if (settings.fifo && !given.group) return missing_parameter("MessageGroupId");
  if (auto fault = id_fault(given.group, "MessageGroupId")) return fault;
  if (!settings.fifo && given.deduplication)
    return invalid_value(*given.deduplication, "MessageDeduplicationId",
                         "The request includes a parameter that is not valid for this queue type.");
  if (auto fault = id_fault(given.deduplication, "MessageDeduplicationId")) return fault;
  if (settings.fifo && !given.deduplication && !settings.content_deduplication)
    return invalid_value(
        "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided "
        "explicitly");
  return std::nullopt;
}

std::size_t size_of(const Given& given) {
  return (given.body ? given.body->size() : 0) + (given.attributes ? size_of(*given.attributes) : 0);
}

Result<Outgoing> outgoing(const Settings& settings, Given given, AwsError (*too_long)(std::size_t most)) {
  if (auto fault = delay_fault(settings, given)) return std::move(*fault);
  Outgoing out;
  if (given.attributes && !given.attributes->empty()) {
    auto attributes = user_attributes(std::move(*given.attributes));
    if (!attributes) return std::move(attributes.error());
    out.attributes = std::move(*attributes);
  }
  if (given.body->size() + size_of(out.attributes) > settings.max_bytes) return too_long(settings.max_bytes);
  if (!proper_body(*given.body)) return invalid_characters();
  if (given.system && !given.system->empty()) {
    auto system = system_attributes(std::move(*given.system));
    if (!system) return std::move(system.error());
    out.system = std::move(*system);
    out.trace = out.system.front().value;
  }
  out.body = std::move(*given.body);
  if (given.group) out.group = std::move(*given.group);
  if (given.deduplication) out.deduplication = std::move(*given.deduplication);
  if (given.delay_seconds && !settings.fifo) out.delay = std::chrono::seconds(*given.delay_seconds);
  return out;
}
}  // namespace emu::sqs
