#include "runtime-api/log_frames.hpp"

#include <doctest/doctest.h>

namespace emu::runtime {
namespace {
std::string number(std::uint64_t value, int bytes) {
  std::string out;
  for (int i = bytes - 1; i >= 0; --i) out.push_back(static_cast<char>(value >> (8 * i) & 0xff));
  return out;
}
std::string frame(std::string_view record, std::uint32_t type = 0xa55a0003 | 0xc) {
  return number(type, 4) + number(record.size(), 4) + number(1'700'000'000'000'000, 8) + std::string(record);
}
}  // namespace

TEST_CASE("a record of several lines stays one") {
  LogFrames frames;
  CHECK(frames.take(frame("one\ntwo\n") + frame("{\"a\":1}", 0xa55a0002)) ==
        std::vector<std::string>{"one\ntwo\n", "{\"a\":1}"});
}

TEST_CASE("a record is whole when its last byte has come") {
  LogFrames frames;
  const auto all = frame("one\ntwo\n");
  std::vector<std::string> got;
  for (const char byte : all) {
    CHECK(got.empty());
    got = frames.take({&byte, 1});
  }
  CHECK(got == std::vector<std::string>{"one\ntwo\n"});
}

TEST_CASE("a frame of older runtime clients has no time") {
  LogFrames frames;
  CHECK(frames.take(number(0xa55a0001, 4) + number(2, 4) + "ab" + frame("c")) ==
        std::vector<std::string>{"ab", "c"});
}

TEST_CASE("what is no frame is passed on, and an endless record is parted") {
  LogFrames frames;
  CHECK(frames.take("plain text") == std::vector<std::string>{"plain text"});
  const auto got = frames.take(frame(std::string(LogFrames::kLongest + 3, 'x')));
  REQUIRE(got.size() == 2);
  CHECK(got[0].size() == LogFrames::kLongest);
  CHECK(got[1] == "xxx");
}
}  // namespace emu::runtime
