// CreateQueue, GetQueueUrl, DeleteQueue.
#include "emulator/services/sqs/errors.hpp"
#include "emulator/services/sqs/queue_url.hpp"

namespace emu::sqs {
namespace {
struct CreateQueueInput {
  std::optional<std::string> QueueName;
  std::optional<std::map<std::string, std::string>> Attributes, tags;
};
BOOST_DESCRIBE_STRUCT(CreateQueueInput, (), (QueueName, Attributes, tags))
struct QueueUrlOutput {
  std::string QueueUrl;
};
BOOST_DESCRIBE_STRUCT(QueueUrlOutput, (), (QueueUrl))

Result<QueueUrlOutput> create_queue(Sqs& service, Context& context, CreateQueueInput in) {
  if (!in.QueueName) return missing_parameter("QueueName");
  QueueRecord record;
  if (in.Attributes) record.Attributes = std::move(*in.Attributes);
  if (in.tags) record.Tags = std::move(*in.tags);
  auto queue = service.create(context.scope, *in.QueueName, std::move(record));
  if (!queue) queue = service.queues.find(context.scope, *in.QueueName);
  if (!queue) return no_such_queue();
  return QueueUrlOutput{queue_url(context, *queue)};
}

struct GetQueueUrlInput {
  std::optional<std::string> QueueName, QueueOwnerAWSAccountId;
};
BOOST_DESCRIBE_STRUCT(GetQueueUrlInput, (), (QueueName, QueueOwnerAWSAccountId))

Result<QueueUrlOutput> get_queue_url(Sqs& service, Context& context, GetQueueUrlInput in) {
  if (!in.QueueName) return missing_parameter("QueueName");
  const Scope scope{in.QueueOwnerAWSAccountId.value_or(context.scope.account), context.scope.region};
  const auto queue = service.queues.find(scope, *in.QueueName);
  if (!queue) return no_such_queue();
  return QueueUrlOutput{queue_url(context, *queue)};
}

struct DeleteQueueInput {
  std::optional<std::string> QueueUrl;
};
BOOST_DESCRIBE_STRUCT(DeleteQueueInput, (), (QueueUrl))

Result<Empty> delete_queue(Sqs& service, Context& context, DeleteQueueInput in) {
  const auto queue = queue_of(service, context, in.QueueUrl);
  if (!queue) return queue.error();
  if (!service.remove(**queue)) return no_such_queue();
  return Empty{};
}

constexpr Operation kRows[] = {op<create_queue>("CreateQueue"), op<get_queue_url>("GetQueueUrl"),
                               op<delete_queue>("DeleteQueue")};
}  // namespace

std::span<const Operation> queue_operations() { return kRows; }
}  // namespace emu::sqs
