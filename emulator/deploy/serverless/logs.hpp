// provider.logs: the access logs of the two kinds of API (spec-gateway 22), each with a log group of its own.
// Used by http_api.cpp and rest_api.cpp.
#pragma once
#include "emulator/deploy/serverless/service.hpp"

namespace emu::deploy::serverless {
// The settings of a stage, {"DestinationArn": …, "Format": …}, and the group added; none: nothing is logged.
std::optional<Json> http_api_logs(Service& service);
std::optional<Json> rest_api_logs(Service& service);
}  // namespace emu::deploy::serverless
