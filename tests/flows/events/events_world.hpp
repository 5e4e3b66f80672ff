// A LambdaWorld with queues and tables beside it: event source mappings, destinations and asynchronous
// invocations through the services they really use, on virtual time.
#pragma once
#include "emulator/services/dynamodb/dynamodb.hpp"
#include "emulator/services/dynamodb/streams/source.hpp"
#include "emulator/services/lambda/port.hpp"
#include "emulator/services/sqs/port.hpp"
#include "tests/services/lambda/lambda_world.hpp"

namespace emu::test {
using Bodies = std::vector<std::string>;

class EventsWorld : public LambdaWorld {
 public:
  explicit EventsWorld(int concurrent = 1000) : LambdaWorld(Later{}, concurrent) { begin_all(); }
  explicit EventsWorld(EventsWorld& before) : LambdaWorld(Later{}, before) {
    for (const auto& name : before.names) model(name);
    begin_all();
  }

  sqs::Sqs sqs{disk, clock, loops, ids, sqs::Limits{}};
  sqs::QueueTarget queue_target{sqs};
  sqs::EventQueues event_queues{sqs};
  dynamodb::DynamoDb tables{disk, clock, loops, ids};
  dynamodb::TableStreamSource table_streams{tables.streams, loops};
  lambda::FunctionTarget function_target{lambda};

  // A function that notes the events it gets and answers what `answer` says, null at first.
  using Answer = std::function<runtime::Outcome(const Json& event)>;
  std::vector<Json> events;
  std::vector<runtime::Invocation> invocations;
  Answer answer = [](const Json&) { return runtime::Outcome{.payload = "null"}; };
  Duration takes{0};
  std::vector<std::string> names;
  void function(const std::string& name = "f", Json more = Json::object()) {
    model(name);
    create(name, std::move(more));
    advance(0s);
  }
  void model(const std::string& name) {
    names.push_back(name);
    launcher.add(name, {.handler =
                            [this](const runtime::Invocation& invocation) {
                              events.push_back(Json::parse(invocation.payload));
                              invocations.push_back(invocation);
                              return answer(events.back());
                            },
                        .service_time = [this] { return takes; }});
  }
  static runtime::Outcome failure() {
    return {.kind = runtime::Outcome::Kind::function_error,
            .payload = R"({"errorType":"Error","errorMessage":"no good"})",
            .error_type = "Error"};
  }
  void fails() {
    answer = [](const Json&) { return failure(); };
  }
  void succeeds() {
    answer = [](const Json&) { return runtime::Outcome{.payload = "null"}; };
  }

  std::string map(const std::string& arn, Json more = Json::object(), const std::string& name = "f") {
    Json in{{"FunctionName", name}, {"EventSourceArn", arn}};
    in.update(more);
    const auto made = call_lambda("CreateEventSourceMapping", std::move(in));
    advance(0s);
    return made.at("UUID");
  }
  Json mapping(const std::string& uuid) { return call_lambda("GetEventSourceMapping", {{"UUID", uuid}}); }

  // Queues: the ARN of one that was made, "visible/in flight/delayed", what is in it.
  static std::string queue_arn(std::string_view name) {
    return "arn:aws:sqs:us-east-1:000000000000:" + std::string(name);
  }
  static std::string url(std::string_view name) {
    return "http://localhost:4566/000000000000/" + std::string(name);
  }
  std::string queue(std::string_view name = "q", Json attributes = Json::object()) {
    if (name.ends_with(".fifo")) attributes["FifoQueue"] = "true";
    Json in{{"QueueName", name}};
    if (!attributes.empty()) in["Attributes"] = std::move(attributes);
    call(sqs, "CreateQueue", std::move(in));
    return queue_arn(name);
  }
  void send(std::string_view body, std::string_view name = "q", Json more = Json::object()) {
    Json in{{"QueueUrl", url(name)}, {"MessageBody", body}};
    in.update(more);
    call(sqs, "SendMessage", std::move(in));
    advance(0s);
  }
  void send_many(int count, std::string_view name = "q") {
    for (int i = 0; i < count; ++i)
      call(sqs, "SendMessage", {{"QueueUrl", url(name)}, {"MessageBody", std::to_string(i)}});
  }
  std::string counts(std::string_view name = "q") {
    const auto c = sqs.queues.find(Scope{}, name)->counts(clock);
    return std::to_string(c.visible) + "/" + std::to_string(c.in_flight) + "/" + std::to_string(c.delayed);
  }
  Json messages(std::string_view name) {
    return call(sqs, "ReceiveMessage",
                {{"QueueUrl", url(name)},
                 {"MaxNumberOfMessages", 10},
                 {"MessageSystemAttributeNames", {"All"}},
                 {"MessageAttributeNames", {"All"}}})
        .value("Messages", Json::array());
  }
  static Bodies bodies(const Json& event) {
    Bodies out;
    for (const auto& record : event.at("Records")) out.push_back(record.at("body"));
    return out;
  }

  // Tables with hash key id (S) and a stream: the ARN of the stream.
  std::string streamed(std::string_view name = "Tab") {
    return call(
               tables, "CreateTable",
               {{"TableName", name},
                {"AttributeDefinitions", Json::parse(R"([{"AttributeName":"id","AttributeType":"S"}])")},
                {"KeySchema", Json::parse(R"([{"AttributeName":"id","KeyType":"HASH"}])")},
                {"BillingMode", "PAY_PER_REQUEST"},
                {"StreamSpecification", {{"StreamEnabled", true}, {"StreamViewType", "NEW_AND_OLD_IMAGES"}}}})
        .at("TableDescription")
        .at("LatestStreamArn");
  }
  void put(std::string_view id, Json more = Json::object()) {
    Json item{{"id", {{"S", id}}}};
    item.update(more);
    call(tables, "PutItem", {{"TableName", "Tab"}, {"Item", std::move(item)}});
    advance(0s);
  }
  static Bodies keys(const Json& event) {
    Bodies out;
    for (const auto& record : event.at("Records"))
      out.push_back(record.at("dynamodb").at("Keys").at("id").at("S"));
    return out;
  }

 private:
  void begin_all() {
    ports.serve("sqs", queue_target);
    ports.serve("sqs", event_queues);
    ports.serve("dynamodb", table_streams);
    ports.serve("lambda", function_target);
    sqs.load();
    tables.load();
    start(sqs.run());
    start(tables.run());
    begin();
  }
};
}  // namespace emu::test
