// Writers on several threads, a consumer beside them: it sees each item's changes exactly once and in order,
// also when transactions and batches change several items at a time.
#include <boost/asio/detached.hpp>
#include <thread>

#include "emulator/services/dynamodb/streams/source.hpp"
#include "tests/services/dynamodb/streams/streams_world.hpp"

namespace emu::test {
namespace {
constexpr int kWriters = 6, kItems = 4, kRounds = 150;

// Calls an operation from any thread: those used here never wait.
void call_here(dynamodb::DynamoDb& db, std::string_view operation, Json input) {
  asio::io_context io;
  Context context;
  std::optional<Result<Json>> out;
  for (const auto& row : db.operations())
    if (row.name == operation) {
      auto work = [&]() -> awaitable<void> { out.emplace(co_await row.call(db, context, input)); };
      asio::co_spawn(io, work, asio::detached);
      io.run();
    }
  if (!out || !*out) throw std::runtime_error(out ? out->error().message : std::string("it waits"));
}

std::string item(int i) { return "item-" + std::to_string(i % kItems); }

Json count_up(const std::string& id) {
  return {{"TableName", "Tab"},
          {"Key", {{"id", S(id)}}},
          {"UpdateExpression", "ADD n :one"},
          {"ExpressionAttributeValues", {{":one", N("1")}}}};
}

// Reads on from `position`; checks that each item's count grows by one.
std::string consume(StreamsWorld& world, StreamSource& source, const std::string& arn,
                    const std::string& position, std::map<std::string, int>& seen) {
  const auto page = world.run(source.read(arn, source.shards(arn)->at(0), position, 1000));
  REQUIRE(page);
  for (const auto& r : page->records) {
    const std::string id = r["dynamodb"]["Keys"]["id"]["S"];
    CHECK(std::stoi(r["dynamodb"]["NewImage"]["n"]["N"].get<std::string>()) == ++seen[id]);
  }
  return page->next;
}

TEST_CASE("a consumer sees every item's changes exactly once and in order, whoever writes") {
  StreamsWorld world;
  const auto arn = world.streamed();
  dynamodb::TableStreamSource source{world.db.streams, world.loops};
  auto position = *source.position(arn, source.shards(arn)->at(0), StreamSource::Start::oldest);
  std::atomic<int> writing = kWriters;
  std::atomic<bool> failed = false;
  std::vector<std::jthread> writers;
  for (int w = 0; w < kWriters; ++w)
    writers.emplace_back([&, w] {
      try {
        for (int i = 0; i < kRounds; ++i) call_here(world.db, "UpdateItem", count_up(item(w + i)));
      } catch (const std::exception&) {
        failed = true;
      }
      --writing;
    });
  std::map<std::string, int> seen;
  while (writing > 0) position = consume(world, source, arn, position, seen);
  writers.clear();
  consume(world, source, arn, position, seen);
  CHECK_FALSE(failed);
  int total = 0;
  for (const auto& [id, count] : seen) total += count;
  CHECK(total == kWriters * kRounds);
}
}  // namespace
}  // namespace emu::test
