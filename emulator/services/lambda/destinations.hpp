// Where events go that a function is done with: destinations and dead-letter queues, reached by ARN through
// Ports (spec-lambda F.3). Used by asynchronous invocations, event source mappings and their configurations.
#pragma once
#include "emulator/api/ports.hpp"

namespace emu::lambda {
// What is wrong with a destination that is to be configured: a service that emu does not have.
std::optional<AwsError> destination_fault(const Ports& ports, const std::string& arn);
// Throws unless a function's events may become dead letters there; "" is nowhere.
void check_dead_letters(const Ports& ports, const std::string& arn);
// Hands it over. What cannot be delivered is lost, as on AWS, and logged; `what` says what it was.
awaitable<void> deliver(const Ports& ports, std::string arn, Delivery delivery, std::string what);
}  // namespace emu::lambda
