#include "emulator/services/gateway/responses/rest_error.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "emulator/base/json.hpp"

namespace emu::gateway {
namespace {
constexpr GatewayResponseType kTypes[] = {
    {"ACCESS_DENIED", 403, "AccessDeniedException", "User is not authorized to access this resource", false,
     true},
    {"API_CONFIGURATION_ERROR", 500, "InternalServerErrorException", "Internal server error", true},
    {"AUTHORIZER_CONFIGURATION_ERROR", 500, "AuthorizerConfigurationException", ""},
    {"AUTHORIZER_FAILURE", 500, "AuthorizerConfigurationException", ""},
    {"BAD_REQUEST_BODY", 400, "BadRequestException", "Invalid request body", true},
    {"BAD_REQUEST_PARAMETERS", 400, "BadRequestException", "Missing required request parameters", true},
    {"DEFAULT_4XX", 400, "BadRequestException", "Bad Request"},
    {"DEFAULT_5XX", 500, "InternalServerErrorException", "Internal server error", true},
    {"EXPIRED_TOKEN", 403, "ExpiredTokenException", "The security token included in the request is expired"},
    {"INTEGRATION_FAILURE", 504, "InternalServerErrorException", "Network error communicating with endpoint",
     true},
    {"INTEGRATION_TIMEOUT", 504, "InternalServerErrorException", "Endpoint request timed out", true},
    {"INVALID_API_KEY", 403, "ForbiddenException", "Forbidden"},
    {"INVALID_SIGNATURE", 403, "InvalidSignatureException",
     "The request signature we calculated does not match the signature you provided."},
    {"MISSING_AUTHENTICATION_TOKEN", 403, "MissingAuthenticationTokenException",
     "Missing Authentication Token"},
    {"QUOTA_EXCEEDED", 429, "LimitExceededException", "Limit Exceeded"},
    {"REQUEST_TOO_LARGE", 413, "RequestTooLargeException", "Request Too Long"},
    {"RESOURCE_NOT_FOUND", 404, "NotFoundException", "Not Found"},
    {"THROTTLED", 429, "TooManyRequestsException", "Too Many Requests"},
    {"UNAUTHORIZED", 401, "UnauthorizedException", "Unauthorized"},
    {"UNSUPPORTED_MEDIA_TYPE", 415, "BadRequestException", "Unsupported Media Type", true},
    {"WAF_FILTERED", 403, "ForbiddenException", "Forbidden"},
};
}  // namespace

std::span<const GatewayResponseType> gateway_response_types() { return kTypes; }

const GatewayResponseType* gateway_response_type(std::string_view type) {
  const auto* const it = std::ranges::find(kTypes, type, &GatewayResponseType::type);
  return it == std::end(kTypes) ? nullptr : it;
}

http::Response rest_error(std::string_view type, int status, std::string_view message) {
  const auto& row = *gateway_response_type(type);
  const auto said = message.empty() ? row.message : message;
  auto out =
      http::json_response(status ? status : row.status,
                          said.empty() ? R"({"message":null})"
                                       : fmt::format("{{\"{}\":{}{}}}", row.capital ? "Message" : "message",
                                                     row.spaced ? " " : "", json_text(Json(said))));
  out.headers.add("x-amzn-ErrorType", std::string(row.error));
  return out;
}
}  // namespace emu::gateway
