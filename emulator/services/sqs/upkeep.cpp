#include "emulator/services/sqs/upkeep.hpp"

#include "emulator/base/log.hpp"

namespace emu::sqs {
namespace {
constexpr auto kInterval = std::chrono::minutes(1);
constexpr std::size_t kAtOnce = 1000;  // rows erased under a queue's lock

bool erase_some(Sqs& service, Queue& queue) {
  return queue.with(service.clock, [&](Queue::State& state, Time) {
    storage::Batch batch;
    state.stage_leftovers(batch, queue.id, kAtOnce);
    if (!batch.changes.empty()) service.disk.write(batch);
    return !state.expired.empty() || !state.past.empty();
  });
}
}  // namespace

void erase_expired(Sqs& service) {
  for (const auto& queue : service.queues.all())
    while (erase_some(service, *queue)) {
    }
}

// A full disk, say, must not end it: what could not be done is done the next time.
awaitable<void> keep_up(Sqs& service) {
  for (;;) {
    co_await service.clock.sleep(kInterval);
    auto work = [&service] {
      try {
        erase_expired(service);
      } catch (const std::exception& e) {
        log_fault("erasing expired SQS messages", e.what());
      }
    };
    co_await service.loops.blocking(std::move(work));
  }
}
}  // namespace emu::sqs
