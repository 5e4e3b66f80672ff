// One of the ordered ways through a shard: what waits in it, and the batch that is with the function, retried
// until it is done with. Owned by its ShardReader, on whose loop it stays.
#pragma once
#include "emulator/services/lambda/mappings/batch_plan.hpp"
#include "emulator/services/lambda/mappings/stream_batch.hpp"
#include "emulator/services/lambda/mappings/stream_runner.hpp"

namespace emu::lambda {
class Lane {
 public:
  // What a lane knows of its shard.
  struct Env {
    StreamRunner& runner;
    const std::string& shard;
    ShardProgress& progress;
  };
  Lane(Env env, std::optional<TumblingWindow> window) : env_(env), window_(std::move(window)) {}

  void add(StreamRecord record) { waiting_.push_back(std::move(record)); }
  std::size_t waiting() const { return waiting_.size(); }
  bool busy() const { return busy_; }
  // The next batch, if it is closed. A window that is over counts as one, without records.
  bool ready(const Mapping& mapping, Time now) const;
  Time due(const Mapping& mapping) const;  // when it will be, if nothing comes
  void take(SharedMapping mapping, Time now);
  // Handles what was taken; when it ends the lane is no longer busy. True: done with; false: interrupted, or
  // something of ours went wrong.
  awaitable<bool> handle();
  void interrupt();  // no further attempt; for good
  const std::optional<TumblingWindow>& window() const { return window_; }

 private:
  struct Attempt {
    // Only what the function itself did wrong uses up attempts (G.3).
    runtime::Outcome::Kind kind = runtime::Outcome::Kind::throttled;
    bool answered = false;
    std::string payload, request_id, version;
  };
  std::size_t closed_batch(const Mapping& mapping, Time now) const;
  std::int64_t window_of(const Mapping& mapping, const StreamRecord& record) const;
  std::size_t up_to_page_end(std::size_t count) const;
  bool at_work() const;
  bool window_over(const Mapping& mapping, Time now) const;
  awaitable<bool> handle_taken();
  awaitable<bool> close_window(bool early);
  awaitable<bool> work(BatchPlan plan, const WindowEvent* window);
  awaitable<Attempt> attempt(BatchPlan::Part part, const WindowEvent* window);
  awaitable<void> judge(BatchPlan& plan, Attempt attempt);
  awaitable<void> expire(BatchPlan& plan);
  awaitable<void> give_up(BatchPlan::Part part, std::string_view condition, const Attempt& attempt);
  awaitable<bool> pause(Duration length);
  void keep_state(const Attempt& attempt);

  const Env env_;
  std::deque<StreamRecord> waiting_;
  bool busy_ = false;
  bool stopped_ = false;
  SharedMapping mapping_;  // of the batch
  StreamRecords batch_;
  std::optional<TumblingWindow> window_;
  bool too_large_ = false;  // the window's state: it ends early
  std::shared_ptr<Wakeup> pausing_;
};
}  // namespace emu::lambda
