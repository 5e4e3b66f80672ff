// Where requests to APIs come in: finds whether an address is an HTTP API's or a REST API's and lets that one
// serve it. App asks claims() of every request to the daemon.
#pragma once
#include "emulator/services/gateway/gateway.hpp"
#include "emulator/services/gateway/rest/serve.hpp"

namespace emu::gateway {
class Door {
 public:
  // `services` answers the requests that integrations make of other services; none: there are none.
  Door(Gateway& http_apis, v1::RestApis& rest_apis, Clock& clock, Ids& ids, runtime::Functions& functions,
       http::Handler services = {}, runtime::FunctionUrls* streaming = nullptr)
      : http_(http_apis),
        rest_(rest_apis),
        rest_plane_(rest_apis, {clock, ids, functions, std::move(services), streaming}, http_apis.throttles,
                    http_apis.authorizers) {}
  bool claims(const http::Request& request) const {
    return addresses_api(request) || rest_.is_domain(request.headers.get("Host"));
  }
  awaitable<http::Response> serve(http::Request request);

 private:
  Gateway& http_;
  v1::RestApis& rest_;
  v1::RestPlane rest_plane_;
};
}  // namespace emu::gateway
