// Streams of several shards and streams that fail, as a mapping reads them (spec-lambda G.3).
#include "tests/flows/events/events_world.hpp"
#include "tests/support/failing_engine.hpp"

using namespace emu;
using namespace emu::test;

namespace {
// A stream of two shards, the parent's records being there and the child's as well.
class TwoShards final : public StreamSource {
 public:
  Result<std::vector<std::string>> shards(std::string_view) override {
    return std::vector<std::string>{"parent", "child"};
  }
  Result<std::string> position(std::string_view, std::string_view, Start) override {
    return std::string("0");
  }
  awaitable<Result<Page>> read(std::string, std::string shard, std::string position, std::size_t) override {
    Page page{.next = "1", .ended = true};
    if (position == "0")
      page.records.push_back({{"eventName", "INSERT"},
                              {"dynamodb",
                               {{"Keys", {{"id", {{"S", shard}}}}},
                                {"SequenceNumber", "1"},
                                {"ApproximateCreationDateTime", 1'767'225'600}}}});
    co_return page;
  }
  Result<Done> notify(std::string_view, std::string_view, std::string_view,
                      std::shared_ptr<Wakeup> wakeup) override {
    wakeup->signal();
    return Done{};
  }
};
}  // namespace

TEST_CASE("a shard is read when its parents are done with") {
  EventsWorld w;
  TwoShards source;
  w.ports.serve("other", source);
  w.function();
  w.fails();
  w.map("arn:aws:other:us-east-1:000000000000:stream", {{"StartingPosition", "TRIM_HORIZON"}});
  w.advance(10s);
  REQUIRE(w.events.size() == 4);
  for (const auto& event : w.events) CHECK(EventsWorld::keys(event) == Bodies{"parent"});
  w.succeeds();
  w.advance(10s);
  CHECK(EventsWorld::keys(w.events.back()) == Bodies{"child"});
  CHECK(w.events.size() == 6);
}

TEST_CASE("a change of the settings lets no shard overtake its parents") {
  EventsWorld w;
  TwoShards source;
  w.ports.serve("other", source);
  w.function();
  w.fails();
  const auto uuid =
      w.map("arn:aws:other:us-east-1:000000000000:stream", {{"StartingPosition", "TRIM_HORIZON"}});
  w.call_lambda("UpdateEventSourceMapping", {{"UUID", uuid}, {"BatchSize", 5}});
  w.advance(10s);
  CHECK(w.events.size() > 2);
  for (const auto& event : w.events) CHECK(EventsWorld::keys(event) == Bodies{"parent"});
}

namespace {
// A stream of the records 0 and 1, whose first read of the second goes wrong.
class FaultyStream final : public StreamSource {
 public:
  explicit FaultyStream(bool throws) : throws_(throws) {}
  Result<std::vector<std::string>> shards(std::string_view) override {
    return std::vector<std::string>{"shard"};
  }
  Result<std::string> position(std::string_view, std::string_view, Start) override {
    return std::string("0");
  }
  awaitable<Result<Page>> read(std::string, std::string, std::string position, std::size_t) override {
    if (position == "2") co_return Page{.next = "2"};
    if (position == "1" && !std::exchange(failed_, true)) {
      if (throws_) throw DiskFailed();
      co_return AwsError::internal("a fault");
    }
    Page page{.next = position == "0" ? "1" : "2"};
    page.records.push_back({{"eventName", "INSERT"},
                            {"dynamodb",
                             {{"Keys", {{"id", {{"S", position}}}}},
                              {"SequenceNumber", position},
                              {"ApproximateCreationDateTime", 1'767'225'600}}}});
    co_return page;
  }
  Result<Done> notify(std::string_view, std::string_view, std::string_view position,
                      std::shared_ptr<Wakeup> wakeup) override {
    if (position != "2") wakeup->signal();
    return Done{};
  }

 private:
  const bool throws_;
  bool failed_ = false;
};
}  // namespace

TEST_CASE("a fault of the stream ends neither its mapping nor what is with the function") {
  for (const bool throws : {true, false}) {
    EventsWorld w;
    FaultyStream source(throws);
    w.ports.serve("other", source);
    w.function();
    w.takes = 2s;
    w.map("arn:aws:other:us-east-1:000000000000:stream", {{"StartingPosition", "TRIM_HORIZON"}});
    w.advance(30s);
    REQUIRE(w.events.size() == 2);
    CHECK(EventsWorld::keys(w.events[0]) == Bodies{"0"});
    CHECK(EventsWorld::keys(w.events[1]) == Bodies{"1"});
  }
}
