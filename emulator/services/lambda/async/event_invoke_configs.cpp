#include "emulator/services/lambda/async/event_invoke_configs.hpp"

#include "emulator/services/lambda/destinations.hpp"
#include "emulator/services/lambda/page.hpp"

namespace emu::lambda {
namespace {
constexpr int kMostRetries = 2, kLeastAge = 60, kMostAge = 21'600;

std::string qualifier_of(const FunctionName& name) {
  return name.qualifier.empty() ? std::string(kLatest) : name.qualifier;
}

AwsError no_config(const Scope& scope, const FunctionName& name) {
  return not_found(fmt::format("The function {} doesn't have an EventInvokeConfig",
                               function_arn(scope, name.name, qualifier_of(name))));
}
AwsError no_function() { return not_found("The function doesn't exist."); }

EventInvokeOutput describe(const Scope& scope, std::string_view name, std::string_view qualifier,
                           const EventInvokeConfig& config) {
  EventInvokeOutput out;
  out.FunctionArn = function_arn(scope, name, qualifier);
  out.LastModified = static_cast<double>(config.modified_us) / 1e6;
  out.MaximumRetryAttempts = config.retries;
  out.MaximumEventAgeInSeconds = config.oldest_s;
  out.DestinationConfig.OnSuccess.emplace();
  out.DestinationConfig.OnFailure.emplace();
  if (!config.on_success.empty()) out.DestinationConfig.OnSuccess->Destination = config.on_success;
  if (!config.on_failure.empty()) out.DestinationConfig.OnFailure->Destination = config.on_failure;
  return out;
}

std::string arn_in(const std::optional<Destination>& destination) {
  return destination ? destination->Destination.value_or("") : "";
}

std::string shown(const char* kind, const std::string& arn) {
  return arn.empty() ? "null" : fmt::format("{}(destination={})", kind, arn);
}

void check_destination(Lambda& lambda, const Scope& scope, const FunctionName& name,
                       const DestinationConfig& config, const std::string& arn, bool failure) {
  if (arn.empty()) return;
  const auto parsed = Arn::parse(arn);
  const auto invalid = [&] {
    return invalid_parameter(fmt::format("The destination ARN {} is invalid.", arn));
  };
  if (!parsed) throw invalid();
  const auto& service = parsed->service;
  if (service != "sqs" && service != "sns" && service != "lambda" && service != "events" &&
      !(service == "s3" && failure))
    throw invalid_parameter(fmt::format(
        "The provided destination config DestinationConfig(onSuccess={}, onFailure={}) is invalid.",
        shown("OnSuccess", arn_in(config.OnSuccess)), shown("OnFailure", arn_in(config.OnFailure))));
  if (auto fault = destination_fault(lambda.ports, arn)) throw std::move(*fault);
  if (auto* queues = lambda.ports.queue_source(arn); queues && !queues->settings(arn)) throw invalid();
  if (service != "lambda") return;
  const auto target = parse_name(scope, arn);
  if (target.name == name.name)
    throw invalid_parameter("You can't specify the function as a destination for itself.");
  if (!lambda.registry.find(scope, target.name)) throw invalid();
}

void validate(Lambda& lambda, const Scope& scope, const FunctionName& name, const PutEventInvokeInput& in) {
  Violations out;
  if (in.MaximumRetryAttempts) out.range(*in.MaximumRetryAttempts, "maximumRetryAttempts", 0, kMostRetries);
  if (in.MaximumEventAgeInSeconds)
    out.range(*in.MaximumEventAgeInSeconds, "maximumEventAgeInSeconds", kLeastAge, kMostAge);
  out.raise();
  if (!in.MaximumRetryAttempts && !in.MaximumEventAgeInSeconds && !in.DestinationConfig)
    throw invalid_parameter("You must specify at least one of error handling or destination setting.");
  if (!lambda.find_invocable(scope, name) && !lambda.find_version(scope, name)) throw no_function();
  if (!in.DestinationConfig) return;
  const auto& config = *in.DestinationConfig;
  check_destination(lambda, scope, name, config, arn_in(config.OnSuccess), false);
  check_destination(lambda, scope, name, config, arn_in(config.OnFailure), true);
}

Result<EventInvokeOutput> put_function_event_invoke_config(Lambda& lambda, Context& context,
                                                           PutEventInvokeInput in) {
  return put_event_invoke(lambda, context, std::move(in), false);
}
Result<EventInvokeOutput> update_function_event_invoke_config(Lambda& lambda, Context& context,
                                                              PutEventInvokeInput in) {
  return put_event_invoke(lambda, context, std::move(in), true);
}

Result<EventInvokeOutput> get_function_event_invoke_config(Lambda& lambda, Context& context,
                                                           EventInvokeName in) {
  const auto name = parse_name(context.scope, in.FunctionName, in.Qualifier);
  const auto function = lambda.registry.find(context.scope, name.name);
  const auto* config = function ? event_invoke_config(*function, name.qualifier) : nullptr;
  if (!config) return no_config(context.scope, name);
  return describe(context.scope, name.name, qualifier_of(name), *config);
}

struct ListInput {
  std::string FunctionName;
  std::optional<std::string> Marker;
  std::optional<int> MaxItems;
};
BOOST_DESCRIBE_STRUCT(ListInput, (), (FunctionName, Marker, MaxItems))
struct ListOutput {
  std::vector<EventInvokeOutput> FunctionEventInvokeConfigs;
  std::optional<std::string> NextMarker;
};
BOOST_DESCRIBE_STRUCT(ListOutput, (), (FunctionEventInvokeConfigs, NextMarker))

Result<ListOutput> list_function_event_invoke_configs(Lambda& lambda, Context& context, ListInput in) {
  const auto name = parse_name(context.scope, in.FunctionName);
  const auto function = lambda.registry.find(context.scope, name.name);
  if (!function) return no_function();
  std::vector<EventInvokeOutput> all;
  if (function->shared.event_invokes)
    for (const auto& [qualifier, config] : *function->shared.event_invokes)
      all.push_back(describe(context.scope, name.name, qualifier, config));
  ListOutput out;
  out.NextMarker = take_page(std::move(all), in.Marker, in.MaxItems, out.FunctionEventInvokeConfigs);
  return out;
}
}  // namespace

const EventInvokeConfig* event_invoke_config(const Function& function, std::string_view qualifier) {
  const auto& configs = function.shared.event_invokes;
  if (!configs) return nullptr;
  const auto found = configs->find(std::string(qualifier.empty() ? kLatest : qualifier));
  return found == configs->end() ? nullptr : &found->second;
}

Result<EventInvokeOutput> put_event_invoke(Lambda& lambda, Context& context, PutEventInvokeInput in,
                                           bool merge) {
  const auto name = parse_name(context.scope, in.FunctionName, in.Qualifier);
  validate(lambda, context.scope, name, in);
  EventInvokeConfig config;
  const auto change = [&](Function& copy) -> std::optional<AwsError> {
    const auto* before = event_invoke_config(copy, name.qualifier);
    if (merge && !before) return no_config(context.scope, name);
    if (merge) config = *before;
    config.modified_us = lambda.clock.now().time_since_epoch().count();
    if (in.MaximumRetryAttempts) config.retries = in.MaximumRetryAttempts;
    if (in.MaximumEventAgeInSeconds) config.oldest_s = in.MaximumEventAgeInSeconds;
    if (in.DestinationConfig) {
      config.on_success = arn_in(in.DestinationConfig->OnSuccess);
      config.on_failure = arn_in(in.DestinationConfig->OnFailure);
    }
    auto& configs = copy.shared.event_invokes;
    if (!configs) configs.emplace();
    (*configs)[qualifier_of(name)] = config;
    return std::nullopt;
  };
  auto changed = lambda.registry.change(context.scope, name.name, change);
  if (!changed) return std::move(changed.error());
  if (!*changed) return no_function();
  return describe(context.scope, name.name, qualifier_of(name), config);
}

Result<Empty> delete_event_invoke(Lambda& lambda, Context& context, EventInvokeName in) {
  const auto name = parse_name(context.scope, in.FunctionName, in.Qualifier);
  const auto change = [&](Function& copy) -> std::optional<AwsError> {
    if (!event_invoke_config(copy, name.qualifier)) return no_config(context.scope, name);
    copy.shared.event_invokes->erase(qualifier_of(name));
    return std::nullopt;
  };
  auto changed = lambda.registry.change(context.scope, name.name, change);
  if (!changed) return std::move(changed.error());
  if (!*changed) return no_config(context.scope, name);
  return Empty{};
}

std::span<const Operation> event_invoke_operations() {
  static constexpr Operation rows[] = {
      rest<put_function_event_invoke_config>(
          "PutFunctionEventInvokeConfig",
          "PUT /2019-09-25/functions/{FunctionName}/event-invoke-config?Qualifier"),
      rest<update_function_event_invoke_config>(
          "UpdateFunctionEventInvokeConfig",
          "POST /2019-09-25/functions/{FunctionName}/event-invoke-config?Qualifier"),
      rest<get_function_event_invoke_config>(
          "GetFunctionEventInvokeConfig",
          "GET /2019-09-25/functions/{FunctionName}/event-invoke-config?Qualifier"),
      rest<delete_event_invoke>("DeleteFunctionEventInvokeConfig",
                                "DELETE /2019-09-25/functions/{FunctionName}/event-invoke-config?Qualifier",
                                204),
      rest<list_function_event_invoke_configs>(
          "ListFunctionEventInvokeConfigs",
          "GET /2019-09-25/functions/{FunctionName}/event-invoke-config/list?Marker&MaxItems"),
  };
  return rows;
}
}  // namespace emu::lambda
