// How SQS speaks Query beside JSON: its names in forms, the paths that are queues' (spec-sqs 1). Sqs hands it
// to dispatch.
#pragma once
#include "emulator/api/query_side.hpp"

namespace emu::sqs {
extern const QuerySide kQuerySide;
}  // namespace emu::sqs
