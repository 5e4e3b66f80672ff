// AddPermission, RemovePermission.
#include <algorithm>

#include "emulator/services/sqs/errors.hpp"
#include "emulator/services/sqs/permissions/policy.hpp"
#include "emulator/services/sqs/queue_names.hpp"
#include "emulator/services/sqs/queue_url.hpp"

namespace emu::sqs {
namespace {
constexpr std::size_t kMostActions = 7, kAccountDigits = 12;
constexpr std::string_view kShared[] = {
    "*",           "ChangeMessageVisibility",    "DeleteMessage", "GetQueueAttributes",
    "GetQueueUrl", "ListDeadLetterSourceQueues", "PurgeQueue",    "ReceiveMessage",
    "SendMessage"};
constexpr std::string_view kOwners[] = {"AddPermission",
                                        "CancelMessageMoveTask",
                                        "CreateQueue",
                                        "DeleteQueue",
                                        "ListMessageMoveTasks",
                                        "ListQueues",
                                        "ListQueueTags",
                                        "RemovePermission",
                                        "SetQueueAttributes",
                                        "StartMessageMoveTask",
                                        "TagQueue",
                                        "UntagQueue"};

bool among(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

struct AddPermissionInput {
  std::optional<std::string> QueueUrl, Label;
  std::optional<std::vector<std::string>> AWSAccountIds, Actions;
};
BOOST_DESCRIBE_STRUCT(AddPermissionInput, (), (QueueUrl, Label, AWSAccountIds, Actions))

void check_actions(const std::vector<std::string>& actions) {
  if (actions.size() > kMostActions)
    throw AwsError{"OverLimit", fmt::format("{} Actions were found, maximum allowed is 7.", actions.size())};
  for (const auto& action : actions) {
    if (among(kShared, action)) continue;
    throw invalid_value("SQS:" + action, "ActionName",
                        among(kOwners, action)
                            ? "Only the queue owner is allowed to invoke this action."
                            : "Please refer to the appropriate WSDL for a list of valid actions. ");
  }
}

void check_accounts(const std::vector<std::string>& accounts) {
  const auto is_account = [](const std::string& text) {
    return text.size() == kAccountDigits &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  };
  if (accounts.empty() || !std::ranges::all_of(accounts, is_account))
    throw invalid_value(fmt::format("[{}]", fmt::join(accounts, ", ")), "PrincipalId", "Unable to verify.");
}

Grant grant_of(AddPermissionInput in) {
  if (!in.Label) throw missing_parameter("Label");
  if (!in.Actions || in.Actions->empty()) throw missing_parameter("Actions");
  Grant out{std::move(*in.Label), in.AWSAccountIds.value_or(std::vector<std::string>{}),
            std::move(*in.Actions)};
  check_accounts(out.accounts);
  check_actions(out.actions);
  if (!is_label(out.label))
    throw invalid_value(
        out.label, "Label",
        "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length");
  return out;
}

// edit(policy) gives the policy that follows; empty: none.
template <class F>
Result<Empty> change_policy(Sqs& service, Queue& queue, F edit) {
  return service.change(queue, [&](QueueRecord& record) -> Result<Empty> {
    auto& policy = record.Attributes["Policy"];
    policy = edit(policy);
    if (policy.empty()) record.Attributes.erase("Policy");
    record.Modified = service.clock.now().time_since_epoch().count();
    return Empty{};
  });
}

Result<Empty> add_permission(Sqs& service, Context& context, AddPermissionInput in) {
  const auto queue = queue_of(service, context, in.QueueUrl);
  if (!queue) return queue.error();
  const auto grant = grant_of(std::move(in));
  return change_policy(service, **queue,
                       [&](const std::string& policy) { return with_grant(policy, (*queue)->arn, grant); });
}

struct RemovePermissionInput {
  std::optional<std::string> QueueUrl, Label;
};
BOOST_DESCRIBE_STRUCT(RemovePermissionInput, (), (QueueUrl, Label))

Result<Empty> remove_permission(Sqs& service, Context& context, RemovePermissionInput in) {
  const auto queue = queue_of(service, context, in.QueueUrl);
  if (!queue) return queue.error();
  if (!in.Label) return missing_parameter("Label");
  return change_policy(service, **queue,
                       [&](const std::string& policy) { return without_grant(policy, *in.Label); });
}

constexpr Operation kRows[] = {op<add_permission>("AddPermission"),
                               op<remove_permission>("RemovePermission")};
}  // namespace

std::span<const Operation> permission_operations() { return kRows; }
}  // namespace emu::sqs
