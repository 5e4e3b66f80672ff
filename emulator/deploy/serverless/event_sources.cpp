// sqs and stream events (spec-iac 1.4, 3): one AWS::Lambda::EventSourceMapping each, and the statements that
// the execution role needs to read their sources.
#include <fmt/format.h>

#include "emulator/base/arn.hpp"
#include "emulator/deploy/serverless/function_keys.hpp"
#include "emulator/deploy/serverless/service.hpp"

namespace emu::deploy::serverless {
namespace {
constexpr Key kSqsKeys[] = {
    {"arn"},     {"batchSize"},      {"maximumBatchingWindow"}, {"functionResponseType"},
    {"enabled"}, {"filterPatterns"}, {"maximumConcurrency"}};
constexpr Key kStreamKeys[] = {{"arn"},
                               {"type"},
                               {"batchSize"},
                               {"startingPosition"},
                               {"startingPositionTimestamp"},
                               {"enabled"},
                               {"batchWindow"},
                               {"maximumRetryAttempts"},
                               {"bisectBatchOnFunctionError"},
                               {"parallelizationFactor"},
                               {"maximumRecordAgeInSeconds"},
                               {"functionResponseType"},
                               {"destinations"},
                               {"tumblingWindowInSeconds"},
                               {"filterPatterns"},
                               {"consumer", Support::not_yet}};
constexpr Key kStreamDestinationKeys[] = {{"onFailure"}};
constexpr int kBatch = 10;  // serverless, for streams too

struct Readable {
  Json queues = Json::array(), tables = Json::array();  // ARNs of what the role reads
  Place place;
};

// The name in a logical id: of an ARN its resource, of {Fn::GetAtt: [Queue, Arn]} the queue's id.
std::string source_name(const Node& arn) {
  std::string name;
  if (arn.is_string()) {
    const auto parsed = Arn::parse(arn.text());
    name = parsed ? parsed->resource : arn.text();
    if (name.starts_with("table/")) name = name.substr(6, name.find('/', 6) - 6);
  } else {
    const Json value = arn.json();
    const Json* at = &value.begin().value();
    if (at->is_array() && value.begin().key() == "Fn::GetAtt") at = &(*at)[0];
    while (at->is_array() && !at->empty()) at = &at->back();
    if (at->is_string()) name = at->get<std::string>();
    name = name.substr(0, name.find('.'));
  }
  std::erase_if(name, [](unsigned char c) { return !std::isalnum(c); });
  if (!name.empty()) name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
  return name;
}

// One event being compiled to the properties of its mapping.
class Mapping {
 public:
  Mapping(Service& service, const Function& function, const Section& event)
      : service_(service), event_(event) {
    properties_.set("FunctionName", Node(function.arn(), event.place()));
  }
  void number(std::string_view key, const char* property, std::optional<int> otherwise = std::nullopt) {
    if (auto value = event_.number(key))
      properties_.set(property, *value);
    else if (otherwise)
      properties_.set(property, Node(*otherwise, event_.place()));
  }
  void flag(std::string_view key, const char* property) {
    if (const Node* given = event_.find(key)) properties_.set(property, Node(event_.flag(key), given->place));
  }
  void set(const char* property, const Json& value, const Place& place) {
    properties_.set(property, Node(value, place));
  }
  void both(const Node& arn) {
    properties_.set("EventSourceArn", arn);
    const Node* enabled = event_.find("enabled");
    set("Enabled", !enabled || event_.flag("enabled"), enabled ? enabled->place : event_.place());
    if (const Node* type = event_.text("functionResponseType"))
      set("FunctionResponseTypes", Json::array({type->text()}), type->place);
    const Node* patterns = event_.list("filterPatterns");
    if (!patterns) return;
    Json filters = Json::array();
    for (const auto& pattern : patterns->items) filters.push_back({{"Pattern", pattern.json().dump()}});
    set("FilterCriteria", {{"Filters", filters}}, patterns->place);
  }
  void add(const std::string& id) {
    Node& resource = service_.add(id, "AWS::Lambda::EventSourceMapping", Json::object(), event_.place());
    *resource.find("Properties") = std::move(properties_);
    if (service_.resources.find("IamRoleLambdaExecution"))
      resource.set("DependsOn", Node(Json::array({"IamRoleLambdaExecution"}), event_.place()));
  }

 private:
  Service& service_;
  const Section& event_;
  Node properties_ = Node::map();
};

// `sqs: arn` says what `sqs: {arn: …}` does.
Node as_mapping(const Node& event) {
  if (event.is_map() && !is_intrinsic(event)) return event;
  Node out = Node::map(event.place);
  out.set("arn", event);
  return out;
}

const Node* arn_of(Service& service, const Section& event, const std::string& where) {
  const Node* arn = event.value("arn");
  if (!arn) service.report.refuse(event.place(), where + " has no arn; write the ARN of its source");
  return arn;
}

void add_queue(Service& service, const Function& function, const Node& given, Readable& readable) {
  const std::string where = "functions." + function.key + " sqs";
  const Node node = as_mapping(given);
  const Section event(node, where, kSqsKeys, service.report);
  const Node* arn = arn_of(service, event, where);
  if (!arn) return;
  Mapping mapping(service, function, event);
  mapping.both(*arn);
  mapping.number("batchSize", "BatchSize", kBatch);
  mapping.number("maximumBatchingWindow", "MaximumBatchingWindowInSeconds");
  if (const auto most = event.number("maximumConcurrency"))
    mapping.set("ScalingConfig", {{"MaximumConcurrency", most->json()}}, most->place);
  mapping.add(function.logical_id + "EventSourceMappingSQS" + source_name(*arn));
  readable.queues.push_back(arn->json());
  readable.place = node.place;
}

void set_stream_destination(Service& service, const Section& event, Mapping& mapping) {
  const Node* given = event.map("destinations");
  if (!given) return;
  const Section destinations(*given, event.path("destinations"), kStreamDestinationKeys, service.report);
  const Node* failure = destinations.find("onFailure");
  if (!failure) return;
  const Node* arn = failure->is_map() && !is_intrinsic(*failure) ? failure->find("arn") : failure;
  if (!arn)
    return service.report.refuse(failure->place, event.path("destinations.onFailure") + " has no arn");
  mapping.set("DestinationConfig", {{"OnFailure", {{"Destination", arn->json()}}}}, failure->place);
  allow_delivery(service, *arn, failure->is_map() ? failure->find("type") : nullptr);
}

void add_stream(Service& service, const Function& function, const Node& given, Readable& readable) {
  const std::string where = "functions." + function.key + " stream";
  const Node node = as_mapping(given);
  const Section event(node, where, kStreamKeys, service.report);
  const Node* arn = arn_of(service, event, where);
  if (!arn) return;
  const Node* type = event.text("type");
  const auto parsed = arn->is_string() ? Arn::parse(arn->text()) : std::nullopt;
  const std::string kind = type ? type->text() : parsed ? parsed->service : "";
  if (kind != "dynamodb")
    return service.report.refuse(type ? type->place : arn->place,
                                 kind == "kinesis" ? where + ": streams of Kinesis are not supported yet"
                                                   : where + " needs its type; write type: dynamodb");
  Mapping mapping(service, function, event);
  mapping.both(*arn);
  mapping.number("batchSize", "BatchSize", kBatch);
  mapping.number("parallelizationFactor", "ParallelizationFactor", 1);
  mapping.number("batchWindow", "MaximumBatchingWindowInSeconds");
  mapping.number("maximumRetryAttempts", "MaximumRetryAttempts");
  mapping.number("maximumRecordAgeInSeconds", "MaximumRecordAgeInSeconds");
  mapping.number("tumblingWindowInSeconds", "TumblingWindowInSeconds");
  mapping.number("startingPositionTimestamp", "StartingPositionTimestamp");
  mapping.flag("bisectBatchOnFunctionError", "BisectBatchOnFunctionError");
  const Node* start = event.text("startingPosition");
  mapping.set("StartingPosition", start ? start->text() : "TRIM_HORIZON", start ? start->place : node.place);
  set_stream_destination(service, event, mapping);
  mapping.add(function.logical_id + "EventSourceMappingDynamodb" + source_name(*arn));
  readable.tables.push_back(arn->json());
  readable.place = node.place;
}
}  // namespace

void compile_event_sources(Service& service) {
  Readable readable;
  for (const auto& function : service.functions) {
    const Node* events = function.node.find("events");
    if (!events || !events->is_list()) continue;  // reported with the routes
    for (const auto& event : events->items) {
      if (!event.is_map()) continue;
      if (const Node* queue = event.find("sqs")) add_queue(service, function, *queue, readable);
      if (const Node* stream = event.find("stream")) add_stream(service, function, *stream, readable);
    }
  }
  if (!readable.queues.empty())
    allow(service,
          {{"Effect", "Allow"},
           {"Action", {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}},
           {"Resource", readable.queues}},
          readable.place);
  if (!readable.tables.empty())
    allow(service,
          {{"Effect", "Allow"},
           {"Action",
            {"dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream",
             "dynamodb:ListStreams"}},
           {"Resource", readable.tables}},
          readable.place);
}
}  // namespace emu::deploy::serverless
