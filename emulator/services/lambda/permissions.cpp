// AddPermission, GetPolicy, RemovePermission (spec-lambda E.3, E.4).
#include "emulator/services/lambda/permissions.hpp"

#include <algorithm>

#include "emulator/base/arn.hpp"

namespace emu::lambda {
namespace {
constexpr std::size_t kLongestPolicy = 20'480;

bool word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}
bool digits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_action(std::string_view text) {
  if (text == "*" || text == "lambda:*") return true;
  return text.starts_with("lambda:") && text.size() > 7 && std::ranges::all_of(text.substr(7), [](char c) {
           return std::isalpha(static_cast<unsigned char>(c));
         });
}

void validate(const AddPermissionInput& in) {
  Violations out;
  if (in.StatementId.empty() || !std::ranges::all_of(in.StatementId, word))
    out.pattern(in.StatementId, "statementId", "([a-zA-Z0-9-_]+)");
  out.longest(in.StatementId, "statementId", 100);
  if (!is_action(in.Action)) out.pattern(in.Action, "action", "(lambda:[*]|lambda:[a-zA-Z]+|[*])");
  if (in.SourceAccount && (in.SourceAccount->size() != 12 || !digits(*in.SourceAccount)))
    out.pattern(*in.SourceAccount, "sourceAccount", R"(\d{12})");
  if (in.SourceArn && !Arn::parse(*in.SourceArn))
    out.pattern(*in.SourceArn, "sourceArn",
                R"(arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:([a-z]{2}(-gov)?-[a-z]+-\d{1})?:(\d{12})?:(.*))");
  if (in.FunctionUrlAuthType && *in.FunctionUrlAuthType != "NONE" && *in.FunctionUrlAuthType != "AWS_IAM")
    out.add(*in.FunctionUrlAuthType, "functionUrlAuthType",
            "Member must satisfy enum value set: [NONE, AWS_IAM]");
  out.raise();
}

// "*", a service, an account or an ARN.
Json principal_of(const std::string& text) {
  if (text == "*") return "*";
  if (text.size() == 12 && digits(text)) return {{"AWS", fmt::format("arn:aws:iam::{}:root", text)}};
  if (const auto arn = Arn::parse(text); arn && arn->service == "iam") return {{"AWS", text}};
  const auto dot = text.find('.');
  const bool service = dot != text.npos && dot > 0 && text.size() > dot + 1 &&
                       std::ranges::all_of(text, [](char c) { return word(c) || c == '.'; });
  if (service) return {{"Service", text}};
  throw invalid_parameter("The provided principal was invalid. Please check the principal and try again.");
}

Json conditions_of(const AddPermissionInput& in) {
  Json out = Json::object();
  const auto equals = [&](std::string_view key, const std::optional<std::string>& value) {
    if (value) out["StringEquals"][key] = *value;
  };
  equals("AWS:SourceAccount", in.SourceAccount);
  equals("lambda:FunctionUrlAuthType", in.FunctionUrlAuthType);
  equals("lambda:EventSourceToken", in.EventSourceToken);
  equals("aws:PrincipalOrgID", in.PrincipalOrgID);
  if (in.InvokedViaFunctionUrl.value_or(false)) out["Bool"]["lambda:InvokedViaFunctionUrl"] = "true";
  if (in.SourceArn) out["ArnLike"]["AWS:SourceArn"] = *in.SourceArn;
  if (in.InvokedViaFunctionUrl)
    out["Bool"]["lambda:InvokedViaFunctionUrl"] = *in.InvokedViaFunctionUrl ? "true" : "false";
  return out;
}

Json document(const Policy& policy) {
  return {{"Version", "2012-10-17"}, {"Id", "default"}, {"Statement", policy.statements}};
}

FunctionName permitted(const Scope& scope, std::string_view text,
                       const std::optional<std::string>& qualifier) {
  auto name = parse_name(scope, text, qualifier);
  if (name.qualifier == kLatest)
    throw invalid_parameter("We currently do not support adding policies for $LATEST.");
  return name;
}

auto statement(Policy& policy, std::string_view id) {
  return std::ranges::find_if(policy.statements, [&](const Json& s) { return s["Sid"] == id; });
}
}  // namespace

Result<AddPermissionOutput> add_permission(Lambda& lambda, Context& context, AddPermissionInput in) {
  const auto name = permitted(context.scope, in.FunctionName, in.Qualifier);
  validate(in);
  Json added{{"Sid", in.StatementId},
             {"Effect", "Allow"},
             {"Principal", principal_of(in.Principal)},
             {"Action", in.Action},
             {"Resource", name.arn(context.scope)}};
  if (auto conditions = conditions_of(in); !conditions.empty()) added["Condition"] = std::move(conditions);
  auto changed =
      lambda.registry.change(context.scope, name.name, [&](Function& copy) -> std::optional<AwsError> {
        if (!copy.resolve(name.qualifier)) return function_not_found(name.arn(context.scope));
        auto& policy = copy.shared.policies[name.qualifier];
        if (in.RevisionId && *in.RevisionId != policy.revision_id) return stale_revision("GetPolicy");
        if (statement(policy, in.StatementId) != policy.statements.end())
          return conflict(fmt::format(
              "The statement id ({}) provided already exists. Please provide a new statement id, or "
              "remove the existing statement.",
              in.StatementId));
        policy.statements.push_back(added);
        policy.revision_id = lambda.ids.uuid();
        if (document(policy).dump().size() > kLongestPolicy)
          return user_error("PolicyLengthExceededException",
                            fmt::format("The final policy size ({}) is bigger than the limit ({}).",
                                        document(policy).dump().size(), kLongestPolicy));
        return std::nullopt;
      });
  if (!changed) return std::move(changed.error());
  if (!*changed) return function_not_found(name.arn(context.scope));
  return AddPermissionOutput{added.dump()};
}

Result<Empty> remove_permission(Lambda& lambda, Context& context, RemovePermissionInput in) {
  const auto name = permitted(context.scope, in.FunctionName, in.Qualifier);
  auto changed =
      lambda.registry.change(context.scope, name.name, [&](Function& copy) -> std::optional<AwsError> {
        const auto found = copy.shared.policies.find(name.qualifier);
        if (found == copy.shared.policies.end())
          return not_found("No policy is associated with the given resource.");
        auto& policy = found->second;
        if (in.RevisionId && *in.RevisionId != policy.revision_id) return stale_revision("GetPolicy");
        const auto gone = statement(policy, in.StatementId);
        if (gone == policy.statements.end())
          return not_found(fmt::format("Statement {} is not found in resource policy.", in.StatementId));
        policy.statements.erase(gone);
        policy.revision_id = lambda.ids.uuid();
        if (policy.statements.empty()) copy.shared.policies.erase(found);
        return std::nullopt;
      });
  if (!changed) return std::move(changed.error());
  if (!*changed) return not_found(fmt::format("No policy found for: {}", name.arn(context.scope)));
  return Empty{};
}

namespace {
struct GetPolicyInput {
  std::string FunctionName;
  std::optional<std::string> Qualifier;
};
BOOST_DESCRIBE_STRUCT(GetPolicyInput, (), (FunctionName, Qualifier))
struct GetPolicyOutput {
  std::string Policy, RevisionId;
};
BOOST_DESCRIBE_STRUCT(GetPolicyOutput, (), (Policy, RevisionId))

Result<GetPolicyOutput> get_policy(Lambda& lambda, Context& context, GetPolicyInput in) {
  const auto name = parse_name(context.scope, in.FunctionName, in.Qualifier);
  auto found = lambda.find_version(context.scope, name);
  if (!found) return std::move(found.error());
  const auto& policies = found->function->shared.policies;
  const auto policy = policies.find(name.qualifier);
  if (policy == policies.end()) return not_found("The resource you requested does not exist.");
  return GetPolicyOutput{document(policy->second).dump(), policy->second.revision_id};
}
}  // namespace

std::span<const Operation> permission_operations() {
  static constexpr Operation rows[] = {
      rest<add_permission>("AddPermission", "POST /2015-03-31/functions/{FunctionName}/policy?Qualifier",
                           201),
      rest<get_policy>("GetPolicy", "GET /2015-03-31/functions/{FunctionName}/policy?Qualifier"),
      rest<remove_permission>(
          "RemovePermission",
          "DELETE /2015-03-31/functions/{FunctionName}/policy/{StatementId}?Qualifier&RevisionId", 204),
  };
  return rows;
}
}  // namespace emu::lambda
