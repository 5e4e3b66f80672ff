// AwsError -> the reply that a client of each protocol expects. The Query protocol's is in query.hpp.
#pragma once
#include "emulator/base/error.hpp"
#include "emulator/http/message.hpp"

namespace emu::wire {
// JSON 1.0 and 1.1: {"__type": type, "message": …}; `type` as the service namespaces it.
http::Response json_error(const AwsError& error, std::string_view type, std::string_view content_type);
// REST-JSON: the type travels in x-amzn-ErrorType.
http::Response rest_error(const AwsError& error);
}  // namespace emu::wire
