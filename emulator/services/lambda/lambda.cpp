#include "emulator/services/lambda/lambda.hpp"

#include <boost/asio/post.hpp>
#include <set>

#include "emulator/base/log.hpp"
#include "emulator/services/lambda/configuration.hpp"
#include "emulator/services/lambda/lineage.hpp"
#include "emulator/services/lambda/payload.hpp"
#include "emulator/services/lambda/provisioned.hpp"
#include "emulator/services/lambda/ran.hpp"
#include "emulator/services/lambda/resources.hpp"
#include "emulator/services/lambda/source.hpp"
#include "emulator/services/lambda/tags.hpp"
#include "runtime-api/platform_error.hpp"
#include "runtime-api/trace_id.hpp"

namespace emu::lambda {
namespace {
constexpr Duration kClaimed = std::chrono::seconds(1);  // ours: code that a request holds is looked at again
}

Lambda::Lambda(storage::Engine& disk, Clock& the_clock, Loops& the_loops, Ids& the_ids,
               runtime::Invoker& the_invoker, Guarded<runtime::Concurrency>& the_concurrency,
               CodeStore& the_code, const Ports& the_ports)
    : clock(the_clock),
      loops(the_loops),
      ids(the_ids),
      invoker(the_invoker),
      concurrency(the_concurrency),
      code(the_code),
      ports(the_ports),
      registry(disk),
      layers(disk),
      async_invokes(
          disk, the_clock, the_loops, the_ports,
          [this](const Scope& scope, const AsyncInvoke& event) { return policy(scope, event); },
          [this](const Scope& scope, const std::string& function) { return most_at_once(scope, function); },
          [this](Scope scope, AsyncInvoke event) { return attempt(std::move(scope), std::move(event)); }),
      mappings(*this, disk) {}

std::span<const Operation> Lambda::operations() const {
  static const auto rows =
      joined({function_operations(), update_operations(), version_operations(), invoke_operations(),
              concurrency_operations(), permission_operations(), tag_operations(), mapping_operations(),
              event_invoke_operations(), alias_operations(), provisioned_operations(), option_operations(),
              code_signing_operations(), layer_operations(), layer_permission_operations(), url_operations(),
              capacity_provider_operations(), durable_operations()});
  return rows;
}
std::span<const ResourceType> Lambda::resource_types() const {
  static const auto rows = [] {
    std::vector<ResourceType> out;
    for (const auto part : {lambda::resource_types(), event_resource_types(), qualified_resource_types()})
      out.insert(out.end(), part.begin(), part.end());
    return out;
  }();
  return rows;
}

void Lambda::verify(Report& report) {
  registry.verify(report);
  layers.verify(report);
  async_invokes.verify(report);
  mappings.verify(report);
}

void Lambda::load() {
  layers.load();
  std::set<std::string> watched;
  registry.load([&](const Scope& scope, std::string_view name, VersionRecord& record) {
    // A creation or update that a stop interrupted is complete now: its record was written whole.
    record.state = "Active";
    if (record.last_update_status) record.last_update_status = "Successful";
    auto location =
        record.code.hot ? code.hot_directory(record.code.task_root) : code.find(record.code.sha256_base64);
    if (location && location->hot && !watched.insert(location->task_root).second) code.forget(*location);
    if (!location) {
      log_warning(fmt::format("the code of function {} is gone: {}", name, location.error().message));
      location = CodeLocation{record.code.task_root, record.code.sha256_base64, record.code.size_bytes,
                              record.code.hot};
    }
    return make_live(scope, name, record, std::move(*location));
  });
  for (const auto& function : registry.all()) {
    if (const auto reserved = function->shared.reserved_concurrency)
      concurrency.with([&](runtime::Concurrency& c) {
        c.reserve(function_arn(function->scope, function->name), *reserved);
      });
    apply_cold_start(*this, *function);
    apply_provisioning(*this, *function);
    index_urls(*function);
  }
  async_invokes.load();
  mappings.load();
}

awaitable<void> Lambda::run() {
  mappings.start();
  return async_invokes.run();
}

// RecursionConfig decides for functions that mean to call themselves.
bool Lambda::in_loop(const Function& function, std::string_view trace) {
  if (function.shared.recursive_loop == "Allow") return false;
  return visits(trace, function_arn(function.scope, function.name)) >= kMostVisits;
}

Result<FunctionPtr> Lambda::find(const Scope& scope, const FunctionName& name) const {
  auto function = registry.find(scope, name.name);
  if (!function) return function_not_found(name.arn(scope));
  return function;
}

Result<Lambda::Found> Lambda::find_version(const Scope& scope, const FunctionName& name) const {
  auto function = registry.find(scope, name.name);
  auto version = function ? function->resolve(name.qualifier) : nullptr;
  if (!version) return function_not_found(name.arn(scope));
  return Found{std::move(function), std::move(version)};
}

Result<Lambda::Found> Lambda::find_invocable(const Scope& scope, const FunctionName& name,
                                             std::string_view tenant) const {
  auto function = registry.find(scope, name.name);
  auto version = function ? function->resolve(name.qualifier, chance()) : nullptr;
  if (!version)
    return function_not_found(
        function_arn(scope, name.name, name.qualifier.empty() ? kLatest : std::string_view(name.qualifier)));
  if (version->record.state == "Pending")
    return conflict(
        "The operation cannot be performed at this time. The function is currently in the following state: "
        "Pending");
  const bool tenants = version->record.settings.tenancy.has_value();
  if (!tenants && !tenant.empty())
    return invalid_parameter("The invoked function is not enabled with tenancy configuration.");
  if (tenants && tenant.empty())
    return invalid_parameter(
        "The invoked function is enabled with tenancy configuration. Add a valid tenant ID in your request "
        "and try again.");
  return Found{std::move(function), std::move(version)};
}

std::shared_ptr<Live> Lambda::make_live(const Scope& scope, std::string_view name,
                                        const VersionRecord& record, CodeLocation location) const {
  auto spec = spec_of(scope, name, record);
  std::vector<CodeStore::LayerWatch> in_place;
  for (const auto& use : record.settings.layers.value_or(std::vector<LayerUse>{})) {
    spec.code_bytes += use.CodeSize;
    if (use.directory) {
      spec.layers.emplace_back(*use.directory);
      in_place.push_back(code.watch_layer(*use.directory));
      continue;
    }
    auto layer = code.find(use.sha256_base64);
    if (!layer) {
      log_warning(
          fmt::format("the layer {} of function {} is gone: {}", use.Arn, name, layer.error().message));
      continue;
    }
    spec.layers.push_back(std::move(layer->task_root));
  }
  return std::make_shared<Live>(std::move(spec), std::move(location), std::move(in_place));
}

awaitable<runtime::Outcome> Lambda::invoke(Found found, runtime::Invocation invocation) {
  if (!invocation.trace_id.contains("Root=") && found.version->record.settings.tracing == "Active") {
    const auto rest = std::exchange(invocation.trace_id, runtime::new_trace(ids, clock.now()) + ";Sampled=1");
    if (!rest.empty()) invocation.trace_id += ";" + rest;
  }
  auto live = found.version->live;
  auto function = co_await Live::ready(std::move(live), code, invoker);
  if (!function) {  // AWS meets such code when it is imported, so it fails like an import does
    runtime::Outcome failed{.kind = runtime::Outcome::Kind::function_error,
                            .error_type = function.error().code};
    failed.payload =
        json_text(Json{{"errorType", function.error().code}, {"errorMessage", function.error().message}});
    co_return failed;
  }
  auto& ready = *function;
  co_return co_await invoker.invoke(std::move(ready), std::move(invocation));
}

awaitable<void> Lambda::feed(std::shared_ptr<runtime::ResponsePipe> pipe, Found found,
                             runtime::Invocation invocation) {
  runtime::Outcome outcome =
      runtime::platform_error("Sandbox.Failure", invocation.request_id, "Internal failure");
  try {
    outcome = co_await invoke(std::move(found), std::move(invocation));
  } catch (const std::exception& e) {
    log_fault("a streamed invocation", e.what());
  }
  pipe->end(std::move(outcome));
}

awaitable<std::shared_ptr<runtime::ResponsePipe>> Lambda::stream(Found found,
                                                                 runtime::Invocation invocation) {
  auto pipe = std::make_shared<runtime::ResponsePipe>(clock);
  invocation.sink = pipe;
  loops.spawn(feed(pipe, std::move(found), std::move(invocation)));
  co_await pipe->begun();
  co_return pipe;
}

awaitable<Result<runtime::Outcome>> Lambda::invoke_function(std::string arn, runtime::Invocation invocation) {
  const auto parts = split_name(arn, NameShape::namespaced);
  if (!parts) co_return function_not_found(arn);
  const auto scope = scope_of(*parts);
  const FunctionName name{std::string(parts->name), std::string(parts->qualifier)};
  auto found = find_invocable(scope, name, invocation.tenant_id);
  if (!found) co_return std::move(found.error());
  if (auto error = check_size(invocation.payload, kSyncPayload)) co_return std::move(*error);
  if (invocation.invoked_arn.empty()) invocation.invoked_arn = std::move(arn);
  co_return co_await invoke(std::move(*found), std::move(invocation));
}

std::optional<AsyncPolicy> Lambda::policy(const Scope& scope, const AsyncInvoke& event) const {
  const auto found = find_version(scope, {event.function, event.qualifier});  // an alias's main one
  if (!found) return std::nullopt;
  AsyncPolicy out;
  if (const auto* config = event_invoke_config(*found->function, event.qualifier)) {
    if (config->retries) out.retries = *config->retries;
    if (config->oldest_s) out.oldest = std::chrono::seconds(*config->oldest_s);
    out.on_success = config->on_success;
    out.on_failure = config->on_failure;
  }
  out.dead_letters = found->version->record.settings.dead_letter_arn;
  out.stopped = found->function->shared.reserved_concurrency == 0;
  out.in_loop = in_loop(*found->function, event.trace_id);
  return out;
}

int Lambda::most_at_once(const Scope& scope, const std::string& function) const {
  const auto found = registry.find(scope, function);
  if (found && found->shared.reserved_concurrency) return *found->shared.reserved_concurrency;
  const auto arn = function_arn(scope, function);
  return concurrency.with([&](const runtime::Concurrency& all) { return all.unreserved(arn); });
}

awaitable<Result<Ran>> Lambda::attempt(Scope scope, AsyncInvoke event) {
  runtime::Invocation invocation{.request_id = std::move(event.request_id),
                                 .payload = std::move(event.payload),
                                 .trace_id = visited(event.trace_id, function_arn(scope, event.function)),
                                 .tenant_id = std::move(event.tenant_id).value_or("")};
  FunctionName name{std::move(event.function), std::move(event.qualifier)};
  co_return co_await run_once(*this, std::move(scope), std::move(name), std::move(invocation));
}

awaitable<void> Lambda::settle(Scope scope, std::string name, CodeLocation location) {
  auto function = registry.find(scope, name);
  if (!function) co_return;
  const auto before = function->latest();
  const auto& settings = before->record.settings;
  auto live = make_live(scope, name, before->record, location);
  // Warms the bundle; what is wrong with the code is told by the first invocation, and may be mended by then.
  auto prepared = co_await code.prepare(location, settings.runtime, settings.handler);
  static_cast<void>(prepared);
  auto changed = registry.change(scope, name, [&](Function& copy) -> std::optional<AwsError> {
    auto latest = *copy.latest();
    if (latest.record.revision_id != before->record.revision_id)  // deleted and created anew meanwhile
      return conflict("superseded");
    latest.record.state = "Active";
    latest.record.last_update_status = "Successful";
    latest.record.revision_id = ids.uuid();
    latest.live = live;
    copy.replace(std::move(latest));
    return std::nullopt;
  });
  if (changed && *changed) discard(before);
}

void Lambda::settle_after_reply(const Scope& scope, std::string name, CodeLocation location) {
  const auto later = [](Lambda& self, Scope where, std::string what, CodeLocation code) -> awaitable<void> {
    const auto loop = co_await asio::this_coro::executor;
    co_await asio::post(loop, asio::use_awaitable);
    co_await self.settle(std::move(where), std::move(what), std::move(code));
  };
  loops.spawn(later(*this, scope, std::move(name), std::move(location)));
}

void Lambda::discard(const VersionPtr& version) {
  version->live->retire(invoker);
  // Invocations in flight may still load files of the old code.
  const auto& settings = version->record.settings;
  const std::chrono::seconds longest(settings.timeout_s);
  loops.spawn(forget_unused(version->live->code(), longest));
  for (const auto& use : settings.layers.value_or(std::vector<LayerUse>{}))
    loops.spawn(forget_unused(CodeLocation{.sha256_base64 = use.sha256_base64}, longest));
}

awaitable<void> Lambda::forget_unused(CodeLocation location, Duration wait) {
  location.claim.reset();
  const auto unused = [this, location] {
    return !registry.uses(stored(location)) && (location.hot || !layers.uses(location.sha256_base64));
  };
  if (!unused()) co_return;
  if (wait > Duration::zero()) co_await clock.sleep(wait);
  auto forget = [this, location, unused] { return code.forget_unclaimed(location, unused); };
  const bool decided = co_await loops.blocking(std::move(forget));
  if (!decided) loops.spawn(forget_unused(std::move(location), kClaimed));
}
}  // namespace emu::lambda
