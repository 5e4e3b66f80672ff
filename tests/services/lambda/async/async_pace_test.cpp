#include "emulator/services/lambda/async/async_pace.hpp"

#include <doctest/doctest.h>

using namespace emu;
using namespace emu::lambda;
using namespace std::chrono_literals;

namespace {
const Time kStart{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};

// So many begin, with as many waiting as one likes.
int fill(AsyncPace& pace, int in_flight, int most, Time now) {
  while (pace.admits(in_flight, most, now)) ++in_flight;
  return in_flight;
}
}  // namespace

TEST_CASE("events that take long get their function's whole concurrency, little by little") {
  AsyncPace pace;
  CHECK(fill(pace, 0, 100, kStart) == 32);
  CHECK(pace.due() == kStart + 10s);
  CHECK(fill(pace, 32, 100, kStart + 9s) == 32);
  CHECK(fill(pace, 32, 100, kStart + 10s) == 64);
  CHECK(fill(pace, 64, 100, kStart + 20s) == 100);
  CHECK(fill(pace, 100, 100, kStart + 1h) == 100);
  CHECK(pace.due() == kNever);
}

TEST_CASE("of short events no more begin at once, however many wait") {
  AsyncPace pace;
  fill(pace, 0, 1000, kStart);
  for (int n = 0; n < 32; ++n) pace.ended();
  CHECK(fill(pace, 32, 1000, kStart + 10s) == 32);
  CHECK(pace.due() == kStart + 20s);
}

TEST_CASE("a pause in between is no sign of slow events") {
  AsyncPace pace;
  fill(pace, 0, 1000, kStart);
  pace.caught_up();
  CHECK(fill(pace, 0, 1000, kStart + 1h) == 32);
}

TEST_CASE("the function's concurrency bounds its events, and one is always tried") {
  AsyncPace pace;
  CHECK(fill(pace, 0, 5, kStart) == 5);
  CHECK(fill(pace, 5, 5, kStart + 1h) == 5);
  CHECK(fill(pace, 0, 0, kStart) == 1);  // its end is that there is no concurrency
}
