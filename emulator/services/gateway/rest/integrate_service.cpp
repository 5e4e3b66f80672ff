// AWS integrations with other services: the template's output in the service's own protocol, its answer
// mapped by its status.
#include "emulator/services/gateway/actions/service_request.hpp"
#include "emulator/services/gateway/rest/integrate.hpp"

namespace emu::gateway::v1 {
awaitable<Integrated> integrate_service(const Backends& with, Call& call) {
  auto body = rendered(call);
  if (auto* failure = std::get_if<Failure>(&body)) co_return std::move(*failure);
  auto& made = std::get<Rendered>(body);
  auto onward = outgoing(call, false, made.overrides);
  if (auto* failure = std::get_if<Failure>(&onward)) co_return std::move(*failure);
  auto& out = std::get<Outgoing>(onward);
  // What a request fills in stays within the path.
  const auto target = service_target(out.uri), named = service_target(call.method->uri);
  if (!target || !named || target->service != named->service || target->region != named->region ||
      !with.services)
    co_return Failure{"API_CONFIGURATION_ERROR", 500, "no service has the URI " + out.uri};
  if (auto why = unserved(*target); !why.empty())
    co_return Failure{"API_CONFIGURATION_ERROR", 500, std::move(why)};
  out.request.body = std::move(made.body);
  auto answer = without_action(*target, out.request);
  address_to(*target, call.api->scope.account, out.request);
  if (!answer)
    answer = co_await ask_in_time(with.clock, with.services, std::move(out.request), call.method->timeout,
                                  call.request.peer);
  if (!answer) co_return Failure{"INTEGRATION_TIMEOUT", 0, target->service + " did not answer in time"};
  call.integration.status = call.integration.call_status = answer->status;
  // Of functions an error message selects the response (spec-gateway 18.5), and one that is yet to run has
  // none; what Lambda does not take is no answer.
  const bool lambda = target->service == "lambda";
  if (lambda && answer->status == 413) co_return Failure{"REQUEST_TOO_LARGE"};
  if (lambda && answer->status >= 300)
    co_return Failure{"API_CONFIGURATION_ERROR", 500, "Lambda refused the invocation: " + answer->body};
  const auto* response =
      selected_response(call.method->integration, lambda ? "" : std::to_string(answer->status));
  if (!response)
    co_return Failure{"API_CONFIGURATION_ERROR", 500, "no integration response for the service's status"};
  co_return map_response(call, *response,
                         {answer->status, std::move(answer->headers), std::move(answer->body)});
}
}  // namespace emu::gateway::v1
