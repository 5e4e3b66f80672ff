// The pure parts of event source mappings: when a batch closes, how many there may be, what becomes of one.
#include <doctest/doctest.h>

#include "emulator/services/lambda/lineage.hpp"
#include "emulator/services/lambda/mappings/batch_plan.hpp"
#include "emulator/services/lambda/mappings/closing.hpp"
#include "emulator/services/lambda/mappings/item_failures.hpp"
#include "emulator/services/lambda/mappings/queue_scaling.hpp"
#include "emulator/services/lambda/mappings/shard_progress.hpp"
#include "emulator/services/lambda/payload.hpp"

using namespace emu;
using namespace emu::lambda;
using namespace std::chrono_literals;

namespace {
const Time kNow{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
}

TEST_CASE("a batch closes when it is full, too large for one more, or its window is over") {
  Closing full(2, 0s);
  CHECK_FALSE(full.closed(kNow));
  CHECK(full.add(10, kNow));
  CHECK(full.closed(kNow));  // no window
  Closing waiting(2, 5s);
  CHECK(waiting.add(10, kNow));
  CHECK_FALSE(waiting.closed(kNow + 4s));
  CHECK(waiting.closed(kNow + 5s));
  CHECK(waiting.add(10, kNow + 1s));
  CHECK(waiting.closed(kNow + 1s));
  Closing large(100, 300s);
  CHECK(large.add(kSyncPayload - 1000, kNow));
  CHECK_FALSE(large.add(1000, kNow));
  CHECK(large.closed(kNow));
}

TEST_CASE("batches of a queue begin with five at once, and are 300 more every minute while they are in use") {
  QueueScaling scaling;
  const auto fill = [&](Time now) {
    int started = 0;
    while (scaling.may_start(now)) {
      scaling.started();
      ++started;
    }
    return started;
  };
  CHECK(fill(kNow) == 5);
  CHECK(scaling.next(kNow) <= kNow + 201ms);
  CHECK(fill(kNow + 1s) == 5);
  CHECK(fill(kNow + 60s) == 295);
  CHECK(fill(kNow + 10min) == QueueScaling::Rates{}.most - 305);
  CHECK(scaling.next(kNow + 10min) == kNever);
}

TEST_CASE("the maximum concurrency of a mapping holds from the first batch on") {
  QueueScaling scaling;
  scaling.follow({.most = 2});
  for (int i = 0; i < 2; ++i) {
    CHECK(scaling.may_start(kNow));
    scaling.started();
  }
  CHECK_FALSE(scaling.may_start(kNow + 1h));
  scaling.ended(QueueScaling::End::good, kNow + 1h);
  CHECK(scaling.may_start(kNow + 1h));
}

TEST_CASE("a provisioned poller takes ten batches at once") {
  QueueScaling scaling;
  scaling.follow({.first = 20, .most = 30, .per_minute = 1000});
  for (int i = 0; i < 20; ++i) {
    REQUIRE(scaling.may_start(kNow));
    scaling.started();
  }
  CHECK_FALSE(scaling.may_start(kNow));
  for (int i = 0; i < 10; ++i) {
    REQUIRE(scaling.may_start(kNow + 1min));
    scaling.started();
  }
  CHECK_FALSE(scaling.may_start(kNow + 1h));
}

TEST_CASE("a throttled function gets half as many batches, at most once a second, and never none") {
  QueueScaling scaling;
  for (int i = 0; i < 4; ++i) {
    REQUIRE(scaling.may_start(kNow));
    scaling.started();
  }
  scaling.throttled(kNow);
  scaling.throttled(kNow);
  scaling.ended(QueueScaling::End::good, kNow);
  scaling.ended(QueueScaling::End::good, kNow);
  CHECK_FALSE(scaling.may_start(kNow));  // 2.5 allowed, 2 there
  scaling.ended(QueueScaling::End::throttled, kNow + 2s);
  scaling.ended(QueueScaling::End::throttled, kNow + 4s);
  CHECK(scaling.may_start(kNow + 4s));
}

TEST_CASE("one failed batch changes nothing, five in a row halve what is allowed") {
  QueueScaling scaling;
  for (int i = 0; i < 5; ++i) scaling.started();
  for (int i = 0; i < 4; ++i) {
    scaling.ended(QueueScaling::End::failed, kNow);
    CHECK(scaling.may_start(kNow));
    scaling.started();
  }
  scaling.ended(QueueScaling::End::failed, kNow);
  CHECK_FALSE(scaling.may_start(kNow));
}

TEST_CASE("what a function reported of its batch, by the table of returned values") {
  const std::vector<std::string_view> ids{"a", "b", "c"};
  const auto places = [&](std::string_view payload) {
    const auto failures = item_failures(payload, ids);
    CHECK_FALSE(failures.whole_batch);
    return failures.places;
  };
  using Places = std::vector<std::size_t>;
  for (const auto* good : {"{}", "null", "[]", "\"\"", R"({"batchItemFailures":[]})",
                           R"({"batchItemFailures":null})", R"({"statusCode":200})"})
    CHECK_MESSAGE(places(good).empty(), good);
  CHECK(places(R"({"batchItemFailures":[{"itemIdentifier":"c"},{"itemIdentifier":"a"}]})") == Places{0, 2});
  CHECK(places(R"({"batchItemFailures":[{"itemIdentifier":"c"},{"itemIdentifier":"c"}]})") == Places{2});
  for (const auto* bad :
       {R"({"batchItemFailures":[{"itemIdentifier":""}]})",
        R"({"batchItemFailures":[{"itemIdentifier":null}]})", R"({"batchItemFailures":[{}]})",
        R"({"batchItemFailures":[{"id":"a"}]})",
        R"({"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"z"}]})",
        R"({"batchItemFailures":["a"]})", R"({"batchItemFailures":"a"})", "{", "\"a\"", "[1]", "7"})
    CHECK_MESSAGE(item_failures(bad, ids).whole_batch, bad);
}

TEST_CASE("a failing batch is tried again after one second, two, four, up to a minute") {
  BatchPlan plan(3, {});
  CHECK(plan.pause() == 0s);
  for (const auto pause : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
    CHECK_FALSE(plan.failed());
    CHECK(plan.pause() == pause);
  }
  plan.succeeded();
  CHECK(plan.done());
}

TEST_CASE("a batch is given up after its retries; throttles are none") {
  StreamSettings settings;
  settings.retries = 1;
  BatchPlan plan(3, settings);
  plan.throttled();
  CHECK_FALSE(plan.failed());
  plan.throttled();
  CHECK(plan.pause() == 4s);
  const auto given_up = plan.failed();
  REQUIRE(given_up);
  CHECK(given_up->from == 0);
  CHECK(given_up->to == 3);
  CHECK(given_up->attempts == 2);
  CHECK(plan.done());
}

TEST_CASE("bisecting finds the bad record and spends retries on it alone") {
  StreamSettings settings;
  settings.bisect = true;
  settings.retries = 1;
  BatchPlan plan(4, settings);  // record 2 is bad
  std::vector<std::pair<std::size_t, std::size_t>> seen;
  std::optional<BatchPlan::Part> given_up;
  while (!plan.done()) {
    const auto part = plan.next();
    seen.emplace_back(part.from, part.to);
    if (part.from <= 2 && 2 < part.to) {
      if (auto gone = plan.failed()) given_up = gone;
    } else {
      plan.succeeded();
    }
  }
  using Seen = std::vector<std::pair<std::size_t, std::size_t>>;
  CHECK(seen == Seen{{0, 4}, {0, 2}, {2, 4}, {2, 3}, {2, 3}, {3, 4}});
  REQUIRE(given_up);
  CHECK(given_up->from == 2);
  CHECK(given_up->attempts == 2);
}

TEST_CASE(
    "reported failures go on from the lowest one, at the cost of an attempt unless the batch is bisected") {
  StreamSettings settings;
  settings.retries = 0;
  BatchPlan whole(4, settings);
  const auto given_up = whole.failed(2);
  REQUIRE(given_up);
  CHECK(given_up->from == 2);
  settings.bisect = true;
  BatchPlan split(4, settings);
  CHECK_FALSE(split.failed(2));
  CHECK(split.next().from == 2);
  CHECK(split.next().to == 4);
  CHECK(split.failed(2));  // nothing is left to split off
  CHECK(split.done());
}

TEST_CASE("records that became too old are given up and the rest goes on") {
  BatchPlan plan(3, {});
  CHECK(plan.expired(2).to == 2);
  CHECK(plan.next().from == 2);
  plan.expired(3);
  CHECK(plan.done());
}

TEST_CASE("a shard's progress is the last page of which, and before which, all is done with") {
  ShardProgress progress;
  const auto first = progress.read("p1", 2), second = progress.read("p2", 1);
  CHECK(progress.read("p3", 0) == second + 1);
  progress.done(second);
  CHECK_FALSE(progress.advance());
  progress.done(first);
  CHECK_FALSE(progress.advance());
  progress.done(first);
  CHECK(progress.advance() == "p3");
  CHECK(progress.idle());
  const auto later = progress.read("p4", 2);
  CHECK(progress.between_pages());
  progress.done(later);
  CHECK_FALSE(progress.between_pages());
  CHECK_FALSE(progress.advance());
  progress.done(later);
  CHECK(progress.advance() == "p4");
}

TEST_CASE("a chain of events counts its visits of each function, beside what others wrote") {
  const std::string f = "arn:f", g = "arn:g";
  CHECK(visits("", f) == 0);
  auto trace = visited("Root=1-a;Sampled=0", f);
  CHECK(trace.starts_with("Root=1-a;Sampled=0;Lineage="));
  CHECK(visits(trace, f) == 1);
  CHECK(visits(trace, g) == 0);
  trace = visited(visited(visited(trace, g), f), f);
  CHECK(visits(trace, f) == 3);
  CHECK(visits(trace, g) == 1);
  const auto foreign = visited("Root=1-a;Lineage=1:a87bd80c:0;Sampled=1", f);
  CHECK(foreign.contains("Lineage=1:a87bd80c:0|"));
  CHECK(foreign.ends_with(";Sampled=1"));
  CHECK(visits(foreign, f) == 1);
  for (int i = 0; i < 30; ++i) trace = visited(trace, f);
  CHECK(visits(trace, f) == kMostVisits + 1);
  CHECK(visits("Lineage=" + std::string(5000, 'x'), f) == 0);
}
