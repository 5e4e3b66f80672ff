// Lambda's errors in AWS's words and with its three spellings of the error body (spec-lambda D.1). Used by
// every file of this folder; one function per recorded reply.
#pragma once
#include <fmt/format.h>

#include <string>
#include <string_view>

#include "emulator/base/error.hpp"

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
AwsError too_large(std::string message);
AwsError access_denied();                        // its message is null
AwsError stale_revision(std::string_view call);  // "GetFunction/GetAlias", "GetPolicy"

// Collects what one request violates, so that AWS's "2 validation errors detected: …; …" comes out.
class Violations {
 public:
  // "Value 'v' at 'path' failed to satisfy constraint: …"
  void add(std::string_view value, std::string_view path, std::string_view constraint);
  void add_text(std::string text);
  void pattern(std::string_view value, std::string_view path, std::string_view pattern);
  void longest(std::string_view value, std::string_view path, std::size_t length);
  void range(std::int64_t value, std::string_view path, std::int64_t least, std::int64_t most);
  void raise() const;  // throws the ValidationException if anything was added
  bool empty() const { return count_ == 0; }
  std::string text() const;

 private:
  int count_ = 0;
  std::string texts_;
};
}  // namespace emu::lambda
