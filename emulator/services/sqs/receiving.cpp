// ReceiveMessage.
#include <algorithm>

#include "emulator/base/digest.hpp"
#include "emulator/services/sqs/errors.hpp"
#include "emulator/services/sqs/handles.hpp"
#include "emulator/services/sqs/message_attributes.hpp"
#include "emulator/services/sqs/outgoing.hpp"
#include "emulator/services/sqs/queue_url.hpp"
#include "emulator/services/sqs/receive.hpp"
#include "emulator/services/sqs/send.hpp"
#include "emulator/services/sqs/system_attributes.hpp"

namespace emu::sqs {
namespace {
struct ReceiveMessageInput {
  std::optional<std::string> QueueUrl;
  std::optional<std::vector<std::string>> AttributeNames, MessageSystemAttributeNames, MessageAttributeNames;
  std::optional<std::int64_t> MaxNumberOfMessages, VisibilityTimeout, WaitTimeSeconds;
  std::optional<std::string> ReceiveRequestAttemptId;
};
BOOST_DESCRIBE_STRUCT(ReceiveMessageInput, (),
                      (QueueUrl, AttributeNames, MessageSystemAttributeNames, MessageAttributeNames,
                       MaxNumberOfMessages, VisibilityTimeout, WaitTimeSeconds, ReceiveRequestAttemptId))
struct ReceivedMessage {
  std::string MessageId, ReceiptHandle, MD5OfBody, Body;
  std::optional<std::map<std::string, std::string>> Attributes;
  std::optional<std::string> MD5OfMessageAttributes;
  std::optional<sqs::MessageAttributes> MessageAttributes;
};
BOOST_DESCRIBE_STRUCT(ReceivedMessage, (),
                      (MessageId, ReceiptHandle, MD5OfBody, Body, Attributes, MD5OfMessageAttributes,
                       MessageAttributes))
struct ReceiveMessageOutput {
  std::optional<std::vector<ReceivedMessage>> Messages;
};
BOOST_DESCRIBE_STRUCT(ReceiveMessageOutput, (), (Messages))

// spec-sqs 7
constexpr std::int64_t kMostMessages = 10, kLongestWait = 20;

std::optional<AwsError> number_fault(const ReceiveMessageInput& in) {
  const auto outside = [](const std::optional<std::int64_t>& value, std::int64_t least, std::int64_t most) {
    return value && (*value < least || *value > most);
  };
  if (outside(in.MaxNumberOfMessages, 1, kMostMessages))
    return invalid_value(*in.MaxNumberOfMessages, "MaxNumberOfMessages",
                         "Must be between 1 and 10, if provided.");
  if (outside(in.WaitTimeSeconds, 0, kLongestWait))
    return invalid_value(*in.WaitTimeSeconds, "WaitTimeSeconds", "Must be >= 0 and <= 20, if provided.");
  if (outside(in.VisibilityTimeout, 0, kLongestVisibility.count()))
    return invalid_value(*in.VisibilityTimeout, "VisibilityTimeout",
                         "Must be >= 0 and <= 43200, if provided.");
  return std::nullopt;
}

std::optional<AwsError> attempt_fault(const Settings& settings, const ReceiveMessageInput& in) {
  if (!in.ReceiveRequestAttemptId) return std::nullopt;
  const auto& id = *in.ReceiveRequestAttemptId;
  if (!settings.fifo)
    return invalid_value(id, "ReceiveRequestAttemptId",
                         "The request include parameter that is not valid for this queue type.");
  if (!proper_id(id))
    return invalid_value(
        id, "ReceiveRequestAttemptId",
        "ReceiveRequestAttemptId can only include alphanumeric and punctuation characters. 1 to "
        "128 in length.");
  return std::nullopt;
}

// Which of a message's own attributes are wanted: all, by prefix ("a.*") or by name.
bool matches(const std::vector<std::string>& patterns, std::string_view name) {
  return std::ranges::any_of(patterns, [&](std::string_view pattern) {
    if (pattern == "All" || pattern == "*" || pattern == ".*") return true;
    if (pattern.ends_with(".*")) return name.starts_with(pattern.substr(0, pattern.size() - 2));
    return name == pattern;
  });
}

ReceivedMessage shown_message(Received&& received, const SystemAttributes& wanted, bool fifo,
                              const std::vector<std::string>& patterns) {
  auto& message = received.message;
  ReceivedMessage out{std::move(message.id), std::move(received.handle), hex(message.body_md5),
                      std::move(message.body)};
  auto system = wanted.of(received, fifo);
  if (!system.empty()) out.Attributes = std::move(system);
  std::erase_if(message.attributes, [&](const Attribute& a) { return !matches(patterns, a.name); });
  out.MD5OfMessageAttributes = md5_of(message.attributes);
  for (const auto& attribute : message.attributes) {
    if (!out.MessageAttributes) out.MessageAttributes.emplace();
    out.MessageAttributes->emplace(attribute.name, shown(attribute));
  }
  return out;
}

// A client that hangs up while it waits takes nothing with it.
awaitable<Result<ReceivedMessages>> wait_for_messages(Sqs& service, Context& context, SharedQueue queue,
                                                      Wanted wanted, Duration wait) {
  auto poll = std::make_shared<Poll>();
  if (context.peer) context.peer->when_gone([poll] { poll->abandon(); });
  co_return co_await receive(service, std::move(queue), wanted, wait, std::move(poll));
}

awaitable<Result<ReceiveMessageOutput>> receive_message(Sqs& service, Context& context,
                                                        ReceiveMessageInput in) {
  const auto queue = queue_of(service, context, in.QueueUrl);
  if (!queue) co_return queue.error();
  const auto settings = (*queue)->settings();
  if (auto fault = number_fault(in)) co_return std::move(*fault);
  if (auto fault = attempt_fault(*settings, in)) co_return std::move(*fault);
  SystemAttributes wanted_attributes;
  for (const auto* names : {&in.AttributeNames, &in.MessageSystemAttributeNames})
    if (*names)
      if (auto fault = wanted_attributes.add(**names)) co_return std::move(*fault);
  Wanted wanted{static_cast<std::size_t>(in.MaxNumberOfMessages.value_or(1))};
  if (in.VisibilityTimeout) wanted.visibility = std::chrono::seconds(*in.VisibilityTimeout);
  if (in.ReceiveRequestAttemptId) wanted.attempt = digest_of(*in.ReceiveRequestAttemptId);
  const Duration wait = in.WaitTimeSeconds ? std::chrono::seconds(*in.WaitTimeSeconds) : settings->wait;

  auto received = receive_now(service, **queue, wanted);
  if (wait > Duration{0} && (received ? received->empty() : received.error().code == "OverLimit"))
    received = co_await wait_for_messages(service, context, *queue, wanted, wait);
  if (!received) co_return std::move(received.error());
  ReceiveMessageOutput out;
  static const std::vector<std::string> kNoNames;
  const auto& patterns = in.MessageAttributeNames ? *in.MessageAttributeNames : kNoNames;
  for (auto& one : *received) {
    if (!out.Messages) out.Messages.emplace();
    out.Messages->push_back(shown_message(std::move(one), wanted_attributes, (*queue)->fifo, patterns));
  }
  co_return out;
}

constexpr Operation kRows[] = {op<receive_message>("ReceiveMessage")};
}  // namespace

std::span<const Operation> receiving_operations() { return kRows; }
}  // namespace emu::sqs
