#include "emulator/base/clock.hpp"

#include "emulator/base/arn.hpp"
#include "tests/support/world.hpp"

using namespace emu;
using namespace std::chrono_literals;

TEST_CASE("virtual time jumps from deadline to deadline, in order") {
  test::World world;
  std::string order;
  auto sleeper = [&](Duration length, char name) -> awaitable<void> {
    co_await world.clock.sleep(length);
    order += name;
  };
  world.loops.spawn(sleeper(2h, 'b'));
  world.loops.spawn(sleeper(1h, 'a'));
  world.loops.spawn(sleeper(24h, 'c'));
  world.advance(3h);
  CHECK(order == "ab");
  world.advance(21h);
  CHECK(order == "abc");
}

TEST_CASE("a wakeup ends a wait before its deadline, also when it came first") {
  test::World world;
  auto wakeup = std::make_shared<Wakeup>(world.loops.next());
  int woken = 0;
  auto waiter = [&]() -> awaitable<void> {
    const bool signalled = co_await world.clock.wait(wakeup, world.clock.now() + 1h);
    woken += signalled ? 1 : 100;
  };
  world.start(waiter());
  CHECK(woken == 0);
  wakeup->signal();
  world.advance(0s);
  CHECK(woken == 1);
  world.start(waiter());
  CHECK(woken == 2);
}

TEST_CASE("time in text has milliseconds and a Z") {
  CHECK(iso8601_ms(Time{1'700'000'000'123'456us}) == "2023-11-14T22:13:20.123Z");
}

TEST_CASE("a time of a request stays within what can be counted and written") {
  CHECK(iso8601(time_at(1'700'000'000.9)) == "2023-11-14T22:13:20Z");
  CHECK(iso8601(time_at(4.3e18)) == "9999-12-31T23:59:59Z");
  CHECK(iso8601(time_at(-1e300)) == "0001-01-01T00:00:00Z");
  CHECK(iso8601(time_at(std::numeric_limits<double>::quiet_NaN())) == "0001-01-01T00:00:00Z");
}

TEST_CASE("an ARN keeps what follows its fifth colon whole") {
  const auto arn = Arn::parse("arn:aws:lambda:eu-west-1:000000000000:function:f:1");
  REQUIRE(arn);
  CHECK(arn->resource == "function:f:1");
  CHECK(arn->text() == "arn:aws:lambda:eu-west-1:000000000000:function:f:1");
  CHECK_FALSE(Arn::parse("arn:aws:lambda"));
  CHECK_FALSE(Arn::parse("f"));
}
