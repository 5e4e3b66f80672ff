#include "storage/log_syncer.hpp"

#include <utility>

namespace emu::storage {
namespace {
constexpr auto kSyncEvery = std::chrono::milliseconds(100);
}

LogSyncer::LogSyncer(std::function<bool()> force)
    : force_(std::move(force)), thread_([this](const std::stop_token& stop) { run(stop); }) {}

LogSyncer::~LogSyncer() {
  thread_.request_stop();
  thread_.join();
}

void LogSyncer::when_durable(Then then) {
  {
    const std::lock_guard hold(mutex_);
    waiting_.push_back(std::move(then));
  }
  woken_.notify_one();
}

void LogSyncer::run(const std::stop_token& stop) {
  for (bool last = false; !last;) {
    std::vector<Then> told;
    {
      std::unique_lock hold(mutex_);
      woken_.wait_for(hold, stop, kSyncEvery, [this] { return !waiting_.empty(); });
      told.swap(waiting_);
    }
    last = stop.stop_requested();
    // In this order: a write that ends while the log is forced may or may not be covered.
    const auto covered = finished_.load();
    const bool needed = covered != synced_ || !told.empty();
    const bool forced = !needed || force_();
    if (forced) synced_ = covered;
    for (auto& then : told) then(forced);
  }
}
}  // namespace emu::storage
