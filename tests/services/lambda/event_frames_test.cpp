#include "emulator/services/lambda/event_frames.hpp"

#include "emulator/base/digest.hpp"
#include "tests/support/world.hpp"

namespace emu::test {
namespace {
struct Frame {
  std::map<std::string, std::string> headers;
  std::string payload;
};

std::uint32_t number(std::string_view bytes, std::size_t at, int size = 4) {
  std::uint32_t out = 0;
  for (int i = 0; i < size; ++i)
    out = out << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
  return out;
}

// Takes the first frame off, checking its lengths and sums.
Frame take(std::string& bytes) {
  REQUIRE(bytes.size() >= 16);
  const auto total = number(bytes, 0), headers = number(bytes, 4);
  REQUIRE(bytes.size() >= total);
  CHECK(number(bytes, 8) == crc32(std::string_view(bytes).substr(0, 8)));
  CHECK(number(bytes, total - 4) == crc32(std::string_view(bytes).substr(0, total - 4)));
  Frame out;
  for (std::size_t at = 12; at < 12 + headers;) {
    const auto name = number(bytes, at, 1);
    CHECK(bytes[at + 1 + name] == 7);
    const auto value = number(bytes, at + 2 + name, 2);
    out.headers[bytes.substr(at + 1, name)] = bytes.substr(at + 4 + name, value);
    at += 4 + name + value;
  }
  out.payload = bytes.substr(12 + headers, total - headers - 16);
  bytes.erase(0, total);
  return out;
}

std::string all_of(World& w, http::BodySource& source) {
  std::string out;
  for (auto piece = w.run(source.next()); piece; piece = w.run(source.next())) out += *piece;
  return out;
}
}  // namespace

TEST_CASE("each piece of a stream is a PayloadChunk, and the last frame says that all went well") {
  World w;
  auto pipe = std::make_shared<runtime::ResponsePipe>(w.clock);
  lambda::EventFrames frames(pipe, false);
  pipe->begin("text/plain");
  auto write = [](auto to, std::string piece) -> awaitable<void> { co_await to->write(std::move(piece)); };
  w.start(write(pipe, "one"));
  auto bytes = *w.run(frames.next());
  const auto first = take(bytes);
  CHECK(first.headers.at(":event-type") == "PayloadChunk");
  CHECK(first.headers.at(":message-type") == "event");
  CHECK(first.headers.at(":content-type") == "application/octet-stream");
  CHECK(first.payload == "one");
  pipe->end({.streamed = true});
  bytes = all_of(w, frames);
  const auto last = take(bytes);
  CHECK(last.headers.at(":event-type") == "InvokeComplete");
  CHECK(last.payload == "{}");
  CHECK(bytes.empty());
}

TEST_CASE("the end of a failed stream carries the error, and the log if it was asked for") {
  World w;
  auto pipe = std::make_shared<runtime::ResponsePipe>(w.clock);
  lambda::EventFrames frames(pipe, true);
  pipe->begin("");
  pipe->end({.kind = runtime::Outcome::Kind::function_error,
             .payload = R"({"errorType":"E"})",
             .error_type = "Runtime.TruncatedResponse",
             .log_tail = "REPORT",
             .streamed = true});
  auto bytes = all_of(w, frames);
  CHECK(
      take(bytes).payload ==
      R"({"ErrorCode":"Runtime.TruncatedResponse","ErrorDetails":"{\"errorType\":\"E\"}","LogResult":"UkVQT1JU"})");
}

TEST_CASE("a response that was not streamed is one chunk") {
  World w;
  auto pipe = std::make_shared<runtime::ResponsePipe>(w.clock);
  lambda::EventFrames frames(pipe, false);
  pipe->end({.payload = "[1]"});
  auto bytes = all_of(w, frames);
  CHECK(take(bytes).payload == "[1]");
  CHECK(take(bytes).payload == "{}");
}
}  // namespace emu::test
