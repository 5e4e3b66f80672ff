// Changing the attributes of a queue that exists, for SetQueueAttributes and CloudFormation's rows.
#pragma once
#include "emulator/services/sqs/attributes/rules.hpp"
#include "emulator/services/sqs/sqs.hpp"

namespace emu::sqs {
// Throws what is wrong with them; nothing is changed then. An empty text takes an attribute away.
Result<Done> set_attributes(Sqs& service, Queue& queue, AttributeMap given);
// The same, and what is not given is as if it had never been set; but the policy stays.
Result<Done> replace_attributes(Sqs& service, Queue& queue, AttributeMap given);
}  // namespace emu::sqs
