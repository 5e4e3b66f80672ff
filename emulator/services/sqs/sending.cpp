// SendMessage.
#include "emulator/base/digest.hpp"
#include "emulator/services/sqs/errors.hpp"
#include "emulator/services/sqs/queue_url.hpp"

namespace emu::sqs {
namespace {
struct SendMessageInput {
  std::optional<std::string> QueueUrl, MessageBody;
};
BOOST_DESCRIBE_STRUCT(SendMessageInput, (), (QueueUrl, MessageBody))
struct SendMessageOutput {
  std::string MD5OfMessageBody, MessageId;
};
BOOST_DESCRIBE_STRUCT(SendMessageOutput, (), (MD5OfMessageBody, MessageId))

Result<SendMessageOutput> send_message(Sqs& service, Context& context, SendMessageInput in) {
  const auto queue = queue_of(service, context, in.QueueUrl);
  if (!queue) return queue.error();
  if (!in.MessageBody || in.MessageBody->empty()) return missing_parameter("MessageBody");
  return SendMessageOutput{hex(md5(*in.MessageBody)), service.ids.uuid()};
}

constexpr Operation kRows[] = {op<send_message>("SendMessage")};
}  // namespace

std::span<const Operation> sending_operations() { return kRows; }
}  // namespace emu::sqs
