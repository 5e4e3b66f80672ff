// Operations on roles and their policies that the resource rows use too, and the checks they share.
#pragma once
#include "emulator/api/violations.hpp"
#include "emulator/services/iam/iam.hpp"

namespace emu::iam {
struct CreateRoleInput {
  std::string RoleName, AssumeRolePolicyDocument;
  std::optional<std::string> Path, Description;
  std::optional<int> MaxSessionDuration;
  std::optional<Json> PermissionsBoundary;
  std::optional<std::vector<Tag>> Tags;
};
BOOST_DESCRIBE_STRUCT(CreateRoleInput, (),
                      (RoleName, AssumeRolePolicyDocument, Path, Description, MaxSessionDuration,
                       PermissionsBoundary, Tags))
struct CreateRoleOutput {
  iam::Role Role;
};
BOOST_DESCRIBE_STRUCT(CreateRoleOutput, (), (Role))
struct RoleInput {
  std::string RoleName;
};
BOOST_DESCRIBE_STRUCT(RoleInput, (), (RoleName))
struct RolePolicy {
  std::string RoleName, PolicyName, PolicyDocument;
};
BOOST_DESCRIBE_STRUCT(RolePolicy, (), (RoleName, PolicyName, PolicyDocument))
struct RolePolicyInput {
  std::string RoleName, PolicyName;
};
BOOST_DESCRIBE_STRUCT(RolePolicyInput, (), (RoleName, PolicyName))
struct AttachmentInput {
  std::string RoleName, PolicyArn;
};
BOOST_DESCRIBE_STRUCT(AttachmentInput, (), (RoleName, PolicyArn))
struct ListOfRoleInput {
  std::string RoleName;
  std::optional<std::string> Marker;
  std::optional<int> MaxItems;
};
BOOST_DESCRIBE_STRUCT(ListOfRoleInput, (), (RoleName, Marker, MaxItems))

Result<CreateRoleOutput> create_role(Iam& iam, Context& context, CreateRoleInput in);
Result<Empty> delete_role(Iam& iam, Context& context, RoleInput in);
Result<Empty> put_role_policy(Iam& iam, Context& context, RolePolicy in);
Result<Empty> delete_role_policy(Iam& iam, Context& context, RolePolicyInput in);
Result<Empty> attach_role_policy(Iam& iam, Context& context, AttachmentInput in);

AwsError no_such_entity(std::string message);
AwsError limit_exceeded(std::string message);
// Throws ValidationError. `member` as AWS names it in such texts: "roleName".
void check_name(std::string_view name, std::string_view member, std::size_t longest);
// Throws MalformedPolicyDocument. Returns the size that counts against quotas: without white space.
std::size_t check_policy(const std::string& document);

void check_trust(const std::string& document);
void check_session(int seconds);
// Everything of a change that could be refused is checked before; these act on a role in hand.
Result<Empty> put_policy(KeptRole& kept, const std::string& name, const std::string& document);
Result<Empty> attach(KeptRole& kept, const std::string& arn);

// One page of `all`: begins after the marker, holds at most max_items (100 by default).
template <class T>
struct Cut {
  std::vector<T> items;
  bool truncated = false;
  std::optional<std::string> marker;
};
template <class T, class NameOf>
Cut<T> cut(const std::vector<T>& all, const std::optional<std::string>& marker,
           const std::optional<int>& max_items, NameOf name_of) {
  const int most = max_items.value_or(100);
  if (most < 1)
    throw violated(std::to_string(most), "maxItems", "Member must have value greater than or equal to 1");
  if (most > 1000)
    throw violated(std::to_string(most), "maxItems", "Member must have value less than or equal to 1000");
  Cut<T> out;
  for (const auto& item : all) {  // sorted by name
    if (marker && name_of(item) <= *marker) continue;
    if (out.items.size() == static_cast<std::size_t>(most)) {
      out.truncated = true;
      out.marker = name_of(out.items.back());
      break;
    }
    out.items.push_back(item);
  }
  return out;
}

std::span<const Operation> role_operations();
std::span<const Operation> role_policy_operations();
std::span<const ResourceType> resource_rows();
}  // namespace emu::iam
