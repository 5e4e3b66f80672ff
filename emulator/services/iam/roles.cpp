#include "emulator/services/iam/roles.hpp"

#include <fmt/format.h>

#include "emulator/base/text.hpp"
#include "emulator/http/message.hpp"

namespace emu::iam {
namespace {
struct ListRolesInput {
  std::optional<std::string> PathPrefix, Marker;
  std::optional<int> MaxItems;
};
BOOST_DESCRIBE_STRUCT(ListRolesInput, (), (PathPrefix, Marker, MaxItems))
struct ListRolesOutput {
  std::vector<Role> Roles;
  bool IsTruncated = false;
  std::optional<std::string> Marker;
};
BOOST_DESCRIBE_STRUCT(ListRolesOutput, (), (Roles, IsTruncated, Marker))
struct UpdateRoleInput {
  std::string RoleName;
  std::optional<std::string> Description;
  std::optional<int> MaxSessionDuration;
};
BOOST_DESCRIBE_STRUCT(UpdateRoleInput, (), (RoleName, Description, MaxSessionDuration))
struct UpdateTrustInput {
  std::string RoleName, PolicyDocument;
};
BOOST_DESCRIBE_STRUCT(UpdateTrustInput, (), (RoleName, PolicyDocument))
struct TagRoleInput {
  std::string RoleName;
  std::vector<Tag> Tags;
};
BOOST_DESCRIBE_STRUCT(TagRoleInput, (), (RoleName, Tags))
struct UntagRoleInput {
  std::string RoleName;
  std::vector<std::string> TagKeys;
};
BOOST_DESCRIBE_STRUCT(UntagRoleInput, (), (RoleName, TagKeys))
struct ListRoleTagsOutput {
  std::vector<Tag> Tags;
  bool IsTruncated = false;
  std::optional<std::string> Marker;
};
BOOST_DESCRIBE_STRUCT(ListRoleTagsOutput, (), (Tags, IsTruncated, Marker))

// Policy documents are URL-encoded in replies (spec-events 12.1).
Role shown(Role role) {
  role.AssumeRolePolicyDocument = http::percent_encode(role.AssumeRolePolicyDocument);
  return role;
}

void check_path(const std::string& path) {
  if (path.size() > 512 || !path.starts_with('/') || !path.ends_with('/'))
    throw violated(
        path, "path",
        "Member must satisfy regular expression pattern: (\\u002F)|(\\u002F[\\u0021-\\u007F]+\\u002F)");
}

// The later of two tags of one key stays; keys compare without case.
void put_tags(std::vector<Tag>& into, const std::vector<Tag>& tags) {
  for (const auto& tag : tags) {
    std::erase_if(into, [&](const Tag& known) { return same_text(known.Key, tag.Key); });
    into.push_back(tag);
  }
  if (into.size() > 50) throw limit_exceeded("The number of tags has reached the maximum limit.");
}

Result<CreateRoleOutput> get_role(Iam& iam, Context& context, RoleInput in) {
  return iam.with(context.scope, [&](const Iam::Roles& roles) -> Result<CreateRoleOutput> {
    const auto it = roles.find(in.RoleName);
    if (it == roles.end()) return no_such_role(in.RoleName);
    return CreateRoleOutput{shown(it->second.role)};
  });
}

Result<ListRolesOutput> list_roles(Iam& iam, Context& context, ListRolesInput in) {
  return iam.with(context.scope, [&](const Iam::Roles& roles) -> Result<ListRolesOutput> {
    std::vector<Role> all;
    for (const auto& [name, kept] : roles) {
      if (!kept.role.Path.starts_with(in.PathPrefix.value_or("/"))) continue;
      all.push_back(shown(kept.role));
      all.back().Tags.reset();  // lists leave them out, as the API reference says
    }
    auto part = cut(all, in.Marker, in.MaxItems, [](const Role& role) { return role.RoleName; });
    return ListRolesOutput{std::move(part.items), part.truncated, std::move(part.marker)};
  });
}

Result<Empty> update_role(Iam& iam, Context& context, UpdateRoleInput in) {
  if (in.MaxSessionDuration) check_session(*in.MaxSessionDuration);
  return change_role(iam, context, in.RoleName, [&](KeptRole& kept) -> Result<Empty> {
    if (in.Description) kept.role.Description = in.Description;
    if (in.MaxSessionDuration) kept.role.MaxSessionDuration = *in.MaxSessionDuration;
    return Empty{};
  });
}

Result<Empty> update_assume_role_policy(Iam& iam, Context& context, UpdateTrustInput in) {
  check_trust(in.PolicyDocument);
  return change_role(iam, context, in.RoleName, [&](KeptRole& kept) -> Result<Empty> {
    kept.role.AssumeRolePolicyDocument = in.PolicyDocument;
    return Empty{};
  });
}

Result<Empty> tag_role(Iam& iam, Context& context, TagRoleInput in) {
  return change_role(iam, context, in.RoleName, [&](KeptRole& kept) -> Result<Empty> {
    auto tags = kept.role.Tags.value_or(std::vector<Tag>{});
    put_tags(tags, in.Tags);
    kept.role.Tags = std::move(tags);
    return Empty{};
  });
}

Result<Empty> untag_role(Iam& iam, Context& context, UntagRoleInput in) {
  return change_role(iam, context, in.RoleName, [&](KeptRole& kept) -> Result<Empty> {
    auto tags = kept.role.Tags.value_or(std::vector<Tag>{});
    for (const auto& key : in.TagKeys)
      std::erase_if(tags, [&](const Tag& tag) { return same_text(tag.Key, key); });
    kept.role.Tags.reset();
    if (!tags.empty()) kept.role.Tags = std::move(tags);
    return Empty{};
  });
}

Result<ListRoleTagsOutput> list_role_tags(Iam& iam, Context& context, ListOfRoleInput in) {
  return iam.with(context.scope, [&](const Iam::Roles& roles) -> Result<ListRoleTagsOutput> {
    const auto it = roles.find(in.RoleName);
    if (it == roles.end()) return no_such_role(in.RoleName);
    auto tags = it->second.role.Tags.value_or(std::vector<Tag>{});
    std::ranges::sort(tags, {}, &Tag::Key);
    auto part = cut(tags, in.Marker, in.MaxItems, [](const Tag& tag) { return tag.Key; });
    return ListRoleTagsOutput{std::move(part.items), part.truncated, std::move(part.marker)};
  });
}

constexpr std::string_view kCreateIgnored[] = {"PermissionsBoundary"};
constexpr Operation kRows[] = {
    op<create_role>("CreateRole").ignoring(kCreateIgnored),
    op<get_role>("GetRole"),
    op<delete_role>("DeleteRole"),
    op<list_roles>("ListRoles"),
    op<update_role>("UpdateRole"),
    op<update_assume_role_policy>("UpdateAssumeRolePolicy"),
    op<tag_role>("TagRole"),
    op<untag_role>("UntagRole"),
    op<list_role_tags>("ListRoleTags"),
};
}  // namespace

std::span<const Operation> role_operations() { return kRows; }

void check_trust(const std::string& document) {
  if (check_policy(document) > 2048) throw limit_exceeded("Cannot exceed quota for ACLSizePerRole: 2048");
}

void check_session(int seconds) {
  const auto text = std::to_string(seconds);
  if (seconds < 3600)
    throw violated(text, "maxSessionDuration", "Member must have value greater than or equal to 3600");
  if (seconds > 43200)
    throw violated(text, "maxSessionDuration", "Member must have value less than or equal to 43200");
}

Result<CreateRoleOutput> create_role(Iam& iam, Context& context, CreateRoleInput in) {
  check_name(in.RoleName, "roleName", 64);
  const auto path = in.Path.value_or("/");
  check_path(path);
  if (in.MaxSessionDuration) check_session(*in.MaxSessionDuration);
  check_trust(in.AssumeRolePolicyDocument);
  std::vector<Tag> tags;
  put_tags(tags, in.Tags.value_or(std::vector<Tag>{}));
  return iam.with(context.scope, [&](Iam::Roles& roles) -> Result<CreateRoleOutput> {
    // Names are unique without regard to case.
    for (const auto& [name, kept] : roles)
      if (same_text(name, in.RoleName))
        return AwsError{"EntityAlreadyExists", fmt::format("Role with name {} already exists.", in.RoleName),
                        409};
    KeptRole kept;
    kept.role = {.Path = path,
                 .RoleName = in.RoleName,
                 .RoleId = "AROA" + iam.ids.text(17, Ids::kUpperAlnum),
                 .Arn = fmt::format("arn:aws:iam::{}:role{}{}", context.scope.account, path, in.RoleName),
                 .CreateDate = iso8601(iam.clock.now()),
                 .AssumeRolePolicyDocument = in.AssumeRolePolicyDocument,
                 .Description = in.Description,
                 .MaxSessionDuration = in.MaxSessionDuration.value_or(3600)};
    if (!tags.empty()) kept.role.Tags = tags;
    iam.save(context.scope, kept);
    CreateRoleOutput out{shown(kept.role)};
    roles.emplace(in.RoleName, std::move(kept));
    return out;
  });
}

Result<Empty> delete_role(Iam& iam, Context& context, RoleInput in) {
  return iam.with(context.scope, [&](Iam::Roles& roles) -> Result<Empty> {
    const auto it = roles.find(in.RoleName);
    if (it == roles.end()) return no_such_role(in.RoleName);
    if (!it->second.attached.empty())
      return AwsError{"DeleteConflict", "Cannot delete entity, must detach all policies first.", 409};
    if (!it->second.policies.empty())
      return AwsError{"DeleteConflict", "Cannot delete entity, must delete policies first.", 409};
    iam.forget(context.scope, in.RoleName);
    roles.erase(it);
    return Empty{};
  });
}
}  // namespace emu::iam
