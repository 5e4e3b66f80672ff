// What an http event says of its integration (spec-iac 1.4): lambda, http, http-proxy and mock with their
// request templates and responses, asynchronous events, schemas of bodies. Used by rest_api.cpp.
#pragma once
#include "emulator/deploy/serverless/http/http_events.hpp"

namespace emu::deploy::serverless {
// Reads integration, async, request and response of an event.
void read_integration(const Section& event, HttpEvent& into, Report& report);
// The property Integration; `uri`: of the function's invocations.
Json integration_of(const HttpEvent& event, const Json& uri);
Json method_responses(const HttpEvent& event);
// The models of an event's schemas, and the validator that heeds them, with what the method says of both.
void add_validation(Service& service, const HttpEvent& event, const std::string& method_id, Json& method);
}  // namespace emu::deploy::serverless
