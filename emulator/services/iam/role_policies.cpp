#include <fmt/format.h>

#include <algorithm>

#include "emulator/http/message.hpp"
#include "emulator/services/iam/roles.hpp"

namespace emu::iam {
namespace {
struct ListRolePoliciesOutput {
  std::vector<std::string> PolicyNames;
  bool IsTruncated = false;
  std::optional<std::string> Marker;
};
BOOST_DESCRIBE_STRUCT(ListRolePoliciesOutput, (), (PolicyNames, IsTruncated, Marker))
struct AttachedPolicy {
  std::string PolicyName, PolicyArn;
};
BOOST_DESCRIBE_STRUCT(AttachedPolicy, (), (PolicyName, PolicyArn))
struct ListAttachedInput {
  std::string RoleName;
  std::optional<std::string> PathPrefix, Marker;
  std::optional<int> MaxItems;
};
BOOST_DESCRIBE_STRUCT(ListAttachedInput, (), (RoleName, PathPrefix, Marker, MaxItems))
struct ListAttachedOutput {
  std::vector<AttachedPolicy> AttachedPolicies;
  bool IsTruncated = false;
  std::optional<std::string> Marker;
};
BOOST_DESCRIBE_STRUCT(ListAttachedOutput, (), (AttachedPolicies, IsTruncated, Marker))

AwsError no_such_policy(std::string_view name) {
  return no_such_entity(fmt::format("The role policy with name {} cannot be found.", name));
}

Result<RolePolicy> get_role_policy(Iam& iam, Context& context, RolePolicyInput in) {
  return iam.with(context.scope, [&](const Iam::Roles& roles) -> Result<RolePolicy> {
    const auto role = roles.find(in.RoleName);
    if (role == roles.end()) return no_such_role(in.RoleName);
    const auto policy = role->second.policies.find(in.PolicyName);
    if (policy == role->second.policies.end()) return no_such_policy(in.PolicyName);
    return RolePolicy{in.RoleName, in.PolicyName, http::percent_encode(policy->second)};
  });
}

Result<ListRolePoliciesOutput> list_role_policies(Iam& iam, Context& context, ListOfRoleInput in) {
  return iam.with(context.scope, [&](const Iam::Roles& roles) -> Result<ListRolePoliciesOutput> {
    const auto role = roles.find(in.RoleName);
    if (role == roles.end()) return no_such_role(in.RoleName);
    std::vector<std::string> names;
    for (const auto& [name, document] : role->second.policies) names.push_back(name);
    auto part = cut(names, in.Marker, in.MaxItems, [](const std::string& name) { return name; });
    return ListRolePoliciesOutput{std::move(part.items), part.truncated, std::move(part.marker)};
  });
}

Result<Empty> detach_role_policy(Iam& iam, Context& context, AttachmentInput in) {
  return change_role(iam, context, in.RoleName, [&](KeptRole& kept) -> Result<Empty> {
    if (std::erase(kept.attached, in.PolicyArn) == 0)
      return no_such_entity(fmt::format("Policy {} was not found.", in.PolicyArn));
    return Empty{};
  });
}

// "arn:aws:iam::aws:policy/service-role/Name": its path and name.
std::pair<std::string, std::string> path_and_name(const std::string& arn) {
  const auto from = arn.find(":policy") + 7, slash = arn.rfind('/') + 1;
  return {arn.substr(from, slash - from), arn.substr(slash)};
}

Result<ListAttachedOutput> list_attached(Iam& iam, Context& context, ListAttachedInput in) {
  return iam.with(context.scope, [&](const Iam::Roles& roles) -> Result<ListAttachedOutput> {
    const auto role = roles.find(in.RoleName);
    if (role == roles.end()) return no_such_role(in.RoleName);
    std::vector<AttachedPolicy> all;
    for (const auto& arn : role->second.attached) {
      const auto [path, name] = path_and_name(arn);
      if (path.starts_with(in.PathPrefix.value_or("/"))) all.push_back({name, arn});
    }
    std::ranges::sort(all, {}, &AttachedPolicy::PolicyArn);
    auto part = cut(all, in.Marker, in.MaxItems, [](const AttachedPolicy& p) { return p.PolicyArn; });
    return ListAttachedOutput{std::move(part.items), part.truncated, std::move(part.marker)};
  });
}

constexpr Operation kRows[] = {
    op<put_role_policy>("PutRolePolicy"),          op<get_role_policy>("GetRolePolicy"),
    op<delete_role_policy>("DeleteRolePolicy"),    op<list_role_policies>("ListRolePolicies"),
    op<attach_role_policy>("AttachRolePolicy"),    op<detach_role_policy>("DetachRolePolicy"),
    op<list_attached>("ListAttachedRolePolicies"),
};
}  // namespace

std::span<const Operation> role_policy_operations() { return kRows; }

Result<Empty> put_policy(KeptRole& kept, const std::string& name, const std::string& document) {
  check_name(name, "policyName", 128);
  std::size_t total = check_policy(document);
  for (const auto& [other, text] : kept.policies)
    if (other != name) total += check_policy(text);
  if (total > 10240)
    return limit_exceeded(
        fmt::format("Maximum policy size of 10240 bytes exceeded for role {}", kept.role.RoleName));
  kept.policies[name] = document;
  return Empty{};
}

// Any AWS-managed policy exists; there are no policies of customers here yet.
Result<Empty> attach(KeptRole& kept, const std::string& arn) {
  static constexpr std::string_view kManaged = ":iam::aws:policy/";
  if (!arn.starts_with("arn:")) throw AwsError::validation("Invalid ARN:  Could not be parsed!");
  const auto at = arn.find(kManaged);
  if (at == std::string::npos || at + kManaged.size() == arn.size() || arn.ends_with('/'))
    return no_such_entity(fmt::format("Policy {} does not exist or is not attachable.", arn));
  if (std::ranges::find(kept.attached, arn) != kept.attached.end()) return Empty{};
  if (kept.attached.size() >= 10) return limit_exceeded("Cannot exceed quota for PoliciesPerRole: 10");
  kept.attached.push_back(arn);
  return Empty{};
}

Result<Empty> put_role_policy(Iam& iam, Context& context, RolePolicy in) {
  return change_role(iam, context, in.RoleName,
                     [&](KeptRole& kept) { return put_policy(kept, in.PolicyName, in.PolicyDocument); });
}

Result<Empty> delete_role_policy(Iam& iam, Context& context, RolePolicyInput in) {
  return change_role(iam, context, in.RoleName, [&](KeptRole& kept) -> Result<Empty> {
    if (kept.policies.erase(in.PolicyName) == 0) return no_such_policy(in.PolicyName);
    return Empty{};
  });
}

Result<Empty> attach_role_policy(Iam& iam, Context& context, AttachmentInput in) {
  return change_role(iam, context, in.RoleName, [&](KeptRole& kept) { return attach(kept, in.PolicyArn); });
}
}  // namespace emu::iam
