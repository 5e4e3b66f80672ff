// REST APIs (API Gateway v1): the control plane as operations over one JSON document per API. What is served
// is in live_rest.hpp: compiled when an API changes, immutable from then on.
#pragma once
#include <atomic>
#include <variant>

#include "emulator/api/records.hpp"
#include "emulator/api/service.hpp"
#include "emulator/base/guarded.hpp"
#include "emulator/base/ids.hpp"
#include "emulator/services/gateway/rest/document_row.hpp"
#include "emulator/services/gateway/rest/domains/domain_names.hpp"
#include "emulator/services/gateway/rest/keys/key_table.hpp"
#include "emulator/services/gateway/rest/live_rest.hpp"
#include "emulator/services/gateway/rest/shelf.hpp"
#include "emulator/services/gateway/routing/route_address.hpp"

namespace emu::gateway {
class Authorizers;
}
namespace emu::gateway::v1 {
struct Backends;
class RestApis final : public Service {
 public:
  RestApis(storage::Engine& disk, Clock& clock, Ids& ids);
  std::string_view name() const override { return "apigateway"; }
  Protocol protocol() const override { return Protocol::rest_json; }
  std::span<const Operation> operations() const override;
  std::span<const ResourceType> resource_types() const override;
  std::span<const std::string_view> not_served() const override;
  bool plain_paths() const override { return true; }
  void load() override;
  void verify(Report& report) override;
  awaitable<void> run() override;  // keeps the usage of API keys

  using Current = std::shared_ptr<const LiveRestApi>;
  Current serving(std::string_view api_id) const;  // of any scope; null: none
  std::vector<Current> all(const Scope& scope) const;
  std::vector<RouteAddress> routes(const Scope& scope) const;

  std::shared_ptr<const DomainNames> domains() const;
  // Asked of every request to the daemon.
  bool is_domain(std::string_view host) const { return any_domains_ && domains()->has(host); }

  // For the operations of this folder.
  void domains_changed();
  // One change of domain names or their mappings at a time: each looks before it writes.
  template <class F>
  auto alone(F change) {
    return domain_changes_.with([&](std::monostate&) { return change(); });
  }
  Current find(const Scope& scope, std::string_view api_id) const;
  void create(const Scope& scope, Json record);
  bool remove(const Scope& scope, const std::string& api_id);
  // edit(Json& record) returns a Result<Json>; when it succeeds the record is on disk and served.
  template <class F>
  Result<Json> change(const Scope& scope, std::string_view api_id, F edit) {
    return writer_.with([&](Records<Json>& records) -> Result<Json> {
      const auto api = find(scope, api_id);
      if (!api) return no_such_api();
      Json next = api->record;
      Result<Json> result = edit(next);
      if (result) publish(records, scope, std::move(next));
      return result;
    });
  }
  static AwsError no_such_api() { return absent("Invalid API identifier specified"); }
  std::string new_id(std::size_t length) { return ids_.text(length, Ids::kLowerAlnum); }
  std::string new_key() { return ids_.text(40, Ids::kAlnum); }
  double now() const;  // as dates of this API are written
  Clock& clock() { return clock_; }
  Ids& ids() { return ids_; }

  Shelf shelf;
  Usage usage;  // of the keys of plans
  AccessLogs access_logs;
  // For TestInvokeMethod and TestInvokeAuthorizer; whoever serves the APIs sets them.
  const Backends* backends = nullptr;
  Authorizers* authorizers = nullptr;
  Limit account = kAccountLimit;           // as GetAccount tells it
  std::atomic<std::uint64_t> flushes = 0;  // of what authorizers said
  // Goes up whenever something changes that keys are checked by.
  std::atomic<std::uint64_t> key_changes = 0;

 private:
  using Apis = std::map<std::string, Current, std::less<>>;
  std::shared_ptr<const Apis> apis() const;
  void publish(Records<Json>& records, const Scope& scope, Json record);
  void swap_in(const std::string& api_id, Current api);
  Clock& clock_;
  Ids& ids_;
  Guarded<Records<Json>> writer_;
  mutable Guarded<std::shared_ptr<const Apis>> apis_;
  mutable Guarded<std::shared_ptr<const DomainNames>> domains_;
  std::atomic<bool> any_domains_ = false;
  Guarded<std::monostate> domain_changes_;
};
}  // namespace emu::gateway::v1
