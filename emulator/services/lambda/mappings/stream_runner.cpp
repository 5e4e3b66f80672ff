#include "emulator/services/lambda/mappings/stream_runner.hpp"

#include "emulator/base/log.hpp"
#include "emulator/services/lambda/mappings/shard_reader.hpp"

namespace emu::lambda {
namespace {
constexpr Duration kAbsent = std::chrono::minutes(1);       // ours: between looks for a stream that is gone
constexpr Duration kAfterFault = std::chrono::seconds(10);  // ours: a full disk, say
}  // namespace

awaitable<void> StreamRunner::run() {
  while (!over()) {
    const auto before = mapping();
    Time until = kNever;
    try {
      if (before->enabled) until = co_await read(before);
    } catch (...) {
      log_caught("a mapping of a stream");
      until = lambda_.clock.now() + kAfterFault;
    }
    co_await rest(before, until);
  }
}

awaitable<Time> StreamRunner::read(SharedMapping mapping) {
  auto* source = lambda_.ports.stream_source(mapping->source_arn);
  const auto shards = source->shards(mapping->source_arn);
  if (!shards) co_return lambda_.clock.now() + kAbsent;
  for (const auto& shard : *shards) {
    ShardReader reader(*this, *source, shard);
    if (!co_await reader.run()) co_return lambda_.clock.now() + kAfterFault;
  }
  co_return kNever;
}

// `before` is what the caller acted on: a change since then is not to be slept through.
awaitable<void> StreamRunner::rest(SharedMapping before, Time until) {
  auto wakeup = std::make_shared<Wakeup>(co_await asio::this_coro::executor);
  interrupted_by_change(wakeup);
  if (!over() && mapping() == before) co_await lambda_.clock.wait(wakeup, until);
}
}  // namespace emu::lambda
