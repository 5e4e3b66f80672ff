// Invoking a function for a request that does not wait for ever: what a route's, a method's and an
// authorizer's time-out have in common. The function runs on when nobody waits any more (spec-gateway 12.1).
#pragma once
#include "emulator/base/clock.hpp"
#include "emulator/base/ids.hpp"
#include "runtime-api/functions.hpp"

namespace emu::gateway {
struct Invoked {
  Result<runtime::Outcome> outcome = AwsError::internal("");
  bool late = false;  // then there is no outcome
  std::string request_id = {};
};
awaitable<Invoked> invoke_in_time(Clock& clock, runtime::Functions& functions, Ids& ids, std::string arn,
                                  std::string event, std::string trace_id, Duration patience);
}  // namespace emu::gateway
