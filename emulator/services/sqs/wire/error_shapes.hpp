// An SQS error on the wire (spec-sqs 1.1). Within the service its code is the name of its shape, or Query's
// code where AWS models none; each protocol has its own name for it, and for some its own words.
#pragma once
#include "emulator/api/context.hpp"
#include "emulator/wire/json.hpp"

namespace emu::sqs {
std::string error_type(const AwsError& error);  // "com.amazonaws.sqs#QueueDoesNotExist"
std::string query_code(const AwsError& error);  // "AWS.SimpleQueueService.NonExistentQueue"
AwsError absent(const wire::Missing& member);
// The error with its status, and its text as the protocol has it.
AwsError worded(AwsError error, Protocol protocol);
}  // namespace emu::sqs
