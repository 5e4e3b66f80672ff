#include "emulator/wire/error_body.hpp"

namespace emu::wire {
namespace {
// Its text through json_text: what a message echoes of a request may hold invalid UTF-8.
Json body_of(const AwsError& error) {
  Json body = error.extra;
  if (!error.message.empty()) body[std::string(error.message_key)] = error.message;
  return body;
}
}  // namespace

http::Response json_error(const AwsError& error, std::string_view type, std::string_view content_type) {
  Json body = body_of(error);
  body["__type"] = type;
  return http::text_response(error.http_status, json_text(body), std::string(content_type));
}

http::Response rest_error(const AwsError& error) {
  auto reply = http::json_response(error.http_status, json_text(body_of(error)));
  reply.headers.add("x-amzn-ErrorType", error.code);
  // Modelled for TooManyRequestsException of every REST service (spec-lambda D.1); the limits here refill
  // continuously, so a second is enough.
  if (error.http_status == 429) reply.headers.add("Retry-After", "1");
  return reply;
}
}  // namespace emu::wire
