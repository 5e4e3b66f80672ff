#include "emulator/services/lambda/mappings/operations.hpp"

#include "emulator/services/lambda/destinations.hpp"
#include "emulator/services/lambda/mappings/describe.hpp"
#include "emulator/services/lambda/mappings/rules.hpp"
#include "emulator/services/lambda/page.hpp"

namespace emu::lambda {
namespace {
AwsError no_such_mapping() { return not_found("The resource you requested does not exist."); }

AwsError in_use() {  // as recorded of AWS by its clients
  auto error =
      user_error("ResourceInUseException", "Cannot update the event source mapping because it is in use.");
  error.message_key = "Message";
  return error;
}

struct Source {
  SourceKind kind;
  Duration visibility{0};  // of a queue
};

// The kind of a source that exists.
Source source_at(Lambda& lambda, const std::string& arn) {
  if (auto* queues = lambda.ports.queue_source(arn)) {
    const auto settings = queues->settings(arn);
    if (!settings)
      throw invalid_parameter(
          "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS "
          "Error Message: The specified queue does not exist.");
    return {settings->fifo ? SourceKind::fifo_queue : SourceKind::queue, settings->visibility};
  }
  auto* streams = lambda.ports.stream_source(arn);
  if (!streams) throw invalid_parameter("Unrecognized event source.");
  if (!streams->shards(arn)) throw invalid_parameter(fmt::format("Stream not found: {}", arn));
  return {SourceKind::stream};
}

// The source of a mapping that exists already: it may be gone by now.
SourceKind kind_of(Lambda& lambda, const Mapping& mapping) {
  if (mapping.stream) return SourceKind::stream;
  auto* queues = lambda.ports.queue_source(mapping.source_arn);
  const auto settings =
      queues ? queues->settings(mapping.source_arn) : Result<QueueSource::Settings>(AwsError{});
  return settings && settings->fifo ? SourceKind::fifo_queue : SourceKind::queue;
}

FunctionName function_of(Lambda& lambda, const Scope& scope, std::string_view text) {
  auto name = parse_name(scope, text, std::nullopt, NameShape::plain);
  const auto function = lambda.registry.find(scope, name.name);
  if (!function || !function->resolve(name.qualifier)) throw invalid_parameter("Function does not exist");
  if (function->latest()->record.settings.tenancy)  // the words are ours
    throw invalid_parameter("Event source mappings are not supported for functions with tenant isolation.");
  return name;
}

void check_visibility(Lambda& lambda, const Scope& scope, const FunctionName& name, const Source& source) {
  if (source.kind == SourceKind::stream) return;
  const auto found = lambda.find_invocable(scope, name);
  const auto timeout = found ? found->version->record.settings.timeout_s : 0;
  if (source.visibility < std::chrono::seconds(timeout))
    throw invalid_parameter(
        fmt::format("Queue visibility timeout: {} seconds is less than Function timeout: {} seconds",
                    std::chrono::duration_cast<std::chrono::seconds>(source.visibility).count(), timeout));
}

void check_destination(Lambda& lambda, const Mapping& mapping) {
  if (!mapping.stream || mapping.stream->on_failure.empty()) return;
  if (auto error = destination_fault(lambda.ports, mapping.stream->on_failure)) throw std::move(*error);
}

// From LATEST on counts what comes after this request, not after the runner's first look.
void mark_start(Lambda& lambda, const Scope& scope, const Mapping& mapping) {
  if (!mapping.stream || mapping.stream->starting_position != "LATEST") return;
  auto* streams = lambda.ports.stream_source(mapping.source_arn);
  const auto shards = streams->shards(mapping.source_arn);
  if (!shards) return;
  for (const auto& shard : *shards) {
    const auto position = streams->position(mapping.source_arn, shard, StreamSource::Start::latest);
    if (position) lambda.mappings.save(scope, mapping, shard, {*position, false, std::nullopt});
  }
}

AwsError exists_already(const Mapping& mapping, std::string_view uuid) {
  return conflict(fmt::format(
      "{} (\" {} \") and function (\" {} \") {}already exists. Please update or delete the existing mapping "
      "with UUID {}",
      mapping.stream ? "The event source arn" : "An event source mapping with SQS arn", mapping.source_arn,
      mapping.function, mapping.stream ? "provided mapping " : "", uuid));
}

Result<MappingOutput> create_event_source_mapping(Lambda& lambda, Context& context, CreateMappingInput in) {
  auto made = create_mapping(lambda, context, std::move(in));
  if (made) lambda.mappings.settle_after_reply(context.scope, made->UUID);
  return made;
}

Result<MappingOutput> update_event_source_mapping(Lambda& lambda, Context& context, UpdateMappingInput in) {
  auto changed = update_mapping(lambda, context, std::move(in));
  if (changed) lambda.mappings.settle_after_reply(context.scope, changed->UUID);
  return changed;
}

Result<MappingOutput> delete_event_source_mapping(Lambda& lambda, Context& context, MappingId in) {
  auto changed = delete_mapping(lambda, context, std::move(in));
  if (changed) lambda.mappings.settle_after_reply(context.scope, changed->UUID);
  return changed;
}

Result<MappingOutput> get_event_source_mapping(Lambda& lambda, Context& context, MappingId in) {
  const auto mapping = lambda.mappings.find(context.scope, in.UUID);
  if (!mapping) return no_such_mapping();
  return describe(context.scope, *mapping);
}

struct ListInput {
  std::optional<std::string> EventSourceArn, FunctionName, Marker;
  std::optional<int> MaxItems;
};
BOOST_DESCRIBE_STRUCT(ListInput, (), (EventSourceArn, FunctionName, Marker, MaxItems))
struct ListOutput {
  std::vector<MappingOutput> EventSourceMappings;
  std::optional<std::string> NextMarker;
};
BOOST_DESCRIBE_STRUCT(ListOutput, (), (EventSourceMappings, NextMarker))

Result<ListOutput> list_event_source_mappings(Lambda& lambda, Context& context, ListInput in) {
  std::optional<FunctionName> name;
  if (in.FunctionName) name = parse_name(context.scope, *in.FunctionName, std::nullopt, NameShape::plain);
  if (name && !lambda.registry.find(context.scope, name->name))
    return function_not_found(name->arn(context.scope));
  std::vector<MappingOutput> all;
  for (const auto& mapping : lambda.mappings.list(context.scope)) {
    if (in.EventSourceArn && mapping->source_arn != *in.EventSourceArn) continue;
    if (name && (mapping->function != name->name ||
                 (!name->qualifier.empty() && mapping->qualifier != name->qualifier)))
      continue;
    all.push_back(describe(context.scope, *mapping));
  }
  ListOutput out;
  out.NextMarker = take_page(std::move(all), in.Marker, in.MaxItems, out.EventSourceMappings, 100);
  return out;
}
}  // namespace

Result<MappingOutput> create_mapping(Lambda& lambda, Context& context, CreateMappingInput in) {
  check_ranges(in);
  if (!in.EventSourceArn) throw invalid_parameter("Unrecognized event source.");
  const auto source = source_at(lambda, *in.EventSourceArn);
  Mapping mapping;
  mapping.source_arn = *in.EventSourceArn;
  apply(in, source.kind, mapping);
  const auto name = function_of(lambda, context.scope, in.FunctionName);
  mapping.function = name.name;
  mapping.qualifier = name.qualifier;
  check_visibility(lambda, context.scope, name, source);
  check_destination(lambda, mapping);
  mapping.uuid = lambda.ids.uuid();
  mapping.modified_us = lambda.clock.now().time_since_epoch().count();
  mapping.state = mapping.enabled ? "Creating" : "Disabled";
  if (const auto other = lambda.mappings.add(context.scope, mapping)) return exists_already(mapping, *other);
  mark_start(lambda, context.scope, mapping);
  return describe(context.scope, mapping);
}

Result<MappingOutput> update_mapping(Lambda& lambda, Context& context, UpdateMappingInput in) {
  check_ranges(in);
  const auto before = lambda.mappings.find(context.scope, in.UUID);
  if (!before) return no_such_mapping();
  const auto kind = kind_of(lambda, *before);
  std::optional<FunctionName> name;
  if (in.FunctionName) name = function_of(lambda, context.scope, *in.FunctionName);
  const auto changed = lambda.mappings.change(context.scope, in.UUID, [&](Mapping& mapping) {
    if (mapping.state == "Deleting") throw in_use();
    const bool enabled = mapping.enabled;
    apply(in, kind, mapping);
    if (name) {
      mapping.function = name->name;
      mapping.qualifier = name->qualifier;
    }
    check_destination(lambda, mapping);
    mapping.state = mapping.enabled == enabled ? "Updating" : mapping.enabled ? "Enabling" : "Disabling";
    mapping.modified_us = lambda.clock.now().time_since_epoch().count();
  });
  if (!changed) return no_such_mapping();
  return describe(context.scope, *changed);
}

Result<MappingOutput> delete_mapping(Lambda& lambda, Context& context, MappingId in) {
  const auto changed = lambda.mappings.change(context.scope, in.UUID, [](Mapping& mapping) {
    mapping.enabled = false;
    mapping.state = "Deleting";
  });
  if (!changed) return no_such_mapping();
  return describe(context.scope, *changed);
}

constexpr std::string_view kWithoutEffect[] = {"KMSKeyArn", "MetricsConfig"};

std::span<const Operation> mapping_operations() {
  static constexpr Operation rows[] = {
      rest<create_event_source_mapping>("CreateEventSourceMapping", "POST /2015-03-31/event-source-mappings",
                                        202)
          .ignoring(kWithoutEffect),
      rest<list_event_source_mappings>(
          "ListEventSourceMappings",
          "GET /2015-03-31/event-source-mappings?EventSourceArn&FunctionName&Marker&MaxItems"),
      rest<get_event_source_mapping>("GetEventSourceMapping", "GET /2015-03-31/event-source-mappings/{UUID}"),
      rest<update_event_source_mapping>("UpdateEventSourceMapping",
                                        "PUT /2015-03-31/event-source-mappings/{UUID}", 202)
          .ignoring(kWithoutEffect),
      rest<delete_event_source_mapping>("DeleteEventSourceMapping",
                                        "DELETE /2015-03-31/event-source-mappings/{UUID}", 202),
  };
  return rows;
}
}  // namespace emu::lambda
