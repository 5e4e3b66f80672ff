// AWS::Lambda::EventSourceMapping and AWS::Lambda::EventInvokeConfig (spec-iac 9).
#include "emulator/services/lambda/resources.hpp"
#include "emulator/services/lambda/async/event_invoke_configs.hpp"
#include "emulator/services/lambda/mappings/operations.hpp"

namespace emu::lambda {
namespace {
Lambda& as_lambda(Service& service) { return static_cast<Lambda&>(service); }

// Templates may write numbers and truth as text.
template <class In>
In read(Json form) {
  const auto given = form;
  for (const auto& [member, value] : given.items()) wire::coerce<In>(form, member);
  return wire::decode(wire::Tag<In>{}, form, "");
}

Json mapping_form(Json properties) {
  if (properties.contains("KmsKeyArn")) properties["KMSKeyArn"] = std::move(properties["KmsKeyArn"]);
  properties.erase("KmsKeyArn");
  if (properties.contains("Tags") && properties["Tags"].is_array()) {
    Json tags = Json::object();
    for (auto& tag : properties["Tags"]) tags[tag.at("Key").get<std::string>()] = tag.at("Value");
    properties["Tags"] = std::move(tags);
  }
  return properties;
}

Resource mapping_resource(const MappingOutput& mapping) {
  return {mapping.UUID, {{"Id", mapping.UUID}, {"EventSourceMappingArn", mapping.EventSourceMappingArn}}};
}

awaitable<Result<Resource>> create_mapping_resource(Service& service, Context& context,
                                                    ResourceRequest request) {
  auto& lambda = as_lambda(service);
  auto made = create_mapping(lambda, context, read<CreateMappingInput>(mapping_form(request.properties)));
  if (!made) co_return std::move(made.error());
  lambda.mappings.settle(context.scope, made->UUID);
  co_return mapping_resource(*made);
}

// A template says all: what it leaves out goes back to its default.
void fill_defaults(Json& form, bool stream) {
  Json defaults{{"Enabled", true},
                {"BatchSize", stream ? 100 : 10},
                {"MaximumBatchingWindowInSeconds", 0},
                {"FilterCriteria", Json::object()},
                {"FunctionResponseTypes", Json::array()}};
  if (stream)
    defaults.update({{"ParallelizationFactor", 1},
                     {"MaximumRetryAttempts", -1},
                     {"MaximumRecordAgeInSeconds", -1},
                     {"BisectBatchOnFunctionError", false},
                     {"TumblingWindowInSeconds", 0},
                     {"DestinationConfig", Json::object()}});
  else
    defaults.update({{"ScalingConfig", Json::object()}, {"ProvisionedPollerConfig", Json::object()}});
  defaults.update(form);
  form = std::move(defaults);
}

awaitable<Result<Resource>> update_mapping_resource(Service& service, Context& context, Resource old,
                                                    ResourceRequest request) {
  auto& lambda = as_lambda(service);
  const auto before = lambda.mappings.find(context.scope, old.physical_id);
  auto form = mapping_form(request.properties);
  const auto tags = form.value("Tags", std::map<std::string, std::string>());
  fill_defaults(form, before && before->stream);
  form["UUID"] = old.physical_id;
  auto changed = update_mapping(lambda, context, read<UpdateMappingInput>(std::move(form)));
  if (!changed) co_return std::move(changed.error());
  lambda.mappings.change(context.scope, old.physical_id, [&](Mapping& mapping) { mapping.tags = tags; });
  lambda.mappings.settle(context.scope, old.physical_id);
  co_return mapping_resource(*changed);
}

awaitable<Result<Done>> remove_mapping_resource(Service& service, Context& context, Resource resource) {
  auto& lambda = as_lambda(service);
  const auto removed = delete_mapping(lambda, context, {resource.physical_id});
  if (removed) lambda.mappings.settle(context.scope, resource.physical_id);
  co_return unless_gone(removed);
}

awaitable<Result<Resource>> put_event_invoke_resource(Service& service, Context& context,
                                                      ResourceRequest request) {
  auto in = read<PutEventInvokeInput>(request.properties);
  Json attributes{{"FunctionName", in.FunctionName}, {"Qualifier", in.Qualifier.value_or("")}};
  auto made = put_event_invoke(as_lambda(service), context, std::move(in), false);
  if (!made) co_return std::move(made.error());
  co_return Resource{request.suggested_name, std::move(attributes)};
}

awaitable<Result<Resource>> update_event_invoke_resource(Service& service, Context& context, Resource old,
                                                         ResourceRequest request) {
  auto made = co_await put_event_invoke_resource(service, context, std::move(request));
  if (!made) co_return std::move(made.error());
  co_return old;
}

awaitable<Result<Done>> remove_event_invoke_resource(Service& service, Context& context, Resource resource) {
  EventInvokeName name{resource.attributes.at("FunctionName").get<std::string>(),
                       resource.attributes.at("Qualifier").get<std::string>()};
  co_return unless_gone(delete_event_invoke(as_lambda(service), context, std::move(name)));
}

constexpr std::string_view kMapping[] = {"AmazonManagedKafkaEventSourceConfig",
                                         "BatchSize",
                                         "BisectBatchOnFunctionError",
                                         "DestinationConfig",
                                         "DocumentDBEventSourceConfig",
                                         "Enabled",
                                         "EventSourceArn",
                                         "FilterCriteria",
                                         "FunctionName",
                                         "FunctionResponseTypes",
                                         "LoggingConfig",
                                         "MaximumBatchingWindowInSeconds",
                                         "MaximumRecordAgeInSeconds",
                                         "MaximumRetryAttempts",
                                         "ParallelizationFactor",
                                         "ProvisionedPollerConfig",
                                         "Queues",
                                         "ScalingConfig",
                                         "SelfManagedEventSource",
                                         "SelfManagedKafkaEventSourceConfig",
                                         "SourceAccessConfigurations",
                                         "StartingPosition",
                                         "StartingPositionTimestamp",
                                         "Tags",
                                         "Topics",
                                         "TumblingWindowInSeconds"};
constexpr std::string_view kMappingWithoutEffect[] = {"KmsKeyArn", "MetricsConfig"};
constexpr std::string_view kMappingCreateOnly[] = {"EventSourceArn", "SelfManagedEventSource",
                                                   "SelfManagedKafkaEventSourceConfig", "StartingPosition",
                                                   "StartingPositionTimestamp"};
constexpr std::string_view kEventInvoke[] = {"DestinationConfig", "FunctionName", "MaximumEventAgeInSeconds",
                                             "MaximumRetryAttempts", "Qualifier"};
constexpr std::string_view kEventInvokeCreateOnly[] = {"FunctionName", "Qualifier"};

constexpr ResourceType kTypes[] = {
    {"AWS::Lambda::EventSourceMapping", kMapping, kMappingWithoutEffect, kMappingCreateOnly,
     create_mapping_resource, update_mapping_resource, remove_mapping_resource},
    {"AWS::Lambda::EventInvokeConfig",
     kEventInvoke,
     {},
     kEventInvokeCreateOnly,
     put_event_invoke_resource,
     update_event_invoke_resource,
     remove_event_invoke_resource},
};
}  // namespace

std::span<const ResourceType> event_resource_types() { return kTypes; }
}  // namespace emu::lambda
