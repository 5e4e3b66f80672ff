// Resource policies: who may invoke. Kept and shown as AWS does; emu lets everybody invoke. Shared by the
// permission operations and by deployments.
#pragma once
#include "emulator/services/lambda/lambda.hpp"

namespace emu::lambda {
struct AddPermissionInput {
  std::string FunctionName, StatementId, Action, Principal;
  std::optional<std::string> SourceArn, SourceAccount, EventSourceToken, Qualifier, RevisionId,
      PrincipalOrgID, FunctionUrlAuthType;
  std::optional<bool> InvokedViaFunctionUrl;
};
BOOST_DESCRIBE_STRUCT(AddPermissionInput, (),
                      (FunctionName, StatementId, Action, Principal, SourceArn, SourceAccount,
                       EventSourceToken, Qualifier, RevisionId, PrincipalOrgID, FunctionUrlAuthType,
                       InvokedViaFunctionUrl))
struct AddPermissionOutput {
  std::string Statement;
};
BOOST_DESCRIBE_STRUCT(AddPermissionOutput, (), (Statement))
struct RemovePermissionInput {
  std::string FunctionName, StatementId;
  std::optional<std::string> Qualifier, RevisionId;
};
BOOST_DESCRIBE_STRUCT(RemovePermissionInput, (), (FunctionName, StatementId, Qualifier, RevisionId))

Result<AddPermissionOutput> add_permission(Lambda& lambda, Context& context, AddPermissionInput in);
Result<Empty> remove_permission(Lambda& lambda, Context& context, RemovePermissionInput in);
}  // namespace emu::lambda
