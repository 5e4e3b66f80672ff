// Policies on tables and streams (C13): kept and given back with a revision, not enforced. CreateTable and
// the resource type attach one too.
#pragma once
#include "emulator/services/dynamodb/dynamodb.hpp"

namespace emu::dynamodb {
void check_policy(std::string_view policy);  // throws
// Attaches a policy that was checked; the revision it has then. The same text again keeps its revision.
std::string attach_policy(DynamoDb& service, TableRecord& record, const std::string& arn,
                          std::string_view policy);
}  // namespace emu::dynamodb
