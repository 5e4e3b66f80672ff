// What destinations and dead-letter queues are told of an asynchronous invocation (spec-lambda F.3). Pure.
#pragma once
#include "emulator/api/ports.hpp"
#include "emulator/services/lambda/async/async_invokes.hpp"

namespace emu::lambda {
// How it ended. Conditions: "Success", "RetriesExhausted", "EventAgeExceeded", "ZeroReservedConcurrency".
struct AsyncEnd {
  std::string condition;
  std::optional<Ran> last;  // the last attempt, if the function ran in it
  int attempts = 0;
};
std::string destination_record(const Scope& scope, const AsyncInvoke& invoke, const AsyncEnd& end, Time now);
// The event itself; why it is here is told by attributes.
Delivery dead_letter(const AsyncInvoke& invoke, const AsyncEnd& end);
}  // namespace emu::lambda
