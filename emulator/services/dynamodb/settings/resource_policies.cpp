// PutResourcePolicy, GetResourcePolicy, DeleteResourcePolicy (C13).
#include "emulator/services/dynamodb/settings/resource_policies.hpp"

#include "emulator/base/bounded_json.hpp"
#include "emulator/services/dynamodb/constraints.hpp"
#include "emulator/services/dynamodb/rows.hpp"
#include "emulator/services/dynamodb/schema_edit.hpp"

namespace emu::dynamodb {
namespace {
constexpr std::size_t kMaxPolicy = 20'480;  // bytes, PutResourcePolicy
constexpr std::string_view kNoPolicy = "NO_POLICY";

struct PutInput {
  std::optional<std::string> ResourceArn, Policy, ExpectedRevisionId;
  std::optional<bool> ConfirmRemoveSelfResourceAccess;
};
BOOST_DESCRIBE_STRUCT(PutInput, (),
                      (ResourceArn, Policy, ExpectedRevisionId, ConfirmRemoveSelfResourceAccess))
struct GetInput {
  std::optional<std::string> ResourceArn;
};
BOOST_DESCRIBE_STRUCT(GetInput, (), (ResourceArn))
struct GetOutput {
  std::string Policy, RevisionId;
};
BOOST_DESCRIBE_STRUCT(GetOutput, (), (Policy, RevisionId))
struct DeleteInput {
  std::optional<std::string> ResourceArn, ExpectedRevisionId;
};
BOOST_DESCRIBE_STRUCT(DeleteInput, (), (ResourceArn, ExpectedRevisionId))
struct RevisionOutput {
  std::optional<std::string> RevisionId;
};
BOOST_DESCRIBE_STRUCT(RevisionOutput, (), (RevisionId))

AwsError no_policy(std::string_view what) {
  return {"PolicyNotFoundException",
          fmt::format("Resource-based policy not found for the provided ResourceArn: {}", what)};
}

// The table that a table's or stream's ARN is about.
Result<Table> resource(DynamoDb& service, Context& context, const std::optional<std::string>& arn) {
  Constraints constraints;
  constraints.present(arn.has_value(), "resourceArn");
  constraints.finish();
  if (!arn->starts_with("arn:"))
    throw invalid_parameters(fmt::format("ARNs must start with 'arn:': {}", *arn));
  if (!arn->contains(":dynamodb:") || !arn->contains(":table/"))
    throw invalid_parameters(fmt::format("Provided Arn is not a DynamoDB resource arn: {}", *arn));
  if (arn->contains("/index/"))
    throw invalid_parameters(fmt::format(
        "Invalid resource arn provided, only table or stream is accepted. Provided resource arn: {}", *arn));
  auto table = service.table(context.scope, *arn);
  if (!table) return table;
  const auto& schema = *table->schema;
  const auto label = schema.record.LatestStreamLabel;
  if (*arn != schema.arn && (!label || *arn != schema.arn + "/stream/" + *label))
    return AwsError::not_found(fmt::format("Requested resource not found: Stream: {} not found", *arn));
  return table;
}

PolicyRecord* find(TableRecord& record, const std::string& arn) {
  if (!record.ResourcePolicies) return nullptr;
  const auto it = record.ResourcePolicies->find(arn);
  return it == record.ResourcePolicies->end() ? nullptr : &it->second;
}

Result<Done> check_revision(const std::optional<std::string>& expected, const PolicyRecord* current,
                            std::string_view arn, std::string_view table) {
  if (!expected) return Done{};
  if (!current) {
    if (*expected == kNoPolicy) return Done{};
    return no_policy(arn);
  }
  if (*expected == current->RevisionId) return Done{};
  return no_policy(fmt::format(
      "Requested update for policy with revision id {}, but the policy associated to target table {} "
      "has revision id {}.",
      *expected, table, current->RevisionId));
}

Result<RevisionOutput> put_policy(DynamoDb& service, Context& context, PutInput in) {
  Constraints constraints;
  constraints.present(in.ResourceArn.has_value(), "resourceArn");
  constraints.present(in.Policy.has_value(), "policy");
  constraints.finish();
  const auto table = resource(service, context, in.ResourceArn);
  if (!table) return table.error();
  check_policy(*in.Policy);
  RevisionOutput out;
  const auto edited = edit_record(service, *table, [&](TableRecord& record) -> Result<Done> {
    if (auto fits = check_revision(in.ExpectedRevisionId, find(record, *in.ResourceArn), *in.ResourceArn,
                                   table->schema->name);
        !fits)
      return fits;
    out.RevisionId = attach_policy(service, record, *in.ResourceArn, *in.Policy);
    return Done{};
  });
  if (!edited) return edited.error();
  return out;
}

Result<GetOutput> get_policy(DynamoDb& service, Context& context, GetInput in) {
  const auto table = resource(service, context, in.ResourceArn);
  if (!table) return table.error();
  auto record = table->schema->record;
  const auto* policy = find(record, *in.ResourceArn);
  if (!policy) return no_policy(*in.ResourceArn);
  return GetOutput{policy->Policy, policy->RevisionId};
}

Result<RevisionOutput> delete_policy(DynamoDb& service, Context& context, DeleteInput in) {
  const auto table = resource(service, context, in.ResourceArn);
  if (!table) return table.error();
  RevisionOutput out;
  const auto edited = edit_record(service, *table, [&](TableRecord& record) -> Result<Done> {
    const auto* current = find(record, *in.ResourceArn);
    if (auto fits = check_revision(in.ExpectedRevisionId, current, *in.ResourceArn, table->schema->name);
        !fits)
      return fits;
    if (!current) return Done{};
    out.RevisionId = current->RevisionId;
    record.ResourcePolicies->erase(*in.ResourceArn);
    return Done{};
  });
  if (!edited) return edited.error();
  return out;
}

constexpr std::string_view kWithoutEffect[] = {"Policy", "ConfirmRemoveSelfResourceAccess"};
constexpr Operation kPolicies[] = {
    op<put_policy>("PutResourcePolicy").ignoring(kWithoutEffect),
    op<get_policy>("GetResourcePolicy"),
    op<delete_policy>("DeleteResourcePolicy"),
};
}  // namespace

void check_policy(std::string_view policy) {
  if (policy.size() > kMaxPolicy)
    throw invalid_parameters(fmt::format("Maximum policy size of {} bytes exceeded", kMaxPolicy));
  const auto document = bounded_parse(policy);
  if (!document.is_object())
    throw invalid_parameters("Invalid policy document: This policy contains invalid Json");
  if (!document.contains("Statement") || document["Statement"].empty())
    throw invalid_parameters("Invalid policy document: Could not parse the policy: Statement is empty!");
}

std::string attach_policy(DynamoDb& service, TableRecord& record, const std::string& arn,
                          std::string_view policy) {
  auto* held = find(record, arn);
  if (held && held->Policy == policy) return held->RevisionId;
  if (!held) {
    auto& all = record.ResourcePolicies ? *record.ResourcePolicies : record.ResourcePolicies.emplace();
    held = &all[arn];
  }
  *held = {std::string(policy), std::to_string(service.change_time() / 1000)};
  return held->RevisionId;
}

std::span<const Operation> policy_operations() { return kPolicies; }
}  // namespace emu::dynamodb
