#include "emulator/services/lambda/errors.hpp"

namespace emu::lambda {
AwsError user_error(std::string_view code, std::string message, int http_status) {
  AwsError error{std::string(code), std::move(message), http_status};
  error.extra["Type"] = "User";
  return error;
}

AwsError not_found(std::string message, std::string_view code) {
  auto error = user_error(code, std::move(message), 404);
  error.message_key = "Message";
  return error;
}

AwsError function_not_found(std::string_view arn) {
  return not_found(fmt::format("Function not found: {}", arn));
}

AwsError throttled(std::string_view reason) {
  auto error = user_error("TooManyRequestsException", "Rate Exceeded.", 429);
  error.extra["Reason"] = reason;
  return error;
}

AwsError recursion_stopped() {
  auto error = user_error("RecursiveInvocationException",
                          "Lambda has detected your function being invoked in a recursive loop with other "
                          "Amazon Web Services resources and stopped your function's invocation.");
  error.message_key = "Message";
  return error;
}

AwsError too_large(std::string message) {
  return {"RequestEntityTooLargeException", std::move(message), 413};
}

AwsError access_denied() {
  AwsError error{"AccessDeniedException", "", 403};
  error.extra["Message"] = nullptr;
  return error;
}

AwsError stale_revision(std::string_view call) {
  return user_error("PreconditionFailedException",
                    fmt::format("The Revision Id provided does not match the latest Revision Id. Call the {} "
                                "API to retrieve the latest Revision Id",
                                call),
                    412);
}
}  // namespace emu::lambda
