#include "emulator/services/lambda/event_frames.hpp"

#include "emulator/base/digest.hpp"
#include "emulator/base/json.hpp"

namespace emu::lambda {
namespace {
constexpr char kString = 7;  // the type of a header's value

template <class N>
void big_endian(std::string& out, N number) {
  for (int shift = 8 * static_cast<int>(sizeof(N)) - 8; shift >= 0; shift -= 8)
    out.push_back(static_cast<char>((number >> shift) & 0xff));
}

void header(std::string& out, std::string_view name, std::string_view value) {
  out.push_back(static_cast<char>(name.size()));
  out += name;
  out.push_back(kString);
  big_endian(out, static_cast<std::uint16_t>(value.size()));
  out += value;
}
}  // namespace

std::string event_frame(std::string_view type, std::string_view content_type, std::string_view payload) {
  std::string headers;
  header(headers, ":event-type", type);
  header(headers, ":content-type", content_type);
  header(headers, ":message-type", "event");
  std::string out;
  out.reserve(16 + headers.size() + payload.size());
  big_endian(out, static_cast<std::uint32_t>(16 + headers.size() + payload.size()));
  big_endian(out, static_cast<std::uint32_t>(headers.size()));
  big_endian(out, crc32(out));
  out += headers;
  out += payload;
  big_endian(out, crc32(out));
  return out;
}

std::string invoke_complete(const runtime::Outcome& outcome, bool tail) {
  nlohmann::ordered_json said = nlohmann::ordered_json::object();
  if (outcome.kind == runtime::Outcome::Kind::function_error) {
    said["ErrorCode"] = outcome.error_type.empty() || outcome.error_type == "Runtime.Unknown"
                            ? "Unhandled"
                            : outcome.error_type;
    said["ErrorDetails"] = outcome.payload;
  }
  if (tail) said["LogResult"] = base64_encode(outcome.log_tail);
  return event_frame("InvokeComplete", "application/json", json_text(said));
}

awaitable<std::optional<std::string>> EventFrames::next() {
  if (complete_) co_return std::nullopt;
  if (const auto piece = co_await pipe_->read())
    co_return event_frame("PayloadChunk", "application/octet-stream", *piece);
  complete_ = true;
  const auto outcome = pipe_->outcome();
  auto last = invoke_complete(outcome, tail_);
  if (pipe_->streams()) co_return last;
  co_return event_frame("PayloadChunk", "application/octet-stream", outcome.payload) + last;
}
}  // namespace emu::lambda
