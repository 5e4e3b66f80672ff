// A REST API's own responses, "gateway responses" (spec-gateway 11, 20): which there are, with what status
// and text, and how they read unless the API has others. Pure.
#pragma once
#include <span>

#include "emulator/http/message.hpp"

namespace emu::gateway {
struct GatewayResponseType {
  std::string_view type;  // "THROTTLED"
  int status;
  std::string_view error;    // of the header x-amzn-ErrorType
  std::string_view message;  // where the case says no other
  bool spaced = false;       // written {"message": "…"}, as AWS does for some
  bool capital = false;      // {"Message":"…"}
};
std::span<const GatewayResponseType> gateway_response_types();
const GatewayResponseType* gateway_response_type(std::string_view type);  // null: there is none

// The built-in response. A status or message of 0 or nothing: the type's own.
http::Response rest_error(std::string_view type, int status = 0, std::string_view message = {});
}  // namespace emu::gateway
