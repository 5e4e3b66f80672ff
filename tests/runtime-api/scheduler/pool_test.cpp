#include "runtime-api/scheduler/pool.hpp"

#include <doctest/doctest.h>

namespace emu::runtime {
namespace {
using namespace std::chrono_literals;
const Time kStart{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
SandboxId cold(Pool& pool, Time now = kStart, std::string_view tenant = {}) {
  return std::get<Cold>(pool.place(now, tenant)).id;
}
SandboxId warm(Pool& pool, Time now = kStart, std::string_view tenant = {}) {
  return std::get<Warm>(pool.place(now, tenant)).id;
}
}  // namespace

TEST_CASE("the environment used last is used first") {
  Pool pool;
  const auto a = cold(pool), b = cold(pool);
  CHECK(a != b);
  pool.release(a, kStart);
  pool.release(b, kStart + 1s);
  CHECK(warm(pool) == b);
  CHECK(warm(pool) == a);
  CHECK(std::holds_alternative<Cold>(pool.place(kStart)));
}

TEST_CASE("environments idle for long enough expire, and a lost one is not used again") {
  Pool pool;
  const auto a = cold(pool), b = cold(pool), c = cold(pool);
  pool.release(a, kStart);
  pool.release(b, kStart + 5min);
  pool.release(c, kStart + 6min);
  CHECK(pool.expire(kStart + 10min) == std::vector<SandboxId>{a});
  pool.lost(c);
  CHECK(warm(pool) == b);
  CHECK(std::holds_alternative<Cold>(pool.place(kStart)));
}

TEST_CASE("an environment in steady use is ended between its least and longest life, and not while busy") {
  Pool pool(7);
  const auto id = cold(pool);
  Time now = kStart;
  std::vector<SandboxId> ended;
  while (ended.empty()) {
    now += 5min;
    CHECK(pool.expire(now).empty());  // busy
    pool.release(id, now);
    ended = pool.expire(now);
    if (ended.empty()) CHECK(warm(pool, now) == id);
  }
  CHECK(now - kStart >= 2h);
  CHECK(now - kStart <= 14h);
}

TEST_CASE("an environment serves one tenant only") {
  Pool pool;
  const auto a = cold(pool, kStart, "a");
  pool.release(a, kStart);
  CHECK(!pool.has_free("b"));
  const auto b = cold(pool, kStart, "b");
  pool.release(b, kStart);
  CHECK(warm(pool, kStart, "a") == a);
  CHECK(!pool.has_free("a"));
}

TEST_CASE("an environment with several slots takes as many invocations before another is needed") {
  Pool pool(0, 3);
  const auto a = cold(pool);
  CHECK(warm(pool) == a);  // while it still starts
  CHECK(warm(pool) == a);
  const auto b = cold(pool);
  CHECK(b != a);
  pool.release(a, kStart + 1s);
  CHECK(warm(pool) == a);  // the one used last
  CHECK(pool.all().at(a).in_use == 3);
  CHECK(warm(pool) == b);
}

TEST_CASE("an environment with several slots is idle when all of them are") {
  Pool pool(0, 2);
  const auto a = cold(pool);
  warm(pool);
  pool.release(a, kStart);
  CHECK(pool.expire(kNever).empty());
  CHECK(pool.all().at(a).state == Environment::State::busy);
  pool.release(a, kStart + 1min);
  CHECK(pool.all().at(a).state == Environment::State::idle);
  CHECK(pool.expire(kStart + 10min).empty());  // of its last invocation the time counts
  CHECK(pool.expire(kStart + 11min) == std::vector{a});
}

TEST_CASE("provisioned environments are started as fast as AWS allocates and outlive idleness") {
  Pool pool;
  pool.provision(1500);
  const auto first = pool.to_start(kStart);
  CHECK(first.size() == 1000);
  CHECK(pool.missing() == 500);
  CHECK(pool.to_start(kStart + 1s).size() == 100);
  CHECK(pool.to_start(pool.next_start(kStart + 1s)).size() == 1);
  CHECK(pool.allocated() == 0);
  CHECK(!pool.has_provisioned());
  pool.release(first[0], kStart);
  CHECK(pool.allocated() == 1);
  CHECK(pool.expire(kStart + 1h).empty());
  CHECK(pool.place_provisioned(kStart) == first[0]);
  CHECK(pool.allocated() == 1);
}

TEST_CASE("what is provisioned beyond what is wanted goes, idle ones at once and busy ones when released") {
  Pool pool;
  pool.provision(2);
  for (const auto id : pool.to_start(kStart)) pool.release(id, kStart);
  const auto busy = pool.place_provisioned(kStart);
  pool.provision(0);
  CHECK(pool.surplus().size() == 1);
  CHECK(pool.surplus().empty());
  pool.release(busy, kStart);
  CHECK(pool.surplus() == std::vector<SandboxId>{busy});
  CHECK(pool.all().empty());
}
}  // namespace emu::runtime
