#include "emulator/services/dynamodb/upkeep.hpp"

#include "emulator/base/log.hpp"
#include "emulator/services/dynamodb/backups/backups.hpp"
#include "emulator/services/dynamodb/backups/before_images.hpp"
#include "emulator/services/dynamodb/ttl/sweep.hpp"

namespace emu::dynamodb {
namespace {
constexpr auto kTrimInterval = std::chrono::hours(1);

void trim(DynamoDb& service) {
  expire_backups(service);
  for (const auto& table : service.tables.all())
    table.core->alone([&](Core& core) { trim_before_images(service, core, service.clock.now()); });
}

// A full disk, say, must not end the upkeep: what could not be done is done the next time.
void attempt(DynamoDb& service, void (*task)(DynamoDb&), std::string_view what) {
  try {
    task(service);
  } catch (const std::exception& e) {
    log_fault(what, e.what());
  }
}
}  // namespace

awaitable<void> keep_up(DynamoDb& service) {
  for (Time trimmed = service.clock.now();;) {
    co_await service.clock.sleep(service.settings.sweep_interval);
    const bool trims = service.clock.now() - trimmed >= kTrimInterval;
    if (trims) trimmed = service.clock.now();
    auto work = [&service, trims] {
      attempt(service, &sweep_expired, "deleting expired DynamoDB items");
      if (trims) attempt(service, &trim, "dropping old DynamoDB backups");
    };
    co_await service.loops.blocking(std::move(work));
  }
}
}  // namespace emu::dynamodb
