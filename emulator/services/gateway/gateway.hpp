// HTTP APIs (API Gateway v2): the control plane as operations, and the data plane, serve(), which turns a
// request into an event, invokes the route's function and turns its result into the response. Door hands it
// requests. Serving takes one short lock, to copy the pointer to the current
// APIs; what it then reads is immutable.
#pragma once
#include <atomic>
#include <unordered_map>

#include "emulator/api/records.hpp"
#include "emulator/api/service.hpp"
#include "emulator/base/guarded.hpp"
#include "emulator/base/ids.hpp"
#include "emulator/http/server.hpp"
#include "emulator/services/gateway/authorizers/authorizers.hpp"
#include "emulator/services/gateway/routing/address.hpp"
#include "emulator/services/gateway/routing/live_api.hpp"
#include "emulator/services/gateway/routing/route_address.hpp"
#include "runtime-api/functions.hpp"

namespace emu::gateway {
namespace v1 {
class RestApis;
}
struct EventSource;

// What happens to members that a change does not give: kept (Update operations), or back to their defaults
// (a CloudFormation update, whose properties are the whole truth).
enum class Others { keep, reset };

class Gateway final : public Service {
 public:
  // rest: has the domain names, which both kinds of API share, and what else belongs to an account.
  // `services` answers the requests that integrations make of other services; none: there are none.
  Gateway(storage::Engine& disk, Clock& clock, Ids& ids, runtime::Functions& functions, v1::RestApis& rest,
          http::Handler services = {});

  std::string_view name() const override { return "apigateway"; }
  std::string_view title() const override { return "apigatewayv2"; }
  Protocol protocol() const override { return Protocol::rest_json; }
  std::span<const Operation> operations() const override;
  std::span<const ResourceType> resource_types() const override;
  std::span<const std::string_view> not_served() const override;
  void load() override;
  void verify(Report& report) override;

  awaitable<http::Response> serve(http::Request request);
  // Of a request that is addressed otherwise than by its host and path: by a custom domain.
  awaitable<http::Response> serve(std::optional<Address> address, http::Request request);

  std::vector<RouteAddress> routes(const Scope& scope) const;

  Throttles throttles;  // of HTTP APIs and REST APIs alike
  AccessLogs access_logs;
  Authorizers authorizers;  // of both kinds, too

  // For the operations of this folder.
  using Current = std::shared_ptr<const LiveApi>;
  Current find(const Scope& scope, std::string_view api_id) const;  // null: no such API
  std::vector<Current> all(const Scope& scope) const;               // in order of creation
  void create(const Scope& scope, ApiRecord record);
  bool remove(const Scope& scope, const std::string& api_id);
  // edit(ApiRecord&) returns a Result; when it succeeds its changes are on disk and served from then on.
  template <class F>
  auto change(const Scope& scope, std::string_view api_id, F edit) {
    return writer_.with([&](Records<ApiRecord>& records) -> decltype(edit(std::declval<ApiRecord&>())) {
      const auto api = find(scope, api_id);
      if (!api) return no_such_api(scope, api_id);
      ApiRecord next = api->record;
      auto result = edit(next);
      if (result) publish(records, scope, std::move(next));
      return result;
    });
  }
  // Drops what functions said of requests to a stage.
  void forget_answers(std::string_view api_id, std::string_view stage) {
    authorizers.forget(std::string(api_id) + "/" + std::string(stage) + "/");
  }
  static AwsError no_such_api(const Scope& scope, std::string_view api_id);
  std::string new_id(std::size_t length) { return ids_.text(length, Ids::kLowerAlnum); }
  v1::RestApis& rest() { return rest_; }
  std::string now() const;  // as dates of this API are written

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  using Apis = std::unordered_map<std::string, Current, Hash, std::equal_to<>>;  // by id, of every scope
  std::shared_ptr<const Apis> apis() const;
  void publish(Records<ApiRecord>& records, const Scope& scope, ApiRecord record);
  void swap_in(std::string api_id, Current api);  // null: gone

  // What the access log tells of a request. `context` is null where nobody asks.
  struct Trail {
    const LiveStage* stage = nullptr;
    Json context;
    IntegrationLog integration;
  };
  awaitable<http::Response> answer(Current api, Address address, http::Request request,
                                   std::string request_id, Trail& trail);
  awaitable<http::Response> invoke(Current api, const LiveStage& stage, RouteTable::Match match,
                                   Address address, http::Request request, std::string request_id,
                                   Trail& trail);
  awaitable<http::Response> call_function(const EventSource& source, Trail& trail);

  std::optional<std::string> behind_link(const EventSource& source);

  // What stands in a request's way; none: it may go on, and the source knows who authorized it.
  awaitable<std::optional<http::Response>> authorize(EventSource& source);
  awaitable<std::optional<http::Response>> check_token(EventSource& source);
  awaitable<std::optional<http::Response>> ask_function(EventSource& source);

  Clock& clock_;
  Ids& ids_;
  runtime::Functions& functions_;
  v1::RestApis& rest_;
  const http::Handler services_;
  Guarded<Records<ApiRecord>> writer_;  // held by whoever changes an API, while it does
  mutable Guarded<std::shared_ptr<const Apis>> apis_;
  std::atomic<bool> warned_of_base64_ = false;
};
}  // namespace emu::gateway
