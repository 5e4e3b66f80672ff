// Integrations of HTTP APIs that are an action of another service (spec-gateway 18.2): "SQS-SendMessage" with
// its parameters, each a value or taken from the request. Used by the control plane to check them and by
// serve.cpp.
#pragma once
#include "emulator/services/gateway/actions/service_request.hpp"
#include "emulator/services/gateway/events/event.hpp"

namespace emu::gateway {
// What is wrong with an integration's subtype and parameters; empty: nothing. Pure.
std::string refuse_subtype(const Integration& integration);
// The request to the service. None: a required parameter has no value in this request. Pure.
std::optional<http::Request> subtype_request(const EventSource& source);
// The source and the handler outlive the coroutine.
awaitable<http::Response> acted(Clock& clock, const http::Handler& services, const EventSource& source);
}  // namespace emu::gateway
