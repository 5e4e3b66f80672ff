// SendMessage, SendMessageBatch.
#include "emulator/services/sqs/batches.hpp"
#include "emulator/services/sqs/queue_url.hpp"
#include "emulator/services/sqs/send.hpp"

namespace emu::sqs {
namespace {
struct SendMessageInput {
  std::optional<std::string> QueueUrl, MessageBody;
  std::optional<std::int64_t> DelaySeconds;
  std::optional<sqs::MessageAttributes> MessageAttributes, MessageSystemAttributes;
  std::optional<std::string> MessageDeduplicationId, MessageGroupId;
};
BOOST_DESCRIBE_STRUCT(SendMessageInput, (),
                      (QueueUrl, MessageBody, DelaySeconds, MessageAttributes, MessageSystemAttributes,
                       MessageDeduplicationId, MessageGroupId))
struct SendMessageOutput {
  std::string MD5OfMessageBody;
  std::optional<std::string> MD5OfMessageAttributes, MD5OfMessageSystemAttributes;
  std::string MessageId;
  std::optional<std::string> SequenceNumber;
};
BOOST_DESCRIBE_STRUCT(SendMessageOutput, (),
                      (MD5OfMessageBody, MD5OfMessageAttributes, MD5OfMessageSystemAttributes, MessageId,
                       SequenceNumber))

// Who sends, and within which trace, unless the message says.
void sign(const Context& context, Outgoing& out) {
  out.sender = context.scope.account;
  if (out.trace.empty()) out.trace = context.trace_id;
}

struct Digests {
  std::optional<std::string> attributes, system;
  static Digests of(const Outgoing& out) { return {md5_of(out.attributes), md5_of(out.system)}; }
};

std::optional<std::string> shown_sequence(const Queue& queue, const Sent& sent) {
  return queue.fifo ? std::optional(sequence_text(sent.sequence)) : std::nullopt;
}

Result<SendMessageOutput> send_message(Sqs& service, Context& context, SendMessageInput in) {
  const auto found = queue_of(service, context, in.QueueUrl);
  if (!found) return found.error();
  Queue& queue = **found;
  const auto settings = queue.settings();
  const auto fields = given(in);
  if (auto fault = body_fault(fields)) return std::move(*fault);
  if (auto fault = fifo_fault(*settings, fields)) return std::move(*fault);
  auto out = outgoing(*settings, fields, &too_long);
  if (!out) return std::move(out.error());
  sign(context, *out);
  auto digests = Digests::of(*out);
  auto sent = send(service, queue, std::span(&*out, 1));
  if (!sent) return std::move(sent.error());
  auto& one = sent->front();
  return SendMessageOutput{std::move(one.body_md5), std::move(digests.attributes), std::move(digests.system),
                           std::move(one.message_id), shown_sequence(queue, one)};
}

struct SendMessageBatchRequestEntry {
  std::optional<std::string> Id, MessageBody;
  std::optional<std::int64_t> DelaySeconds;
  std::optional<sqs::MessageAttributes> MessageAttributes, MessageSystemAttributes;
  std::optional<std::string> MessageDeduplicationId, MessageGroupId;
};
BOOST_DESCRIBE_STRUCT(SendMessageBatchRequestEntry, (),
                      (Id, MessageBody, DelaySeconds, MessageAttributes, MessageSystemAttributes,
                       MessageDeduplicationId, MessageGroupId))
struct SendMessageBatchInput {
  std::optional<std::string> QueueUrl;
  std::optional<std::vector<SendMessageBatchRequestEntry>> Entries;
};
BOOST_DESCRIBE_STRUCT(SendMessageBatchInput, (), (QueueUrl, Entries))
struct SendMessageBatchResultEntry {
  std::string Id, MessageId, MD5OfMessageBody;
  std::optional<std::string> MD5OfMessageAttributes, MD5OfMessageSystemAttributes, SequenceNumber;
};
BOOST_DESCRIBE_STRUCT(SendMessageBatchResultEntry, (),
                      (Id, MessageId, MD5OfMessageBody, MD5OfMessageAttributes, MD5OfMessageSystemAttributes,
                       SequenceNumber))
using SendMessageBatchResult = BatchResult<SendMessageBatchResultEntry>;
BOOST_DESCRIBE_STRUCT(SendMessageBatchResult, (), (Successful, Failed))

constexpr std::size_t kLongestBatch = 1 << 20;  // bytes, whatever the queue allows for one (spec-sqs 9)

// What refuses the request as a whole.
std::optional<AwsError> batch_fault(const Settings& settings, SendMessageBatchInput& in) {
  if (auto fault = entries_fault(in.Entries, "SendMessageBatchRequestEntry")) return fault;
  std::size_t size = 0;
  for (auto& entry : *in.Entries) {
    if (auto fault = fifo_fault(settings, given(entry))) return invalid_value(std::move(fault->message));
    size += size_of(given(entry));
  }
  if (auto fault = repeated_id(*in.Entries)) return fault;
  if (size > kLongestBatch)
    return AwsError{"BatchRequestTooLong",
                    fmt::format("Batch requests cannot be longer than {} bytes. You have sent {} bytes.",
                                kLongestBatch, size)};
  return std::nullopt;
}

Result<Outgoing> judged(const Settings& settings, Context& context, SendMessageBatchRequestEntry& entry) {
  if (auto fault = body_fault(given(entry))) return std::move(*fault);
  auto out = outgoing(settings, given(entry), &entry_too_long);
  if (out) sign(context, *out);
  return out;
}

Result<SendMessageBatchResult> send_message_batch(Sqs& service, Context& context, SendMessageBatchInput in) {
  const auto found = queue_of(service, context, in.QueueUrl);
  if (!found) return found.error();
  Queue& queue = **found;
  const auto settings = queue.settings();
  if (auto fault = batch_fault(*settings, in)) return std::move(*fault);
  SendMessageBatchResult result;
  std::vector<Outgoing> messages;
  std::vector<SendMessageBatchResultEntry> entries;
  for (auto& entry : *in.Entries) {
    auto out = judged(*settings, context, entry);
    if (!out) {
      result.fail(std::move(*entry.Id), out.error());
      continue;
    }
    auto digests = Digests::of(*out);
    entries.push_back(
        {std::move(*entry.Id), {}, {}, std::move(digests.attributes), std::move(digests.system)});
    messages.push_back(std::move(*out));
  }
  if (messages.empty()) return result;
  auto sent = send(service, queue, messages);
  if (!sent) return std::move(sent.error());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    auto& one = (*sent)[i];
    entries[i].MD5OfMessageBody = std::move(one.body_md5);
    entries[i].MessageId = std::move(one.message_id);
    entries[i].SequenceNumber = shown_sequence(queue, one);
    result.succeed(std::move(entries[i]));
  }
  return result;
}

constexpr Operation kRows[] = {op<send_message>("SendMessage"), op<send_message_batch>("SendMessageBatch")};
}  // namespace

std::span<const Operation> sending_operations() { return kRows; }
}  // namespace emu::sqs
