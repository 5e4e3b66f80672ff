// Making queues and taking them away, for the operations and for CloudFormation's rows.
#pragma once
#include "emulator/services/sqs/attributes/rules.hpp"
#include "emulator/services/sqs/sqs.hpp"

namespace emu::sqs {
struct CreateQueueInput {
  std::optional<std::string> QueueName;
  std::optional<AttributeMap> Attributes, tags;
};
BOOST_DESCRIBE_STRUCT(CreateQueueInput, (), (QueueName, Attributes, tags))

// The new queue, or the one that is there already if nothing that is asked for differs from it.
Result<SharedQueue> create_queue(Sqs& service, const Scope& scope, CreateQueueInput in);
Result<Done> delete_queue(Sqs& service, Queue& queue);
}  // namespace emu::sqs
