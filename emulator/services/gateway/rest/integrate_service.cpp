// AWS integrations with other services: the template's output in the service's own protocol, its answer
// mapped by its status.
#include "emulator/services/gateway/actions/service_request.hpp"
#include "emulator/services/gateway/rest/integrate.hpp"

namespace emu::gateway::v1 {
awaitable<Integrated> integrate_service(const Backends& with, Call& call) {
  auto made = outgoing(call, false);
  if (auto* failure = std::get_if<Failure>(&made)) co_return std::move(*failure);
  auto body = rendered(call);
  if (auto* failure = std::get_if<Failure>(&body)) co_return std::move(*failure);
  auto& out = std::get<Outgoing>(made);
  const auto target = service_target(out.uri);
  if (!target || !with.services)
    co_return Failure{"API_CONFIGURATION_ERROR", 500, "no service has the URI " + out.uri};
  if (auto why = unserved(target->service); !why.empty())
    co_return Failure{"API_CONFIGURATION_ERROR", 500, std::move(why)};
  out.request.body = std::move(std::get<std::string>(body));
  address_to(*target, call.api->scope.account, out.request);
  auto answer = without_action(*target, out.request);
  if (!answer)
    answer = co_await ask_in_time(with.clock, with.services, std::move(out.request), call.method->timeout);
  if (!answer) co_return Failure{"INTEGRATION_TIMEOUT", 0, target->service + " did not answer in time"};
  call.integration.status = call.integration.call_status = answer->status;
  // Of functions an error message selects the response (spec-gateway 18.5), and events have none.
  const bool event = target->service == "lambda" && answer->status == 202;
  const auto* response =
      selected_response(call.method->integration, event ? "" : std::to_string(answer->status));
  if (!response)
    co_return Failure{"API_CONFIGURATION_ERROR", 500, "no integration response for the service's status"};
  co_return map_response(call, *response,
                         {answer->status, std::move(answer->headers), std::move(answer->body)});
}
}  // namespace emu::gateway::v1
