// AWS::IAM::Role and AWS::IAM::Policy (an inline policy of several roles), through the operations.
#include "emulator/services/iam/roles.hpp"

namespace emu::iam {
namespace {
Iam& self(Service& service) { return static_cast<Iam&>(service); }

std::string document(const Json& policy) {
  return policy.is_string() ? policy.get<std::string>() : policy.dump();
}

// What a role resource says besides its name.
struct Wanted {
  CreateRoleInput role;
  std::map<std::string, std::string> policies;
  std::vector<std::string> managed;
};
Wanted wanted(const ResourceRequest& request) {
  Json properties = request.properties;
  Wanted out;
  for (const auto& policy : properties.value("Policies", Json::array()))
    out.policies[policy.value("PolicyName", "")] = document(policy.value("PolicyDocument", Json::object()));
  for (const auto& arn : properties.value("ManagedPolicyArns", Json::array())) out.managed.push_back(arn);
  for (const auto* name : {"Policies", "ManagedPolicyArns"}) properties.erase(name);
  properties["RoleName"] = properties.value("RoleName", request.suggested_name.substr(0, 64));
  properties["AssumeRolePolicyDocument"] =
      document(properties.value("AssumeRolePolicyDocument", Json::object()));
  if (properties.contains("MaxSessionDuration"))
    wire::coerce<CreateRoleInput>(properties, "MaxSessionDuration");
  out.role = wire::decode(wire::Tag<CreateRoleInput>{}, properties, "");
  return out;
}

// The attributes remember the role's own inline policies: others may be put on it by other resources.
Resource resource_of(const Role& role, const Wanted& in) {
  Json own = Json::array();
  for (const auto& [name, text] : in.policies) own.push_back(name);
  return {role.RoleName, {{"Arn", role.Arn}, {"RoleId", role.RoleId}, {"Policies", std::move(own)}}};
}

Result<Empty> set_policies(KeptRole& kept, const Wanted& in) {
  kept.attached.clear();
  for (const auto& arn : in.managed)
    if (auto done = attach(kept, arn); !done) return done;
  for (const auto& [name, text] : in.policies)
    if (auto done = put_policy(kept, name, text); !done) return done;
  return Empty{};
}

awaitable<Result<Resource>> make_role(Service& service, Context& context, ResourceRequest request) {
  const auto in = wanted(request);
  KeptRole trial;  // refuses what cannot be kept before anything is
  if (auto done = set_policies(trial, in); !done) co_return std::move(done.error());
  auto made = create_role(self(service), context, in.role);
  if (!made) co_return std::move(made.error());
  auto done = change_role(self(service), context, in.role.RoleName,
                          [&](KeptRole& kept) { return set_policies(kept, in); });
  if (!done) co_return std::move(done.error());
  co_return resource_of(made->Role, in);
}

awaitable<Result<Resource>> update_role(Service& service, Context& context, Resource old,
                                        ResourceRequest request) {
  request.properties["RoleName"] = old.physical_id;
  const auto in = wanted(request);
  check_trust(in.role.AssumeRolePolicyDocument);
  if (in.role.MaxSessionDuration) check_session(*in.role.MaxSessionDuration);
  Role role;
  auto done = change_role(self(service), context, old.physical_id, [&](KeptRole& kept) {
    for (const auto& name : old.attributes.value("Policies", Json::array())) kept.policies.erase(name);
    kept.role.AssumeRolePolicyDocument = in.role.AssumeRolePolicyDocument;
    kept.role.Description = in.role.Description;
    kept.role.MaxSessionDuration = in.role.MaxSessionDuration.value_or(3600);
    kept.role.Tags = in.role.Tags;
    role = kept.role;
    return set_policies(kept, in);
  });
  if (!done) co_return std::move(done.error());
  co_return resource_of(role, in);
}

awaitable<Result<Done>> drop_role(Service& service, Context& context, Resource old) {
  auto emptied = change_role(self(service), context, old.physical_id, [](KeptRole& kept) -> Result<Empty> {
    kept.attached.clear();
    kept.policies.clear();
    return Empty{};
  });
  if (!emptied) co_return std::move(emptied.error());
  auto gone = delete_role(self(service), context, {old.physical_id});
  if (!gone) co_return std::move(gone.error());
  co_return Done{};
}

std::vector<std::string> roles_of(const Json& properties) {
  std::vector<std::string> out;
  for (const auto& name : properties.value("Roles", Json::array())) out.push_back(name);
  return out;
}

Result<Empty> put_on_roles(Iam& iam, Context& context, const Json& properties) {
  const auto name = properties.value("PolicyName", "");
  const auto text = document(properties.value("PolicyDocument", Json::object()));
  for (const auto& role : roles_of(properties))
    if (auto done = put_role_policy(iam, context, {role, name, text}); !done) return done;
  return Empty{};
}

// The attributes remember the roles, so that the policy can be taken off them again.
awaitable<Result<Resource>> make_policy(Service& service, Context& context, ResourceRequest request) {
  auto done = put_on_roles(self(service), context, request.properties);
  if (!done) co_return std::move(done.error());
  const auto name = request.properties.value("PolicyName", "");
  co_return Resource{name, {{"Id", name}, {"Roles", roles_of(request.properties)}}};
}

awaitable<Result<Done>> drop_policy(Service& service, Context& context, Resource old) {
  for (const auto& role : roles_of(old.attributes)) {
    auto gone = delete_role_policy(self(service), context, {role, old.physical_id});
    // A role deleted before took its policies along.
    if (!gone && gone.error().code != "NoSuchEntity") co_return std::move(gone.error());
  }
  co_return Done{};
}

awaitable<Result<Resource>> update_policy(Service& service, Context& context, Resource old,
                                          ResourceRequest request) {
  auto gone = co_await drop_policy(service, context, old);
  if (!gone) co_return std::move(gone.error());
  co_return co_await make_policy(service, context, std::move(request));
}

constexpr std::string_view kRole[] = {"AssumeRolePolicyDocument",
                                      "Description",
                                      "ManagedPolicyArns",
                                      "MaxSessionDuration",
                                      "Path",
                                      "Policies",
                                      "RoleName",
                                      "Tags"};
constexpr std::string_view kRoleIgnored[] = {"PermissionsBoundary"};
constexpr std::string_view kRoleFixed[] = {"Path", "RoleName"};
constexpr std::string_view kPolicy[] = {"PolicyDocument", "PolicyName", "Roles"};
constexpr std::string_view kPolicyFixed[] = {"PolicyName"};
constexpr ResourceType kTypes[] = {
    {"AWS::IAM::Role", kRole, kRoleIgnored, kRoleFixed, make_role, update_role, drop_role},
    {"AWS::IAM::Policy", kPolicy, {}, kPolicyFixed, make_policy, update_policy, drop_policy},
};
}  // namespace

std::span<const ResourceType> resource_rows() { return kTypes; }
}  // namespace emu::iam
