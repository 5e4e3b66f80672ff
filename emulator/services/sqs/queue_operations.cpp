// CreateQueue, GetQueueUrl, DeleteQueue.
#include "emulator/services/sqs/creation.hpp"
#include "emulator/services/sqs/errors.hpp"
#include "emulator/services/sqs/queue_url.hpp"

namespace emu::sqs {
namespace {
struct QueueUrlOutput {
  std::string QueueUrl;
};
BOOST_DESCRIBE_STRUCT(QueueUrlOutput, (), (QueueUrl))

Result<QueueUrlOutput> create(Sqs& service, Context& context, CreateQueueInput in) {
  auto queue = create_queue(service, context.scope, std::move(in));
  if (!queue) return std::move(queue.error());
  return QueueUrlOutput{queue_url(service, context, **queue)};
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
  return QueueUrlOutput{queue_url(service, context, *queue)};
}

struct DeleteQueueInput {
  std::optional<std::string> QueueUrl;
};
BOOST_DESCRIBE_STRUCT(DeleteQueueInput, (), (QueueUrl))

Result<Empty> remove(Sqs& service, Context& context, DeleteQueueInput in) {
  const auto queue = queue_of(service, context, in.QueueUrl);
  if (!queue) return queue.error();
  if (auto gone = delete_queue(service, **queue); !gone) return std::move(gone.error());
  return Empty{};
}

constexpr Operation kRows[] = {op<create>("CreateQueue"), op<get_queue_url>("GetQueueUrl"),
                               op<remove>("DeleteQueue")};
}  // namespace

std::span<const Operation> queue_operations() { return kRows; }
}  // namespace emu::sqs
