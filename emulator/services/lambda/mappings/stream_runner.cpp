#include "emulator/services/lambda/mappings/stream_runner.hpp"

#include "emulator/services/lambda/mappings/shard_reader.hpp"

namespace emu::lambda {
namespace {
constexpr Duration kAbsent = std::chrono::minutes(1);  // ours: between looks for a stream that is gone
}  // namespace

awaitable<void> StreamRunner::rest(Time until) {
  auto wakeup = std::make_shared<Wakeup>(co_await asio::this_coro::executor);
  const auto before = mapping();
  interrupted_by_change(wakeup);
  if (!over() && mapping() == before) co_await lambda_.clock.wait(wakeup, until);
}

awaitable<void> StreamRunner::run() {
  while (!over()) {
    const auto before = mapping();
    if (!before->enabled) {
      co_await rest(kNever);
      continue;
    }
    auto* source = lambda_.ports.stream_source(before->source_arn);
    const auto shards = source->shards(before->source_arn);
    for (std::size_t i = 0; shards && i < shards->size() && working(); ++i) {
      ShardReader reader(*this, *source, (*shards)[i]);
      co_await reader.run();
    }
    if (working() && mapping() == before) co_await rest(shards ? kNever : lambda_.clock.now() + kAbsent);
  }
}
}  // namespace emu::lambda
