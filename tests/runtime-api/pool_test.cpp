#include "runtime-api/pool.hpp"

#include <doctest/doctest.h>

namespace emu::runtime {
namespace {
using namespace std::chrono_literals;
const Time kStart{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
SandboxId cold(Pool& pool) { return std::get<Cold>(pool.place()).id; }
}  // namespace

TEST_CASE("the environment used last is used first") {
  Pool pool;
  const auto a = cold(pool), b = cold(pool);
  CHECK(a != b);
  pool.release(a, kStart);
  pool.release(b, kStart + 1s);
  CHECK(std::get<Warm>(pool.place()).id == b);
  CHECK(std::get<Warm>(pool.place()).id == a);
  CHECK(std::holds_alternative<Cold>(pool.place()));
}

TEST_CASE("environments idle for long enough expire, and a lost one is not used again") {
  Pool pool;
  const auto a = cold(pool), b = cold(pool), c = cold(pool);
  pool.release(a, kStart);
  pool.release(b, kStart + 5min);
  pool.release(c, kStart + 6min);
  CHECK(pool.expire(kStart + 10min, 10min) == std::vector<SandboxId>{a});
  pool.lost(c);
  CHECK(std::get<Warm>(pool.place()).id == b);
  CHECK(std::holds_alternative<Cold>(pool.place()));
}

TEST_CASE("functions without a reservation share what the account has left") {
  Concurrency c(3);
  CHECK(c.enter("a").empty());
  CHECK(c.enter("b").empty());
  CHECK(c.enter("a").empty());
  CHECK(c.enter("b") == "ConcurrentInvocationLimitExceeded");
  c.leave("a");
  CHECK(c.enter("b").empty());
}

TEST_CASE("a reservation is a guarantee and a cap") {
  Concurrency c(3);
  c.reserve("a", 2);
  CHECK(c.unreserved() == 1);
  CHECK(c.enter("b").empty());
  CHECK(c.enter("b") == "ConcurrentInvocationLimitExceeded");
  CHECK(c.enter("a").empty());
  CHECK(c.enter("a").empty());
  CHECK(c.enter("a") == "ReservedFunctionConcurrentInvocationLimitExceeded");
  c.leave("a");
  CHECK(c.enter("a").empty());
}

TEST_CASE("a reservation of zero disables the function") {
  Concurrency c;
  c.reserve("a", 0);
  CHECK(c.enter("a") == "ReservedFunctionConcurrentInvocationLimitExceeded");
  c.unreserve("a");
  CHECK(c.enter("a").empty());
}

TEST_CASE("what is in flight counts where the function's share now is") {
  Concurrency c(2);
  CHECK(c.enter("a").empty());
  CHECK(c.enter("a").empty());
  CHECK(!c.enter("b").empty());
  c.reserve("a", 1);  // two in flight, above the new cap: they end in their own time
  CHECK(c.enter("b").empty());
  CHECK(!c.enter("a").empty());
  c.leave("a");
  CHECK(!c.enter("a").empty());
  c.leave("a");
  CHECK(c.enter("a").empty());
  c.unreserve("a");
  CHECK(!c.enter("b").empty());
  c.leave("a");
  CHECK(c.enter("b").empty());
}

TEST_CASE("leaving without having entered changes nothing") {
  Concurrency c(1);
  c.leave("a");
  c.leave("a");
  CHECK(c.enter("a").empty());
  CHECK(!c.enter("a").empty());
}
}  // namespace emu::runtime
