// What UpdateTable refuses before it looks at the table (C4), in AWS's order and words.
#include <algorithm>
#include <set>

#include "emulator/services/dynamodb/constraints.hpp"
#include "emulator/services/dynamodb/table_changes.hpp"
#include "emulator/services/dynamodb/table_rules.hpp"

namespace emu::dynamodb {
namespace {
bool structural(const IndexUpdate& u) { return u.Create || u.Delete; }

void check_combination(const UpdateTableInput& in) {
  const int changes = in.ProvisionedThroughput.has_value() + in.BillingMode.has_value() +
                      in.StreamSpecification.has_value() + in.GlobalSecondaryIndexUpdates.has_value() +
                      in.SSESpecification.has_value() + in.TableClass.has_value() +
                      in.DeletionProtectionEnabled.has_value() + in.OnDemandThroughput.has_value() +
                      in.WarmThroughput.has_value() + in.ReplicaUpdates.has_value();
  if (changes == 0)
    throw AwsError::validation(
        "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
        "GlobalSecondaryIndexUpdates or "
        "SSESpecification or ReplicaUpdates is required");
  const std::pair<std::string_view, bool> kAlone[] = {
      {"Replica modification", in.ReplicaUpdates.has_value()},
      {"Server-Side Encryption modification", in.SSESpecification.has_value()},
      {"TableClass modification", in.TableClass.has_value()},
      {"DeletionProtection modification", in.DeletionProtectionEnabled.has_value()},
      {"WarmThroughput", in.WarmThroughput.has_value()}};
  for (const auto& [what, given] : kAlone)
    if (given && changes > 1)
      throw invalid_parameters(fmt::format("{} must be the only operation in the request", what));
  if (in.OnDemandThroughput && changes > (in.BillingMode ? 2 : 1))
    throw invalid_parameters(
        "OnDemandThroughput can only be combined with BillingMode in an UpdateTable request");
  const bool iops = in.ProvisionedThroughput || in.BillingMode == "PROVISIONED";
  const bool indexes =
      in.GlobalSecondaryIndexUpdates && std::ranges::any_of(*in.GlobalSecondaryIndexUpdates, structural);
  if (in.StreamSpecification && iops)
    throw invalid_parameters("You cannot modify stream status while updating table IOPS");
  if (indexes && iops)
    throw invalid_parameters("You cannot create or delete index while updating table IOPS");
  if (indexes && in.StreamSpecification)
    throw invalid_parameters("You cannot create or delete index while changing stream status");
}

void constrain(const UpdateTableInput& in) {
  Constraints constraints;
  constraints.enumerated(in.BillingMode, "billingMode", kBillingMode);
  constraints.enumerated(in.TableClass, "tableClass", kTableClass);
  if (in.StreamSpecification)
    constraints.enumerated(in.StreamSpecification->StreamViewType, "streamSpecification.streamViewType",
                           kStreamViewType);
  constrain_throughput(constraints, in.ProvisionedThroughput, "provisionedThroughput");
  if (in.GlobalSecondaryIndexUpdates)
    for (std::size_t i = 0; i < in.GlobalSecondaryIndexUpdates->size(); ++i) {
      const auto& u = (*in.GlobalSecondaryIndexUpdates)[i];
      const auto at = fmt::format("globalSecondaryIndexUpdates.{}.member.", i + 1);
      if (u.Create) constrain_index(constraints, *u.Create, at + "create.", true);
      if (u.Update) {
        constrain_new_name(constraints, u.Update->IndexName, at + "update.indexName");
        constrain_throughput(constraints, u.Update->ProvisionedThroughput,
                             at + "update.provisionedThroughput");
      }
    }
  constraints.finish();
}

// Each element one action, each index once, no two indexes made or deleted at a time.
void check_index_updates(const std::vector<IndexUpdate>& updates) {
  if (updates.empty()) throw invalid_parameters("List of GlobalSecondaryIndexUpdates is empty");
  std::set<std::string_view> seen;
  int structural_changes = 0;
  for (const auto& u : updates) {
    const int actions = u.Update.has_value() + u.Create.has_value() + u.Delete.has_value();
    if (actions == 0)
      throw invalid_parameters(
          "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
          "GlobalSecondaryIndexUpdate.Delete must not be null");
    if (actions > 1)
      throw invalid_parameters(
          "Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate object");
    if (!seen.insert(index_of(u)).second)
      throw invalid_parameters(
          fmt::format("Only one global secondary index update per index is allowed simultaneously. Index: {}",
                      index_of(u)));
    structural_changes += structural(u);
  }
  if (structural_changes > 1)
    throw AwsError{
        "LimitExceededException",
        "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table"};
}
}  // namespace

std::string_view index_of(const IndexUpdate& u) {
  if (u.Delete) return u.Delete->IndexName;
  const auto& named = u.Create ? u.Create : u.Update;
  return named->IndexName ? std::string_view(*named->IndexName) : std::string_view{};
}

void check_update(const UpdateTableInput& in, const Scope& scope) {
  constrain(in);
  check_combination(in);
  if (in.GlobalSecondaryIndexUpdates) check_index_updates(*in.GlobalSecondaryIndexUpdates);
  if (in.ReplicaUpdates) check_replica_updates(*in.ReplicaUpdates, scope);
  if (in.SSESpecification) check_encryption(*in.SSESpecification);
}
}  // namespace emu::dynamodb
