// StartMessageMoveTask, CancelMessageMoveTask, ListMessageMoveTasks (spec-sqs 10.1).
#include "emulator/base/bounded_json.hpp"
#include "emulator/base/digest.hpp"
#include "emulator/services/sqs/attributes/redrive_rules.hpp"
#include "emulator/services/sqs/errors.hpp"

namespace emu::sqs {
namespace {
constexpr int kFastest = 500;  // messages a second
constexpr int kMostTasks = 10;

AwsError no_such_resource(std::string_view parameter) {
  return {"ResourceNotFoundException",
          fmt::format("The resource that you specified for the {} parameter doesn't exist.", parameter), 404};
}

// Opaque to clients; AWS's own has these two, too.
struct Handle {
  std::string taskId, sourceArn;
};
BOOST_DESCRIBE_STRUCT(Handle, (), (taskId, sourceArn))

std::string handle_of(const MoveTask& task) {
  return base64_encode(wire::encode(Handle{task.TaskId, task.SourceArn}).dump());
}

std::optional<Handle> read_handle(const std::string& text) {
  const auto decoded = base64_decode(text);
  if (!decoded) return std::nullopt;
  const auto j = bounded_parse(*decoded);
  if (!j.is_object()) return std::nullopt;
  const auto task = j.value("taskId", Json()), source = j.value("sourceArn", Json());
  if (!task.is_string() || !source.is_string()) return std::nullopt;
  return Handle{task.get<std::string>(), source.get<std::string>()};
}

struct StartMessageMoveTaskInput {
  std::optional<std::string> SourceArn, DestinationArn;
  std::optional<int> MaxNumberOfMessagesPerSecond;
};
BOOST_DESCRIBE_STRUCT(StartMessageMoveTaskInput, (),
                      (SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond))
struct StartMessageMoveTaskOutput {
  std::string TaskHandle;
};
BOOST_DESCRIBE_STRUCT(StartMessageMoveTaskOutput, (), (TaskHandle))

Result<StartMessageMoveTaskOutput> start_task(Sqs& service, Context&, StartMessageMoveTaskInput in) {
  if (!in.SourceArn) return missing_parameter("SourceArn");
  const auto source = service.queues.find(*in.SourceArn);
  if (!source) return no_such_resource("SourceArn");
  if (in.DestinationArn && !service.queues.find(*in.DestinationArn))
    return no_such_resource("DestinationArn");
  if (dead_letter_sources(service, *source).empty())
    return invalid_value("Source queue must be configured as a Dead Letter Queue.");
  if (const auto pace = in.MaxNumberOfMessagesPerSecond; pace && (*pace < 1 || *pace > kFastest))
    return invalid_value(*pace, "MaxNumberOfMessagesPerSecond", "Must be between 1 and 500, if provided.");
  const auto task =
      service.moves.start(source, std::move(in.DestinationArn), in.MaxNumberOfMessagesPerSecond);
  if (!task)
    return invalid_value(
        "There is already a task running. Only one active task is allowed for a source queue arn at a given "
        "time.");
  return StartMessageMoveTaskOutput{handle_of(*task)};
}

struct CancelMessageMoveTaskInput {
  std::optional<std::string> TaskHandle;
};
BOOST_DESCRIBE_STRUCT(CancelMessageMoveTaskInput, (), (TaskHandle))
struct CancelMessageMoveTaskOutput {
  std::int64_t ApproximateNumberOfMessagesMoved = 0;
};
BOOST_DESCRIBE_STRUCT(CancelMessageMoveTaskOutput, (), (ApproximateNumberOfMessagesMoved))

Result<CancelMessageMoveTaskOutput> cancel_task(Sqs& service, Context&, CancelMessageMoveTaskInput in) {
  if (!in.TaskHandle) return missing_parameter("TaskHandle");
  const auto handle = read_handle(*in.TaskHandle);
  if (!handle) return invalid_value("Value for parameter TaskHandle is invalid.");
  if (!service.queues.find(handle->sourceArn)) return no_such_resource("SourceArn");
  const auto moved = service.moves.cancel(handle->sourceArn, handle->taskId);
  if (!moved) return AwsError{"ResourceNotFoundException", "Task does not exist.", 404};
  return CancelMessageMoveTaskOutput{*moved};
}

struct ListMessageMoveTasksInput {
  std::optional<std::string> SourceArn;
  std::optional<int> MaxResults;
};
BOOST_DESCRIBE_STRUCT(ListMessageMoveTasksInput, (), (SourceArn, MaxResults))
struct ListMessageMoveTasksResultEntry {
  std::optional<std::string> TaskHandle;  // only of one that runs
  std::string Status, SourceArn;
  std::optional<std::string> DestinationArn;
  std::optional<int> MaxNumberOfMessagesPerSecond;
  std::int64_t ApproximateNumberOfMessagesMoved = 0, ApproximateNumberOfMessagesToMove = 0;
  std::optional<std::string> FailureReason;
  std::int64_t StartedTimestamp = 0;
};
BOOST_DESCRIBE_STRUCT(ListMessageMoveTasksResultEntry, (),
                      (TaskHandle, Status, SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond,
                       ApproximateNumberOfMessagesMoved, ApproximateNumberOfMessagesToMove, FailureReason,
                       StartedTimestamp))
struct ListMessageMoveTasksOutput {
  std::vector<ListMessageMoveTasksResultEntry> Results;
};
BOOST_DESCRIBE_STRUCT(ListMessageMoveTasksOutput, (), (Results))

ListMessageMoveTasksResultEntry shown(const MoveTask& task) {
  ListMessageMoveTasksResultEntry out;
  if (task.Status == "RUNNING") out.TaskHandle = handle_of(task);
  out.Status = task.Status;
  out.SourceArn = task.SourceArn;
  out.DestinationArn = task.DestinationArn;
  out.MaxNumberOfMessagesPerSecond = task.MaxNumberOfMessagesPerSecond;
  out.ApproximateNumberOfMessagesMoved = task.Moved;
  out.ApproximateNumberOfMessagesToMove = task.ToMove;
  out.FailureReason = task.FailureReason;
  out.StartedTimestamp = task.Started / 1000;
  return out;
}

Result<ListMessageMoveTasksOutput> list_tasks(Sqs& service, Context&, ListMessageMoveTasksInput in) {
  if (!in.SourceArn) return missing_parameter("SourceArn");
  if (!Arn::parse(*in.SourceArn))
    return invalid_value(
        "You must use this format to specify the SourceArn: "
        "arn:<partition>:<service>:<region>:<account-id>:<resource-id>");
  if (!service.queues.find(*in.SourceArn)) return no_such_resource("SourceArn");
  const auto most = in.MaxResults.value_or(1);
  if (most < 1 || most > kMostTasks)
    return invalid_value(most, "MaxResults", "Must be between 1 and 10, if provided.");
  ListMessageMoveTasksOutput out;
  for (const auto& task : service.moves.list(*in.SourceArn))
    if (out.Results.size() < static_cast<std::size_t>(most)) out.Results.push_back(shown(task));
  return out;
}

constexpr Operation kRows[] = {op<start_task>("StartMessageMoveTask"),
                               op<cancel_task>("CancelMessageMoveTask"),
                               op<list_tasks>("ListMessageMoveTasks")};
}  // namespace

std::span<const Operation> move_operations() { return kRows; }
}  // namespace emu::sqs
