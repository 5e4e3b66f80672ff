// The Lambda service: functions, their versions, and the way from an invocation to the runtime host. Made by
// App; reached by other services through runtime::Functions and Target. Operations live in the .cpp files by
// kind and use the members below.
#pragma once
#include "emulator/api/ports.hpp"
#include "emulator/api/service.hpp"
#include "emulator/base/ids.hpp"
#include "emulator/services/lambda/async/async_invokes.hpp"
#include "emulator/services/lambda/layers/layers.hpp"
#include "emulator/services/lambda/mappings/mappings.hpp"
#include "emulator/services/lambda/registry.hpp"
#include "runtime-api/functions.hpp"
#include "runtime-api/response_stream.hpp"

namespace emu::lambda {
// Whose function URL an id is.
struct UrlOwner {
  Scope scope;
  std::string function, qualifier;
};

class Lambda final : public Service, public runtime::Functions {
 public:
  Lambda(storage::Engine& disk, Clock& clock, Loops& loops, Ids& ids, runtime::Invoker& invoker,
         Guarded<runtime::Concurrency>& concurrency, CodeStore& code, const Ports& ports);

  std::string_view name() const override { return "lambda"; }
  Protocol protocol() const override { return Protocol::rest_json; }
  std::span<const Operation> operations() const override;
  std::span<const ResourceType> resource_types() const override;
  void load() override;
  void verify(Report& report) override;
  awaitable<void> run() override;  // asynchronous invocations

  awaitable<Result<runtime::Outcome>> invoke_function(std::string arn,
                                                      runtime::Invocation invocation) override;

  // The function, or AWS's 404.
  Result<FunctionPtr> find(const Scope& scope, const FunctionName& name) const;
  // As find, for a version: "" and $LATEST, or a published number.
  struct Found {
    FunctionPtr function;
    VersionPtr version;
  };
  Result<Found> find_version(const Scope& scope, const FunctionName& name) const;
  // The version an invocation means, of an alias one drawn by its weights; errors as Invoke words them. A
  // function has tenants or has none, so the invocation names one or none.
  Result<Found> find_invocable(const Scope& scope, const FunctionName& name,
                               std::string_view tenant = {}) const;
  // Whether the chain of events with this trace has come back to the function so often that it is stopped.
  static bool in_loop(const Function& function, std::string_view trace);
  // Runs one invocation of a found version to its end.
  awaitable<runtime::Outcome> invoke(Found found, runtime::Invocation invocation);
  // The same, and returns as soon as the function streams; or when it has ended, if it does not.
  awaitable<std::shared_ptr<runtime::ResponsePipe>> stream(Found found, runtime::Invocation invocation);

  std::shared_ptr<Live> make_live(const Scope& scope, std::string_view name, const VersionRecord& record,
                                  CodeLocation code) const;
  // What follows the reply to a creation or update: prepares the code, then makes $LATEST Active and its last
  // update Successful. Deployments await it, operations answer first.
  awaitable<void> settle(Scope scope, std::string name, CodeLocation location);
  void settle_after_reply(const Scope& scope, std::string name, CodeLocation location);
  // Ends what a removed or replaced version had running, and drops its code if nothing else uses it.
  void discard(const VersionPtr& version);
  void index_urls(const Function& function);  // urls/port.cpp
  // After the wait, drops code that no function uses. The store counts a directory once for all functions
  // that use it in place.
  awaitable<void> forget_unused(CodeLocation location, Duration wait = Duration::zero());

  Clock& clock;
  Loops& loops;
  Ids& ids;
  runtime::Invoker& invoker;
  Guarded<runtime::Concurrency>& concurrency;
  CodeStore& code;
  const Ports& ports;
  Registry registry;
  Layers layers;
  Guarded<std::map<std::string, UrlOwner, std::less<>>> urls;  // by id; what is deleted stays until asked for
  AsyncInvokes async_invokes;
  Mappings mappings;

 private:
  awaitable<void> feed(std::shared_ptr<runtime::ResponsePipe> pipe, Found found,
                       runtime::Invocation invocation);
  double chance() const { return static_cast<double>(ids.number() >> 11) * 0x1.0p-53; }
  std::optional<AsyncPolicy> policy(const Scope& scope, const AsyncInvoke& event) const;
  int most_at_once(const Scope& scope, const std::string& function) const;
  awaitable<Result<Ran>> attempt(Scope scope, AsyncInvoke event);
};

// How asynchronous invocations of this qualifier are configured; null: they are not.
const EventInvokeConfig* event_invoke_config(const Function& function, std::string_view qualifier);

// The rows of each kind of operation; lambda.cpp joins them.
std::span<const Operation> function_operations();           // functions.cpp
std::span<const Operation> update_operations();             // updates.cpp
std::span<const Operation> version_operations();            // versions.cpp
std::span<const Operation> invoke_operations();             // invoke.cpp
std::span<const Operation> concurrency_operations();        // concurrency.cpp
std::span<const Operation> permission_operations();         // permissions.cpp
std::span<const Operation> tag_operations();                // tags.cpp
std::span<const Operation> mapping_operations();            // mappings/operations.cpp
std::span<const Operation> event_invoke_operations();       // async/event_invoke_configs.cpp
std::span<const Operation> alias_operations();              // aliases.cpp
std::span<const Operation> provisioned_operations();        // provisioned.cpp
std::span<const Operation> option_operations();             // options.cpp
std::span<const Operation> code_signing_operations();       // code_signing.cpp
std::span<const Operation> capacity_provider_operations();  // capacity_providers.cpp
std::span<const Operation> durable_operations();            // capacity_providers.cpp
std::span<const Operation> layer_operations();              // layers/operations.cpp
std::span<const Operation> layer_permission_operations();   // layers/permissions.cpp
std::span<const Operation> url_operations();                // urls/operations.cpp
}  // namespace emu::lambda
