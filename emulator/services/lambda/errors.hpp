// Lambda's errors in AWS's words and with its three spellings of the error body (spec-lambda D.1). Used by
// every file of this folder; one function per recorded reply.
#pragma once
#include <fmt/format.h>

#include <string>
#include <string_view>

#include "emulator/api/violations.hpp"

namespace emu::lambda {
// {"Type":"User","message":…}
AwsError user_error(std::string_view code, std::string message, int http_status = 400);
inline AwsError invalid_parameter(std::string message) {
  return user_error("InvalidParameterValueException", std::move(message));
}
inline AwsError conflict(std::string message) {
  return user_error("ResourceConflictException", std::move(message), 409);
}
// {"Type":"User","Message":…}: the capital M is AWS's.
AwsError not_found(std::string message, std::string_view code = "ResourceNotFoundException");
AwsError function_not_found(std::string_view arn);
AwsError throttled(std::string_view reason);
AwsError recursion_stopped();  // spec-lambda H
AwsError too_large(std::string message);
AwsError access_denied();                        // its message is null
AwsError stale_revision(std::string_view call);  // "GetFunction/GetAlias", "GetPolicy"
}  // namespace emu::lambda
