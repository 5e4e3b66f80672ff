// Access logs (spec-gateway 22): one line per request, as a stage's format says it of $context, into a log
// group. Used by both kinds of API once a response is complete.
#pragma once
#include <optional>
#include <set>
#include <string>

#include "emulator/api/log_sink.hpp"
#include "emulator/base/guarded.hpp"
#include "emulator/base/json.hpp"
#include "emulator/http/message.hpp"

namespace emu::gateway {
// What a stage's accessLogSettings come to.
struct AccessLog {
  std::string group_arn, format;
  bool operator==(const AccessLog&) const = default;
};
// None: the stage keeps no log.
std::optional<AccessLog> access_log_of(const Json* settings);
// Throws BadRequestException for settings that AWS does not take: a format without a destination, one that is
// no ARN, a format of several lines.
void check_access_log(const std::string& destination, const std::string& format);

// "$context.identity.sourceIp" becomes what context has there, "-" where it has nothing. Pure.
std::string access_line(std::string_view format, const Json& context);

// What integrations told of a request, for $context.integration.
struct IntegrationLog {
  std::optional<int> status;       // of the backend, or what the function returned
  std::optional<int> call_status;  // of the call itself: Lambda's own, the backend's
  std::string request_id, error;
  std::optional<Duration> took;
};
// Adds what is known once the response is: status, lengths (`received`: bytes of the request's body),
// latencies, integration.
void complete_context(Json& context, std::size_t received, const http::Response& response,
                      const IntegrationLog& integration, Duration took);

class AccessLogs {
 public:
  LogSink* sink = nullptr;  // none: nobody keeps them. Set before the first request.
  void write(const AccessLog& log, std::string_view stage, const Json& context, Time now);

 private:
  Guarded<std::set<std::string>> missed_;  // groups that were not there, each told of once
};
}  // namespace emu::gateway
