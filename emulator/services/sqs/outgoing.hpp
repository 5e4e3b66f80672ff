// A message on its way into a queue: judged by the queue's settings (spec-sqs 5), not sent yet. SendMessage,
// each entry of a batch and every delivery by another service becomes one.
#pragma once
#include "emulator/services/sqs/message_attributes.hpp"
#include "emulator/services/sqs/settings.hpp"

namespace emu::sqs {
struct Outgoing {
  std::string body, sender;
  std::vector<Attribute> attributes;
  std::vector<Attribute> system;     // those of the request: what its MD5 is of
  std::string group, deduplication;  // empty: none
  std::string trace;
  std::optional<Duration> delay;  // none: the queue's
};

// What a request says of a message; SendMessageInput and the entries of a batch spell it alike.
struct Given {
  std::optional<std::string>& body;
  std::optional<std::int64_t>& delay_seconds;
  std::optional<MessageAttributes>& attributes;
  std::optional<MessageAttributes>& system;
  std::optional<std::string>& group;
  std::optional<std::string>& deduplication;
};
template <class In>
Given given(In& in) {
  return {in.MessageBody,    in.DelaySeconds,          in.MessageAttributes, in.MessageSystemAttributes,
          in.MessageGroupId, in.MessageDeduplicationId};
}

// The steps of the order in which AWS judges (spec-sqs 5); SendMessage takes them all in this order.
std::optional<AwsError> body_fault(const Given& given);
std::optional<AwsError> fifo_fault(const Settings& settings, const Given& given);
// The rest; `too_long` words an oversize, which batches word otherwise. Moves out of what was given.
Result<Outgoing> outgoing(const Settings& settings, Given given, AwsError (*too_long)(std::size_t most));

std::size_t size_of(const Given& given);
AwsError too_long(std::size_t most);
AwsError entry_too_long(std::size_t most);
// Letters, digits and punctuation, 1 to 128: group, deduplication and attempt ids.
bool proper_id(std::string_view id);
bool proper_body(std::string_view body);
}  // namespace emu::sqs
