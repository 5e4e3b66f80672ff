#include "runtime-api/stream_rate.hpp"

#include <doctest/doctest.h>

namespace emu::runtime {
using namespace std::chrono_literals;

TEST_CASE("six mebibytes go at once and then two per second, in steps of an eighth") {  // spec-lambda A.4
  const Time begun{};
  StreamRate rate(begun);
  CHECK(rate.take(begun, 10'000'000) == 6 * 1024 * 1024);
  CHECK(rate.take(begun + 124ms, 1) == 0);
  CHECK(rate.next() == begun + 125ms);
  CHECK(rate.take(begun + 125ms, 1'000'000) == 256 * 1024);
  CHECK(rate.take(begun + 1125ms, 10'000'000) == 2 * 1024 * 1024);
}

TEST_CASE("what is not used accumulates up to the burst only") {
  const Time begun{};
  StreamRate rate(begun);
  CHECK(rate.take(begun, 1024) == 1024);
  CHECK(rate.take(begun + 1h, 100'000'000) == kStreamBurst);
}
}  // namespace emu::runtime
