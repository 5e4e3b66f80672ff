// IamRoleLambdaExecution (spec-iac 3): what functions may do, unless every one of them brings its own role.
#include <fmt/format.h>

#include <algorithm>

#include "emulator/deploy/serverless/service.hpp"

namespace emu::deploy::serverless {
namespace {
constexpr Key kIam[] = {{"role"}, {"deploymentRole", Support::no_effect, "deploying needs no role"}};
constexpr Key kRole[] = {{"name"},
                         {"path"},
                         {"statements"},
                         {"managedPolicies"},
                         {"tags"},
                         {"permissionsBoundary"},
                         {"permissionBoundary"}};

Json log_arn(std::string_view group_pattern) {
  return {{"Fn::Sub",
           fmt::format(
               "arn:${{AWS::Partition}}:logs:${{AWS::Region}}:${{AWS::AccountId}}:log-group:/aws/lambda/{}",
               group_pattern)}};
}

// What every function needs to write its log. Functions with a name of their own are listed one by one.
Json log_statements(const Service& service) {
  Json create = Json::array(), put = Json::array(), denied = Json::array();
  const std::string canonical = service.name + "-" + service.stage;
  bool any_canonical = false;
  for (const auto& function : service.functions) {
    const Node* off = function.node.find("disableLogs");
    const bool logs = !off || !off->is_true();
    if (function.name.starts_with(canonical)) {
      any_canonical |= logs;
      if (!logs) denied.push_back(log_arn(function.name + ":*"));
    } else if (logs) {
      create.push_back(log_arn(function.name + ":*"));
      put.push_back(log_arn(function.name + ":*:*"));
    }
  }
  if (any_canonical) {
    create.push_back(log_arn(canonical + "*:*"));
    put.push_back(log_arn(canonical + "*:*:*"));
  }
  Json out = Json::array();
  out.push_back({{"Effect", "Allow"},
                 {"Action", {"logs:CreateLogStream", "logs:CreateLogGroup", "logs:TagResource"}},
                 {"Resource", create}});
  out.push_back({{"Effect", "Allow"}, {"Action", Json::array({"logs:PutLogEvents"})}, {"Resource", put}});
  if (any_canonical && !denied.empty())
    out.push_back({{"Effect", "Deny"}, {"Action", "logs:PutLogEvents"}, {"Resource", denied}});
  return out;
}

// A list in the provider's old or new spelling, appended to `to`.
void append(Service& service, Node& to, const Node* list, std::string_view path) {
  if (!list || list->is_null()) return;
  if (!list->is_list())
    return service.report.refuse(list->place, fmt::format("{} must be a list, not {}", path, list->what()));
  for (const auto& item : list->items) to.push(item);
}

Node* statements_of(Service& service) {
  Node* role = service.resources.find("IamRoleLambdaExecution");
  if (!role) return nullptr;
  Node& policy = role->find("Properties")->find("Policies")->items[0];
  return policy.find("PolicyDocument")->find("Statement");
}
}  // namespace

const Node* custom_role(const Service& service, const Function& function) {
  const auto given = [](const Node* role) { return role && (role->is_string() || is_intrinsic(*role)); };
  for (const Node* role : std::initializer_list<const Node*>{
           function.node.find("role"), service.provider.at({"iam", "role"}), service.provider.find("role")})
    if (given(role)) return role;
  return nullptr;
}

void allow(Service& service, const Json& statement, const Place& from) {
  Node* statements = statements_of(service);
  if (!statements ||
      std::ranges::any_of(statements->items, [&](const Node& s) { return s.json() == statement; }))
    return;
  statements->push(Node(statement, from));
}

Json tags_list(const Node& tags) {
  Json out = Json::array();
  for (const auto& [key, value] : tags.members) out.push_back({{"Key", key}, {"Value", value.as_text()}});
  return out;
}

void compile_role(Service& service) {
  static const Node kNone = Node::map();
  const Node* iam_node = service.provider.find("iam");
  const Section iam(iam_node ? *iam_node : kNone, "provider.iam", kIam, service.report);
  const Node* role_node = iam.find("role");
  const bool existing = role_node && (role_node->is_string() || is_intrinsic(*role_node));
  const Section role(role_node && !existing ? *role_node : kNone, "provider.iam.role", kRole, service.report);
  if (service.functions.empty() ||
      std::ranges::all_of(service.functions, [&](const Function& f) { return custom_role(service, f); }))
    return;

  const Place from = role_node ? role_node->place : iam_node ? iam_node->place : service.provider.place;
  const Json trust = {
      {"Version", "2012-10-17"},
      {"Statement", Json::array({Json{{"Effect", "Allow"},
                                      {"Principal", {{"Service", Json::array({"lambda.amazonaws.com"})}}},
                                      {"Action", Json::array({"sts:AssumeRole"})}}})}};
  const Json policy = {
      {"PolicyName", join("-", {service.name, service.stage, "lambda"})},
      {"PolicyDocument", {{"Version", "2012-10-17"}, {"Statement", log_statements(service)}}}};
  Node& properties =
      *service
           .add("IamRoleLambdaExecution", "AWS::IAM::Role",
                {{"AssumeRolePolicyDocument", trust},
                 {"Policies", Json::array({policy})},
                 {"Path", "/"},
                 {"RoleName", join("-", {service.name, service.stage, ref_to("AWS::Region"), "lambdaRole"})}},
                from)
           .find("Properties");
  if (const Node* path = role.text("path")) properties.set("Path", *path);
  if (const Node* name = role.value("name")) properties.set("RoleName", *name);
  if (const Node* tags = role.map("tags")) properties.set("Tags", Node(tags_list(*tags), tags->place));
  for (const Node* boundary : std::initializer_list<const Node*>{
           service.provider.find("rolePermissionsBoundary"), role.value("permissionBoundary"),
           role.value("permissionsBoundary")})
    if (boundary) properties.set("PermissionsBoundary", *boundary);

  const bool modern = role.find("statements");
  append(service, *statements_of(service),
         modern ? role.find("statements") : service.provider.find("iamRoleStatements"),
         modern ? "provider.iam.role.statements" : "provider.iamRoleStatements");
  Node managed = Node::list(from);
  append(service, managed,
         role.find("managedPolicies") ? role.find("managedPolicies")
                                      : service.provider.find("iamManagedPolicies"),
         "provider.iam.role.managedPolicies");
  const auto in_vpc = [](const Function& f) { return f.node.find("vpc") != nullptr; };
  if (service.provider.find("vpc") || std::ranges::any_of(service.functions, in_vpc))
    managed.push(Node(join("", {"arn:", ref_to("AWS::Partition"),
                                ":iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"}),
                      from));
  if (!managed.items.empty()) properties.set("ManagedPolicyArns", std::move(managed));
}
}  // namespace emu::deploy::serverless
