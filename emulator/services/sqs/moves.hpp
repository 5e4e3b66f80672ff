// Message move tasks (spec-sqs 10.1): a queue's messages go back to where they came from, or elsewhere, as
// fast as the task allows. Progress is on disk with each move, and a start goes on with what was running. The
// operations judge their input and call this.
#pragma once
#include "emulator/services/sqs/queues.hpp"

namespace emu::sqs {
class Sqs;

// On disk: members may be added as optional ones, never renamed.
struct MoveTask {
  std::string TaskId, SourceArn;
  std::optional<std::string> DestinationArn;  // none: to the queue that each message came from
  std::optional<int> MaxNumberOfMessagesPerSecond;
  std::string Status;  // RUNNING, COMPLETED, CANCELLING, CANCELLED, FAILED
  std::int64_t Moved = 0, ToMove = 0;
  std::int64_t Started = 0;  // microseconds since the epoch
  std::optional<std::string> FailureReason;
};
BOOST_DESCRIBE_STRUCT(MoveTask, (),
                      (TaskId, SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond, Status, Moved, ToMove,
                       Started, FailureReason))

class Moves {
 public:
  explicit Moves(Sqs& service) : service_(service) {}
  // None: the source has a task that runs.
  std::optional<MoveTask> start(const SharedQueue& source, std::optional<std::string> destination_arn,
                                std::optional<int> per_second);
  // How many it has moved. None: there is no such task, or it has ended.
  std::optional<std::int64_t> cancel(std::string_view source_arn, std::string_view task_id);
  std::vector<MoveTask> list(std::string_view source_arn);  // newest first
  void forget(const Queue& source);                         // it is deleted

  void load();
  void resume();  // starts what was running; with the service's other loops

 private:
  struct Running {
    explicit Running(MoveTask made) : task(std::move(made)) {}
    Guarded<MoveTask> task;
    Guarded<std::shared_ptr<Wakeup>> sleeping;
    SharedQueue source;
    std::string status();
  };
  using Shared = std::shared_ptr<Running>;
  Shared add(MoveTask task, SharedQueue source);
  awaitable<void> run(Shared running);
  awaitable<void> sleep_until(Shared running, Time until);
  std::size_t step(Running& running, std::size_t most);
  std::size_t move(Running& running, Queue& to, std::size_t most);
  void end(Running& running, std::string status, std::optional<std::string> reason = {});
  Sqs& service_;
  Guarded<std::map<std::string, std::vector<Shared>, std::less<>>> by_source_;  // the newest last
};
}  // namespace emu::sqs
