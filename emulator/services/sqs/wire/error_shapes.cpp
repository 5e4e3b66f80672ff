#include "emulator/services/sqs/wire/error_shapes.hpp"

namespace emu::sqs {
namespace {
constexpr std::string_view kModelled = "com.amazonaws.sqs", kFrontEnd = "com.amazon.coral.service";

struct Shape {
  std::string_view code, package;
  std::string_view name;   // behind the package; empty: the code
  std::string_view query;  // empty: the code
  int status = 400;
  bool prefixed = false;  // with "AWS.SimpleQueueService." in Query's
};
constexpr Shape kShapes[] = {
    {"QueueDoesNotExist", kModelled, {}, "NonExistentQueue", 400, true},
    {"QueueNameExists", kModelled, {}, "QueueAlreadyExists"},
    {"QueueDeletedRecently", kModelled, {}, "QueueDeletedRecently", 400, true},
    {"PurgeQueueInProgress", kModelled, {}, "PurgeQueueInProgress", 403, true},
    {"EmptyBatchRequest", kModelled, {}, "EmptyBatchRequest", 400, true},
    {"TooManyEntriesInBatchRequest", kModelled, {}, "TooManyEntriesInBatchRequest", 400, true},
    {"BatchEntryIdsNotDistinct", kModelled, {}, "BatchEntryIdsNotDistinct", 400, true},
    {"InvalidBatchEntryId", kModelled, {}, "InvalidBatchEntryId", 400, true},
    {"BatchRequestTooLong", kModelled, {}, "BatchRequestTooLong", 400, true},
    {"MessageNotInflight", kModelled, {}, "MessageNotInflight", 400, true},
    {"UnsupportedOperation", kModelled, {}, "UnsupportedOperation", 400, true},
    {"OverLimit", kModelled, {}, {}, 403},
    {"ResourceNotFoundException", kModelled, {}, {}, 404},
    {"InvalidParameterValue", kFrontEnd, "InvalidParameterValueException", {}},
    {"MissingParameter", kFrontEnd, "MissingRequiredParameterException", {}},
    {"SerializationException", kFrontEnd, {}, "MalformedInput"},
    {"AccessDenied", kFrontEnd, "AccessDeniedException", {}, 403},
    {"InvalidAction", kFrontEnd, "InvalidActionException", {}},
    {"UnknownOperationException", kFrontEnd, {}, {}},
    {"ValidationException", kFrontEnd, {}, {}},  // of --strict
    {"InternalFailure", kFrontEnd, {}, {}, 500},
};

Shape shape_of(std::string_view code) {
  for (const auto& shape : kShapes)
    if (shape.code == code) return shape;
  return {code, kModelled, {}, {}};  // modelled under the same name in both protocols
}

// Our decoder words a mistaken type as DynamoDB does. SQS's numbers are Integers all.
void reword_mistaken_type(std::string& text) {
  static constexpr std::string_view kTheirs = " cannot be converted to ";
  const auto at = text.find(kTheirs);
  if (at == text.npos) {
    if (text.ends_with("where not expected")) text += '.';
    return;
  }
  auto type = text.substr(at + kTheirs.size());
  if (type == "Long") type = "Integer";
  text.erase(at);
  text += fmt::format(" can not be converted to {} {}", type.starts_with("I") ? "an" : "a", type);
}
}  // namespace

std::string error_type(const AwsError& error) {
  const auto shape = shape_of(error.code);
  return fmt::format("{}#{}", shape.package, shape.name.empty() ? error.code : shape.name);
}

std::string query_code(const AwsError& error) {
  const auto shape = shape_of(error.code);
  return fmt::format("{}{}", shape.prefixed ? "AWS.SimpleQueueService." : "",
                     shape.query.empty() ? error.code : shape.query);
}

AwsError absent(const wire::Missing& member) {
  std::string name = member.path;  // as texts about paths have it: "queueUrl"
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return {"MissingParameter", fmt::format("The request must contain the parameter {}.", name)};
}

AwsError worded(AwsError error, Protocol protocol) {
  if (error.http_status == 400) error.http_status = shape_of(error.code).status;
  if (error.code == "QueueDoesNotExist" && protocol == Protocol::query)
    error.message = "The specified queue does not exist for this wsdl version.";
  if (error.code == "SerializationException") {
    error.message_key = "message";
    reword_mistaken_type(error.message);
  }
  return error;
}
}  // namespace emu::sqs
