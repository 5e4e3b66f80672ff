// The event that a REST API's AWS_PROXY integration invokes its function with (spec-gateway 5), and the
// identity that it shares with payload format 1.0. Pure.
#pragma once
#include <optional>

#include "emulator/base/clock.hpp"
#include "emulator/http/message.hpp"
#include "emulator/services/gateway/routing/live_api.hpp"

namespace emu::gateway {
// What is known of who asks, beside the connection; members that are empty are null in events.
struct Identity {
  std::string access_key, account, caller, user, user_arn;
  std::string api_key, api_key_id;
};

struct RestEventSource {
  std::string_view account, api_id, stage, deployment_id;
  const StringMap& variables;
  std::string_view resource_id, resource_path, operation_name;
  const std::vector<std::pair<std::string, std::string>>& parameters;
  const http::Request& request;
  std::string_view path;      // without the stage, as sent
  std::string_view raw_path;  // with it
  std::string_view domain, request_id, extended_id, trace_id;
  Time now;
  const Identity& identity;
  std::string_view authorizer;  // JSON of requestContext.authorizer; empty: none
  bool binary = false;          // the body's type is one of the API's binaryMediaTypes
};

std::string event_rest(const RestEventSource& source);
// The event of a REQUEST authorizer: the same, with type and methodArn, without a body.
std::string event_rest_authorizer(const RestEventSource& source, std::string_view method_arn);
}  // namespace emu::gateway
