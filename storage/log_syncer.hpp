// The thread that forces a log to the medium: every 100 ms if there is need, and at once when somebody waits.
// Whoever comes while one sync runs shares the next (group commit). Used by RocksEngine; knows no RocksDB.
#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace emu::storage {
class LogSyncer {
 public:
  // force() puts all that was written before the call on the medium; false if that failed.
  explicit LogSyncer(std::function<bool()> force);
  ~LogSyncer();  // after a last sync, if there is need

  // Around every write: begin() before it can be read, then one of the others.
  void begin() { ++begun_; }
  void succeeded() { ++finished_; }
  void failed() { --begun_; }

  // As Engine has them.
  using Then = std::function<void(bool forced)>;
  bool durable() const { return synced_ == begun_; }
  void when_durable(Then then);

 private:
  void run(const std::stop_token& stop);
  const std::function<bool()> force_;
  // Writes that did not fail, those under way included; those that ended; how many had ended when the last
  // good sync began. All equal: what can be read is on the medium.
  std::atomic<std::uint64_t> begun_ = 0, finished_ = 0, synced_ = 0;
  std::mutex mutex_;
  std::condition_variable_any woken_;
  std::vector<Then> waiting_;
  std::jthread thread_;  // last: it uses the others
};
}  // namespace emu::storage
