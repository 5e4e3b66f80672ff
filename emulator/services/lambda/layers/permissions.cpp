// AddLayerVersionPermission, GetLayerVersionPolicy, RemoveLayerVersionPermission: which accounts may use a
// layer version.
#include <algorithm>

#include "emulator/services/lambda/layers/access.hpp"
#include "emulator/services/lambda/layers/operations.hpp"

namespace emu::lambda {
namespace {
constexpr std::string_view kAction = "lambda:GetLayerVersion";

bool is_account(std::string_view text) {
  return text.size() == 12 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// "*", or the account as a policy spells it; none: neither.
std::optional<Json> principal_of(std::string_view text) {
  if (text == "*") return Json("*");
  if (is_account(text)) return Json{{"AWS", fmt::format("arn:aws:iam::{}:root", text)}};
  const auto arn = Arn::parse(text);
  if (arn && arn->service == "iam" && is_account(arn->account) && arn->resource == "root")
    return Json{{"AWS", text}};
  return std::nullopt;
}

Json document(const Policy& policy) {
  return {{"Version", "2012-10-17"}, {"Id", "default"}, {"Statement", policy.statements}};
}

AwsError no_such_version(const LayerName& layer, std::int64_t number) {
  return not_found(fmt::format("Layer version {} does not exist.", layer_version_arn(layer, number)));
}
AwsError no_policy() { return not_found("No policy is associated with the given resource."); }

bool stale(const std::optional<std::string>& given, const std::optional<Policy>& policy) {
  return given && !given->empty() && (!policy || *given != policy->revision_id);
}
auto statement(Policy& policy, std::string_view id) {
  return std::ranges::find_if(policy.statements, [&](const Json& s) { return s["Sid"] == id; });
}
}  // namespace

Result<AddLayerPermissionOutput> add_layer_permission(Lambda& lambda, Context& context,
                                                      AddLayerPermissionInput in) {
  const auto layer = parse_layer_name(context.scope, in.LayerName);
  const auto arn = layer_version_arn(layer, in.VersionNumber);
  if (auto error = unless_owner(context.scope, layer, "AddLayerVersionPermission", arn))
    return std::move(*error);
  const auto principal = principal_of(in.Principal);
  Violations out;
  if (in.Action != kAction) out.pattern(in.Action, "action", kAction);
  if (!principal) out.pattern(in.Principal, "principal", R"(\d{12}|\*|arn:(aws[a-zA-Z-]*):iam::\d{12}:root)");
  out.raise();
  Json added{{"Sid", in.StatementId},
             {"Effect", "Allow"},
             {"Principal", *principal},
             {"Action", in.Action},
             {"Resource", arn}};
  if (in.OrganizationId) added["Condition"]["StringEquals"]["aws:PrincipalOrgID"] = *in.OrganizationId;
  const auto revision = lambda.ids.uuid();
  auto error = lambda.layers.change(layer.scope, layer.name, [&](Layer& copy) -> std::optional<AwsError> {
    auto* version = copy.find(in.VersionNumber);
    if (!version) return no_such_version(layer, in.VersionNumber);
    if (stale(in.RevisionId, version->policy)) return stale_revision("GetLayerPolicy");
    auto policy = version->policy.value_or(Policy{});
    if (statement(policy, in.StatementId) != policy.statements.end())
      return conflict(
          fmt::format("The statement id ({}) provided already exists. Please provide a new statement id, or "
                      "remove the existing statement.",
                      in.StatementId));
    policy.statements.push_back(added);
    policy.revision_id = revision;
    version->policy = std::move(policy);
    return std::nullopt;
  });
  if (error) return std::move(*error);
  return AddLayerPermissionOutput{added.dump(), revision};
}

Result<Empty> remove_layer_permission(Lambda& lambda, Context& context, RemoveLayerPermissionInput in) {
  const auto layer = parse_layer_name(context.scope, in.LayerName);
  const auto arn = layer_version_arn(layer, in.VersionNumber);
  if (auto denied = unless_owner(context.scope, layer, "RemoveLayerVersionPermission", arn))
    return std::move(*denied);
  auto error = lambda.layers.change(layer.scope, layer.name, [&](Layer& copy) -> std::optional<AwsError> {
    auto* version = copy.find(in.VersionNumber);
    if (!version) return no_such_version(layer, in.VersionNumber);
    if (!version->policy) return no_policy();
    auto& policy = *version->policy;
    if (stale(in.RevisionId, policy)) return stale_revision("GetLayerPolicy");
    const auto gone = statement(policy, in.StatementId);
    if (gone == policy.statements.end())
      return not_found(fmt::format("Statement {} is not found in resource policy.", in.StatementId));
    policy.statements.erase(gone);
    policy.revision_id = lambda.ids.uuid();
    if (policy.statements.empty()) version->policy.reset();
    return std::nullopt;
  });
  if (error) return std::move(*error);
  return Empty{};
}

namespace {
struct PolicyOutput {
  std::string Policy, RevisionId;
};
BOOST_DESCRIBE_STRUCT(PolicyOutput, (), (Policy, RevisionId))

Result<PolicyOutput> get_layer_policy(Lambda& lambda, Context& context, LayerVersionInput in) {
  const auto layer = parse_layer_name(context.scope, in.LayerName);
  const auto arn = layer_version_arn(layer, in.VersionNumber);
  if (auto error = unless_owner(context.scope, layer, "GetLayerVersionPolicy", arn)) return std::move(*error);
  const auto version = lambda.layers.find(layer.scope, layer.name, in.VersionNumber);
  if (!version) return no_such_version(layer, in.VersionNumber);
  if (!version->policy) return no_policy();
  return PolicyOutput{document(*version->policy).dump(), version->policy->revision_id};
}
}  // namespace

std::span<const Operation> layer_permission_operations() {
#define EMU_POLICY "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy"
  static constexpr Operation rows[] = {
      rest<add_layer_permission>("AddLayerVersionPermission", "POST " EMU_POLICY "?RevisionId", 201),
      rest<get_layer_policy>("GetLayerVersionPolicy", "GET " EMU_POLICY),
      rest<remove_layer_permission>("RemoveLayerVersionPermission",
                                    "DELETE " EMU_POLICY "/{StatementId}?RevisionId", 204),
  };
#undef EMU_POLICY
  return rows;
}
}  // namespace emu::lambda
