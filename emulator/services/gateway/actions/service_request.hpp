// Requests that integrations make of other AWS services (spec-gateway 18.2, 18.5), as a client would sign and
// send them. They go to the daemon's own dispatch, without a connection; whoever wires the gateway up hands
// that in. Used by actions of HTTP APIs and AWS integrations of REST APIs.
#pragma once
#include <optional>

#include "emulator/base/clock.hpp"
#include "emulator/http/server.hpp"

namespace emu::gateway {
struct ServiceTarget {
  std::string region, service;
  std::string path;    // of "path/…", with a slash before it and the query behind it; else "/"
  std::string action;  // of "action/…"
};
// Of "arn:aws:apigateway:us-east-1:sqs:path/000000000000/orders". None: another URI. Pure.
std::optional<ServiceTarget> service_target(std::string_view uri);
// What is wrong with an integration with this service; empty: emu has it. Pure.
std::string unserved(const ServiceTarget& target);
// Makes it a request to that service in the name of an account. What the integration names (its action, its
// queue, what its mappings put into the query) no body says otherwise. Pure.
void address_to(const ServiceTarget& target, const std::string& account, http::Request& request);

// What AWS answers a request for a path in which it finds no action: a form that its Content-Type does not
// call one is the usual reason. None: there is one. Pure.
std::optional<http::Response> without_action(const ServiceTarget& target, const http::Request& request);

// None: the answer did not come in time; then, and when the client (if any) hangs up, the service learns that
// nobody waits for it. The handler outlives the coroutine.
awaitable<std::optional<http::Response>> ask_in_time(Clock& clock, const http::Handler& services,
                                                     http::Request request, Duration patience,
                                                     std::shared_ptr<http::Peer> client);
}  // namespace emu::gateway
