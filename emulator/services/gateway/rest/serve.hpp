// Serves REST APIs: one request through the steps of spec-gateway 0: stage, resource, method, throttle,
// authorizer, key, validation, integration; and what each refuses with. Door asks it for addresses of REST
// APIs.
#pragma once
#include <unordered_map>

#include "emulator/services/gateway/authorizers/authorizers.hpp"
#include "emulator/services/gateway/rest/call.hpp"
#include "emulator/services/gateway/rest/domains/certificates.hpp"
#include "emulator/services/gateway/rest/integrate.hpp"
#include "emulator/services/gateway/rest/rest_apis.hpp"
#include "emulator/services/gateway/routing/address.hpp"

namespace emu::gateway::v1 {
class RestPlane {
 public:
  RestPlane(RestApis& apis, Backends backends, Throttles& throttles, Authorizers& authorizers)
      : apis_(apis), backends_(std::move(backends)), throttles_(throttles), authorizers_(authorizers) {
    backends_.certificates = [&apis](const Scope& scope, const std::string& id) {
      return client_certificate(apis.shelf, scope, id);
    };
    apis.backends = &backends_;
    apis.authorizers = &authorizers;
  }
  awaitable<http::Response> serve(RestApis::Current api, Address address, http::Request request);

 private:
  awaitable<http::Response> answer(Call& call);
  // Each of these gives what stands in the request's way; none: it may go on.
  using Refused = std::optional<http::Response>;
  Refused route(Call& call);
  awaitable<Refused> authorize(Call& call);
  awaitable<Refused> ask_function(Call& call);
  awaitable<Refused> check_token(Call& call);
  Refused take_signer(Call& call);
  Refused check_key(Call& call);
  Refused validate(Call& call);
  void log_access(Call& call, const http::Response& response);
  std::shared_ptr<const KeyTable> keys(const Scope& scope);

  RestApis& apis_;
  Backends backends_;
  Throttles& throttles_;
  Authorizers& authorizers_;
  struct Keys {
    std::uint64_t as_of = 0;
    std::map<Scope, std::shared_ptr<const KeyTable>> tables;
  };
  Guarded<Keys> keys_;
};

// A gateway response, as the API words it, or as it is built in (spec-gateway 20); the call remembers which.
http::Response gateway_response(Call& call, std::string_view type, int status = 0,
                                std::string_view message = {}, std::string_view validation = {});
}  // namespace emu::gateway::v1
