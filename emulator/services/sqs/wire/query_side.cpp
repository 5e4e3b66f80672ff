#include "emulator/services/sqs/wire/query_side.hpp"

#include <fmt/format.h>

#include "emulator/services/sqs/queue_address.hpp"
#include "emulator/services/sqs/wire/error_shapes.hpp"

namespace emu::sqs {
namespace {
// spec-sqs 1.2. CreateQueue's JSON says `tags` where every other operation says `Tags`.
constexpr wire::QueryName kNames[] = {
    {"Tag", "tags", "Key", "Value", "CreateQueue"},
    {"Tag", "Tags", "Key", "Value"},
    {"TagKey", "TagKeys"},
    {"Attribute", "Attributes", "Name", "Value"},
    {"AttributeName", "AttributeNames"},
    {"MessageSystemAttributeName", "MessageSystemAttributeNames"},
    {"MessageAttributeName", "MessageAttributeNames"},
    {"MessageAttribute", "MessageAttributes", "Name", "Value"},
    {"MessageSystemAttribute", "MessageSystemAttributes", "Name", "Value"},
    {"StringListValue", "StringListValues"},
    {"BinaryListValue", "BinaryListValues"},
    {"AWSAccountId", "AWSAccountIds"},
    {"ActionName", "Actions"},
    {"SendMessageBatchRequestEntry", "Entries"},
    {"DeleteMessageBatchRequestEntry", "Entries"},
    {"ChangeMessageVisibilityBatchRequestEntry", "Entries"},
    {"SendMessageBatchResultEntry", "Successful", {}, {}, "SendMessageBatch", true},
    {"DeleteMessageBatchResultEntry", "Successful", {}, {}, "DeleteMessageBatch", true},
    {"ChangeMessageVisibilityBatchResultEntry", "Successful", {}, {}, "ChangeMessageVisibilityBatch", true},
    {"BatchResultErrorEntry", "Failed", {}, {}, {}, true},
    {"QueueUrl", "QueueUrls", {}, {}, "ListQueues", true, "queueUrls"},
    {"QueueUrl", "queueUrls", {}, {}, "ListDeadLetterSourceQueues", true},
    {"Message", "Messages", {}, {}, "ReceiveMessage", true, "messages"},
    {"ListMessageMoveTasksResultEntry", "Results", {}, {}, {}, true},
};

bool offers(std::string_view operation) { return operation != "CreateQueue" && operation != "ListQueues"; }

// The path names the queue unless a QueueUrl does; its host may say the region.
void address(const http::Request& request, Json& input) {
  if (request.path() == "/" || input.contains("QueueUrl")) return;
  input["QueueUrl"] = fmt::format("http://{}{}", request.headers.get("Host"), request.path());
}
}  // namespace

const QuerySide kQuerySide{kNames, &is_queue_path, &offers, &address, &query_code};
}  // namespace emu::sqs
