#include "runtime-api/scheduler/concurrency.hpp"

#include <doctest/doctest.h>

namespace emu::runtime {
namespace {
using namespace std::chrono_literals;
const Time kStart{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
// So many invocations enter at once; the number that did.
int enter(Concurrency& c, std::string_view function, int tries, Time now = kStart) {
  int entered = 0;
  for (int i = 0; i < tries; ++i) entered += c.enter(function, now).empty() ? 1 : 0;
  return entered;
}
}  // namespace

TEST_CASE("functions without a reservation share what the account has left") {
  Concurrency c(3);
  CHECK(c.enter("a", kStart).empty());
  CHECK(c.enter("b", kStart).empty());
  CHECK(c.enter("a", kStart).empty());
  CHECK(c.enter("b", kStart) == "ConcurrentInvocationLimitExceeded");
  c.leave("a");
  CHECK(c.enter("b", kStart).empty());
}

TEST_CASE("a reservation is a guarantee and a cap") {
  Concurrency c(3);
  c.reserve("a", 2);
  CHECK(c.unreserved("a") == 1);
  CHECK(c.enter("b", kStart).empty());
  CHECK(c.enter("b", kStart) == "ConcurrentInvocationLimitExceeded");
  CHECK(c.enter("a", kStart).empty());
  CHECK(c.enter("a", kStart).empty());
  CHECK(c.enter("a", kStart) == "ReservedFunctionConcurrentInvocationLimitExceeded");
  c.leave("a");
  CHECK(c.enter("a", kStart).empty());
}

TEST_CASE("a reservation of zero disables the function") {
  Concurrency c;
  c.reserve("a", 0);
  CHECK(c.enter("a", kStart) == "ReservedFunctionConcurrentInvocationLimitExceeded");
  c.unreserve("a");
  CHECK(c.enter("a", kStart).empty());
}

TEST_CASE("what is in flight counts where the function's share now is") {
  Concurrency c(2);
  CHECK(c.enter("a", kStart).empty());
  CHECK(c.enter("a", kStart).empty());
  CHECK(!c.enter("b", kStart).empty());
  c.reserve("a", 1);  // two in flight, above the new cap: they end in their own time
  CHECK(c.enter("b", kStart).empty());
  CHECK(!c.enter("a", kStart).empty());
  c.leave("a");
  CHECK(!c.enter("a", kStart).empty());
  c.leave("a");
  CHECK(c.enter("a", kStart).empty());
  c.unreserve("a");
  CHECK(!c.enter("b", kStart).empty());
  c.leave("a");
  CHECK(c.enter("b", kStart).empty());
}

TEST_CASE("leaving without having entered changes nothing") {
  Concurrency c(1);
  c.leave("a");
  c.leave("a");
  CHECK(c.enter("a", kStart).empty());
  CHECK(!c.enter("a", kStart).empty());
}

TEST_CASE("each account and region has limits of its own") {
  Concurrency c(1);
  CHECK(c.enter("arn:aws:lambda:us-east-1:000000000000:function:f", kStart).empty());
  CHECK(!c.enter("arn:aws:lambda:us-east-1:000000000000:function:g", kStart).empty());
  CHECK(c.enter("arn:aws:lambda:eu-west-1:000000000000:function:f", kStart).empty());
  CHECK(c.enter("arn:aws:lambda:us-east-1:111111111111:function:f", kStart).empty());
}

TEST_CASE("provisioned concurrency counts against the function's reservation even when idle") {
  Concurrency c;
  c.reserve("f", 1);
  c.provision("f", "1", 1);
  CHECK(c.enter("f", kStart) == "ReservedFunctionConcurrentInvocationLimitExceeded");  // $LATEST, say
  CHECK(c.enter_provisioned("f", "1", kStart).empty());
  CHECK(c.in_use("f") == 1);
  c.leave_provisioned("f", "1");
  CHECK(c.in_use("f") == 1);
}

TEST_CASE("provisioned concurrency without a reservation takes from what all share; the rest spills over") {
  Concurrency c(10);
  c.provision("f", "1", 4);
  CHECK(enter(c, "g", 10) == 6);
  c.leave("g");
  for (int i = 0; i < 4; ++i) CHECK(c.enter_provisioned("f", "1", kStart).empty());
  CHECK(enter(c, "f", 5) == 1);  // spilled over, up to the common limit
}

TEST_CASE("provisioned invocations still running when it is given up count until they end") {
  Concurrency c;
  c.reserve("f", 2);
  c.provision("f", "1", 2);
  c.enter_provisioned("f", "1", kStart);
  c.enter_provisioned("f", "1", kStart);
  c.provision("f", "1", 0);
  CHECK(!c.enter("f", kStart).empty());
  c.leave_provisioned("f", "1");
  CHECK(c.enter("f", kStart).empty());
  CHECK(!c.enter("f", kStart).empty());
}

TEST_CASE("requests per second are ten times the concurrency") {
  Concurrency c;
  c.reserve("f", 2);
  const auto requests = [&](int n, Time now) {
    int served = 0;
    for (int i = 0; i < n; ++i)
      if (c.enter("f", now).empty()) {
        c.leave("f");
        ++served;
      }
    return served;
  };
  CHECK(requests(30, kStart) == 20);
  CHECK(c.enter("f", kStart) == "ReservedFunctionInvocationRateLimitExceeded");
  CHECK(requests(30, kStart + 500ms) == 10);
  Concurrency small(1);
  for (int i = 0; i < 10; ++i) {
    CHECK(small.enter("g", kStart).empty());
    small.leave("g");
  }
  CHECK(small.enter("h", kStart) == "FunctionInvocationRateLimitExceeded");
}

TEST_CASE("concurrency is checked before the request rate") {
  Concurrency c(1);
  for (int i = 0; i < 9; ++i) {
    c.enter("f", kStart);
    c.leave("f");
  }
  CHECK(c.enter("f", kStart).empty());
  CHECK(c.enter("f", kStart) == "ConcurrentInvocationLimitExceeded");
  c.leave("f");
  CHECK(c.enter("f", kStart) == "FunctionInvocationRateLimitExceeded");
}

TEST_CASE("a function starts a thousand environments at once and a hundred more each second") {
  Concurrency c;
  const auto starts = [&](std::string_view function, int n, Time now) {
    int started = 0;
    for (int i = 0; i < n; ++i) started += c.start(function, now).empty() ? 1 : 0;
    return started;
  };
  CHECK(starts("f", 3000, kStart) == 1000);
  CHECK(c.start("f", kStart) == "ConcurrentInvocationLimitExceeded");
  CHECK(starts("g", 3000, kStart) == 1000);  // each function for itself
  CHECK(starts("f", 3000, kStart + 1s) == 100);
  CHECK(starts("f", 3000, kStart + 11s) == 1000);
  CHECK(starts("f", 3000, kStart + 1h) == 1000);  // no more accrues
}

TEST_CASE("throttles are counted by function and reason") {
  Concurrency c;
  c.count_throttle("f", kAccountFull);
  c.count_throttle("f", kAccountFull);
  c.count_throttle("g", kReservedRate);
  const auto all = c.throttles();
  CHECK(all.at("f").at(kAccountFull) == 2);
  CHECK(all.at("g").at(kReservedRate) == 1);
  CHECK(all.size() == 2);
}

TEST_CASE("a deleted function leaves nothing behind") {
  Concurrency c(10);
  c.reserve("f", 5);
  c.provision("f", "1", 2);
  c.forget("f");
  CHECK(c.unreserved("f") == 10);
  CHECK(c.in_use("f") == 0);
  CHECK(enter(c, "g", 11) == 10);
}
}  // namespace emu::runtime
