#include "emulator/services/sqs/port.hpp"

#include "emulator/base/digest.hpp"
#include "emulator/services/sqs/errors.hpp"
#include "emulator/services/sqs/handles.hpp"
#include "emulator/services/sqs/receive.hpp"
#include "emulator/services/sqs/send.hpp"
#include "emulator/services/sqs/system_attributes.hpp"

namespace emu::sqs {
namespace {
Result<SharedQueue> queue_at(const Sqs& service, std::string_view arn) {
  auto queue = service.queues.find(arn);
  if (!queue) return no_such_queue();
  return queue;
}

MessageAttributes given_attributes(std::vector<Delivery::Attribute> attributes) {
  MessageAttributes out;
  for (auto& a : attributes) {
    auto& value = out[a.name];
    value.DataType = a.type;
    if (a.type.starts_with("Binary"))
      value.BinaryValue = wire::Blob{std::move(a.value)};
    else
      value.StringValue = std::move(a.value);
  }
  return out;
}

// A record of a Lambda function's event (spec-sqs 18).
Json event_record(const Queue& queue, Received&& received) {
  auto& message = received.message;
  Json attributes = Json::object();
  for (const auto& a : message.attributes) {
    Json value{
        {"stringListValues", Json::array()}, {"binaryListValues", Json::array()}, {"dataType", a.type}};
    value[a.binary ? "binaryValue" : "stringValue"] = a.binary ? base64_encode(a.value) : a.value;
    attributes[a.name] = std::move(value);
  }
  Json out{{"messageId", message.id},
           {"receiptHandle", received.handle},
           {"attributes", SystemAttributes::all().of(received, queue.fifo)},
           {"messageAttributes", std::move(attributes)},
           {"md5OfBody", hex(message.body_md5)},
           {"eventSource", "aws:sqs"},
           {"eventSourceARN", queue.arn},
           {"awsRegion", queue.scope.region}};
  if (const auto digest = md5_of(message.attributes)) out["md5OfMessageAttributes"] = *digest;
  out["body"] = std::move(message.body);
  return out;
}
}  // namespace

// As SendMessage judges it, so that size, groups and deduplication are one thing whoever sends.
awaitable<Result<Done>> QueueTarget::deliver(std::string arn, Delivery delivery) {
  const auto queue = queue_at(service_, arn);
  if (!queue) co_return queue.error();
  const auto settings = (*queue)->settings();
  std::optional<std::string> body = std::move(delivery.body), group, deduplication;
  std::optional<std::int64_t> delay;
  std::optional<MessageAttributes> attributes = given_attributes(std::move(delivery.attributes)), system;
  if (!delivery.group_id.empty()) group = std::move(delivery.group_id);
  if (!delivery.deduplication_id.empty() && settings->fifo)
    deduplication = std::move(delivery.deduplication_id);
  const Given fields{body, delay, attributes, system, group, deduplication};
  if (auto fault = body_fault(fields)) co_return std::move(*fault);
  if (auto fault = fifo_fault(*settings, fields)) co_return std::move(*fault);
  auto out = outgoing(*settings, fields, &too_long);
  if (!out) co_return std::move(out.error());
  out->sender = std::move(delivery.sender);
  out->trace = std::move(delivery.trace_id);
  auto sent = send(service_, **queue, std::span(&*out, 1));
  if (!sent) co_return std::move(sent.error());
  co_return Done{};
}

Result<QueueSource::Settings> EventQueues::settings(std::string_view arn) {
  const auto queue = queue_at(service_, arn);
  if (!queue) return queue.error();
  const auto settings = (*queue)->settings();
  return Settings{settings->visibility, (*queue)->fifo, settings->redrive ? settings->redrive->arn : ""};
}

awaitable<Result<Json>> EventQueues::receive(std::string arn, std::size_t most, Duration wait,
                                             std::shared_ptr<Poll> poll) {
  const auto queue = queue_at(service_, arn);
  if (!queue) co_return queue.error();
  auto received = co_await sqs::receive(service_, *queue, {most}, wait, std::move(poll));
  if (!received) co_return std::move(received.error());
  Json records = Json::array();
  for (auto& one : *received) records.push_back(event_record(**queue, std::move(one)));
  co_return records;
}

Result<QueueSource::Outcomes> EventQueues::remove(std::string_view arn,
                                                  std::span<const std::string> handles) {
  const auto queue = queue_at(service_, arn);
  if (!queue) return queue.error();
  return delete_messages(service_, **queue, handles);
}

Result<QueueSource::Outcomes> EventQueues::show_again(std::string_view arn,
                                                      std::span<const std::string> handles, Duration after) {
  const auto queue = queue_at(service_, arn);
  if (!queue) return queue.error();
  std::vector<VisibilityChange> changes;
  for (const auto& handle : handles) changes.push_back({handle, after});
  return change_visibility(service_, **queue, changes);
}
}  // namespace emu::sqs
