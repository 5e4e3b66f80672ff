#include "emulator/services/sqs/moves.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include "emulator/services/sqs/message.hpp"
#include "emulator/services/sqs/message_rows.hpp"
#include "emulator/services/sqs/redrive.hpp"

namespace emu::sqs {
namespace {
constexpr std::size_t kAtOnce = 10;  // messages moved under the queues' locks
constexpr std::size_t kKept = 10;    // tasks that are listed of a source (ListMessageMoveTasks)
constexpr auto kTryAgain = std::chrono::seconds(1);
constexpr const char* kRunning = "RUNNING";
constexpr const char* kCancelling = "CANCELLING";
constexpr const char* kNoQueue = "AWS.SimpleQueueService.NonExistentQueue";

std::string row_name(const Queue& source, const MoveTask& task) {
  return fmt::format("{}/{}", source.name, task.TaskId);
}
bool active(const MoveTask& task) { return task.Status == kRunning || task.Status == kCancelling; }

std::optional<Message> stored(const Sqs& service, const Queue& queue, std::uint64_t sequence) {
  const auto row = service.disk.get(message_row(queue.id, sequence).bytes());
  return row ? decode_message(*row) : std::nullopt;
}
}  // namespace

std::string Moves::Running::status() {
  return task.with([](const MoveTask& t) { return t.Status; });
}

Moves::Shared Moves::add(MoveTask task, SharedQueue source) {
  auto running = std::make_shared<Running>(std::move(task));
  running->source = std::move(source);
  return running;
}

std::optional<MoveTask> Moves::start(const SharedQueue& source, std::optional<std::string> destination_arn,
                                     std::optional<int> per_second) {
  MoveTask task;
  task.TaskId = service_.ids.uuid();
  task.SourceArn = source->arn;
  task.DestinationArn = std::move(destination_arn);
  task.MaxNumberOfMessagesPerSecond = per_second;
  task.Status = kRunning;
  task.ToMove = static_cast<std::int64_t>(source->counts(service_.clock).visible);
  task.Started = service_.clock.now().time_since_epoch().count();
  auto running = by_source_.with([&](auto& all) -> Shared {
    auto& tasks = all[source->arn];
    for (const auto& other : tasks)
      if (other->task.with(&active)) return nullptr;
    service_.move_tasks.put(source->scope, row_name(*source, task), task);
    tasks.push_back(add(task, source));
    if (tasks.size() > kKept) {
      service_.move_tasks.erase(source->scope,
                                row_name(*source, tasks.front()->task.with([](auto& t) { return t; })));
      tasks.erase(tasks.begin());
    }
    return tasks.back();
  });
  if (!running) return std::nullopt;
  service_.loops.spawn(run(running));
  return task;
}

std::optional<std::int64_t> Moves::cancel(std::string_view source_arn, std::string_view task_id) {
  const auto found = by_source_.with([&](auto& all) -> Shared {
    const auto tasks = all.find(source_arn);
    if (tasks == all.end()) return nullptr;
    for (const auto& one : tasks->second)
      if (one->task.with([&](const MoveTask& t) { return t.TaskId == task_id && t.Status == kRunning; }))
        return one;
    return nullptr;
  });
  if (!found) return std::nullopt;
  end(*found, kCancelling);
  if (const auto sleeping = found->sleeping.with([](const auto& wakeup) { return wakeup; }))
    sleeping->signal();
  return found->task.with([](const MoveTask& t) { return t.Moved; });
}

std::vector<MoveTask> Moves::list(std::string_view source_arn) {
  return by_source_.with([&](auto& all) {
    std::vector<MoveTask> out;
    if (const auto tasks = all.find(source_arn); tasks != all.end())
      for (const auto& one : tasks->second)
        out.push_back(one->task.with([](const MoveTask& t) { return t; }));
    std::ranges::reverse(out);
    return out;
  });
}

void Moves::forget(const Queue& source) {
  by_source_.with([&](auto& all) {
    const auto tasks = all.find(source.arn);
    if (tasks == all.end()) return;
    for (const auto& one : tasks->second)
      one->task.with(
          [&](const MoveTask& t) { service_.move_tasks.erase(source.scope, row_name(source, t)); });
    all.erase(tasks);
  });
}

void Moves::load() {
  by_source_.with([&](auto& all) {
    service_.move_tasks.each([&](const Scope&, const std::string&, MoveTask task) {
      auto source = service_.queues.find(task.SourceArn);
      if (!source) return;
      auto& tasks = all[task.SourceArn];
      tasks.push_back(add(std::move(task), std::move(source)));
    });
    for (auto& [arn, tasks] : all)
      std::ranges::sort(tasks, {}, [](const Shared& one) {
        return one->task.with([](const MoveTask& t) { return std::pair(t.Started, t.TaskId); });
      });
  });
}

void Moves::resume() {
  const auto running = by_source_.with([](auto& all) {
    std::vector<Shared> out;
    for (auto& [arn, tasks] : all)
      for (const auto& one : tasks)
        if (one->task.with(&active)) out.push_back(one);
    return out;
  });
  for (const auto& one : running) service_.loops.spawn(run(one));
}

void Moves::end(Running& running, std::string status, std::optional<std::string> reason) {
  running.task.with([&](MoveTask& task) {
    MoveTask next = task;
    next.Status = std::move(status);
    next.FailureReason = std::move(reason);
    service_.move_tasks.put(running.source->scope, row_name(*running.source, next), next);
    task = std::move(next);
  });
}

awaitable<void> Moves::sleep_until(Shared running, Time until) {
  auto wakeup = std::make_shared<Wakeup>(co_await asio::this_coro::executor);
  running->sleeping.with([&](auto& sleeping) { sleeping = wakeup; });
  if (running->status() != kRunning) co_return;
  co_await service_.clock.wait(wakeup, until);
}

awaitable<void> Moves::run(Shared running) {
  const auto per_second =
      running->task.with([](const MoveTask& t) { return t.MaxNumberOfMessagesPerSecond; });
  const Time began = service_.clock.now();
  for (std::int64_t moved = 0; running->status() == kRunning;) {
    const auto more = static_cast<std::int64_t>(step(*running, per_second ? 1 : kAtOnce));
    moved += more;
    if (more == 0)  // what was next has been taken meanwhile; or the task has ended
      co_await sleep_until(running, service_.clock.now() + kTryAgain);
    else if (per_second)
      co_await sleep_until(running, began + Duration(moved * 1'000'000 / *per_second));
    else
      co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
  }
  if (running->status() == kCancelling) end(*running, "CANCELLED");
}

// Moves what is next, and ends the task when nothing is.
std::size_t Moves::step(Running& running, std::size_t most) {
  const auto [destination, left] = running.task.with([](const MoveTask& t) {
    return std::pair(t.DestinationArn, static_cast<std::size_t>(t.ToMove - t.Moved));
  });
  const auto next = running.source->with(service_.clock, [&](Queue::State& state, Time) {
    const auto slots = state.messages->pick(left > 0 ? 1 : 0);
    return slots.empty() ? std::nullopt : std::optional(state.messages->sequence(slots.front()));
  });
  if (running.source->gone) {
    end(running, "FAILED", kNoQueue);
    return 0;
  }
  if (!next) {
    end(running, "COMPLETED");
    return 0;
  }
  auto arn = destination;
  if (!arn) {
    const auto message = stored(service_, *running.source, *next);
    if (!message) return 0;  // it has been deleted just now
    arn = message->source_arn;
    if (arn->empty()) {
      end(running, "FAILED", "CouldNotDetermineMessageSource");
      return 0;
    }
  }
  const auto to = service_.queues.find(*arn);
  if (!to || to == running.source || to->fifo != running.source->fifo) {
    end(running, "FAILED", kNoQueue);
    return 0;
  }
  return move(running, *to, std::min(most, left));
}

// One batch: out of the one queue, into the other, and the task's progress. Moved messages are new ones: id,
// time and counts (spec-sqs 10.1).
std::size_t Moves::move(Running& running, Queue& to, std::size_t most) {
  Queue& from = *running.source;
  return with_both(service_.clock, from, to, [&](Queue::State& source, Queue::State& there, Time now) {
    if (source.deleted || there.deleted) return std::size_t{0};
    return running.task.with([&](MoveTask& task) {
      storage::Batch batch;
      std::vector<Slot> moved;
      std::vector<std::pair<std::uint64_t, MessageState>> arrived;
      for (const Slot slot : source.messages->pick(most)) {
        auto message = stored(service_, from, source.messages->sequence(slot));
        if (!message || (!task.DestinationArn && message->source_arn != to.arn)) break;
        message->id = service_.ids.uuid();
        message->sent = now;
        message->source_arn.clear();
        MessageState state{now, now + there.settings->delay};
        state.group = source.messages->state(slot).group;
        moved.push_back(slot);
        arrived.emplace_back(to.next_sequence(now), state);
        batch.put(message_row(to.id, arrived.back().first), encode_message(*message));
        batch.put(state_row(to.id, arrived.back().first), encode_state(state));
        erase_message(batch, from.id, source.messages->sequence(slot));
      }
      MoveTask next = task;
      next.Moved += static_cast<std::int64_t>(moved.size());
      service_.move_tasks.put(batch, from.scope, row_name(from, next), next);
      service_.disk.write(batch);
      task = std::move(next);
      for (const Slot slot : moved) source.messages->remove(slot);
      for (const auto& [sequence, state] : arrived) there.messages->add(sequence, state);
      return moved.size();
    });
  });
}
}  // namespace emu::sqs
