// SQS's errors that several operations answer with. The code is the shape's name; what each protocol makes of
// it is the wire's affair (spec-sqs 1.1).
#pragma once
#include <fmt/format.h>

#include "emulator/base/error.hpp"

namespace emu::sqs {
inline AwsError no_such_queue() { return {"QueueDoesNotExist", "The specified queue does not exist."}; }
inline AwsError invalid_value(std::string message) { return {"InvalidParameterValue", std::move(message)}; }
// "Value 99 for parameter WaitTimeSeconds is invalid. Reason: …"
template <class V>
AwsError invalid_value(const V& value, std::string_view parameter, std::string_view reason) {
  return invalid_value(
      fmt::format("Value {} for parameter {} is invalid. Reason: {}", value, parameter, reason));
}
inline AwsError missing_parameter(std::string_view name) {
  return {"MissingParameter", fmt::format("The request must contain the parameter {}.", name)};
}
}  // namespace emu::sqs
