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

void Violations::add(std::string_view value, std::string_view path, std::string_view constraint) {
  add_text(fmt::format("Value '{}' at '{}' failed to satisfy constraint: {}", value, path, constraint));
}

void Violations::add_text(std::string text) {
  if (count_++ > 0) texts_ += "; ";
  texts_ += text;
}

void Violations::pattern(std::string_view value, std::string_view path, std::string_view pattern) {
  add(value, path, fmt::format("Member must satisfy regular expression pattern: {}", pattern));
}

void Violations::longest(std::string_view value, std::string_view path, std::size_t length) {
  if (value.size() > length)
    add(value, path, fmt::format("Member must have length less than or equal to {}", length));
}

void Violations::range(std::int64_t value, std::string_view path, std::int64_t least, std::int64_t most) {
  if (value < least)
    add(std::to_string(value), path,
        fmt::format("Member must have value greater than or equal to {}", least));
  if (value > most)
    add(std::to_string(value), path, fmt::format("Member must have value less than or equal to {}", most));
}

std::string Violations::text() const {
  return fmt::format("{} validation error{} detected: {}", count_, count_ == 1 ? "" : "s", texts_);
}

void Violations::raise() const {
  if (count_ > 0) throw AwsError::validation(text());
}
}  // namespace emu::lambda
