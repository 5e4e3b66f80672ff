// What a service says that speaks the Query protocol beside JSON (SQS): its names in forms, and the paths of
// its own that such requests go to. Constants of the service; identify.cpp and dispatch.cpp read them.
#pragma once
#include "emulator/base/error.hpp"
#include "emulator/http/message.hpp"
#include "emulator/wire/query_names.hpp"

namespace emu {
struct QuerySide {
  std::span<const wire::QueryName> names;
  // Whether Query requests to this path are the service's; those to "/" are found by their action.
  bool (*owns)(std::string_view path);
  bool (*offers)(std::string_view operation);  // at such a path; "/" has every operation
  // Completes the input with what the request's path says.
  void (*address)(const http::Request& request, Json& input);
  // The error's code in this protocol, which JSON replies carry in x-amzn-query-error.
  std::string (*code)(const AwsError& error);
};
}  // namespace emu
