// Provisioned concurrency: so many environments of a version, or of what an alias points to, kept initialised
// (spec-lambda E.4, F.1). Shared by its operations, by those that move aliases, and by deployments.
#pragma once
#include "emulator/services/lambda/lambda.hpp"

namespace emu::lambda {
struct PutProvisionedInput {
  std::string FunctionName;
  std::string Qualifier;
  int ProvisionedConcurrentExecutions = 0;
};
BOOST_DESCRIBE_STRUCT(PutProvisionedInput, (), (FunctionName, Qualifier, ProvisionedConcurrentExecutions))
struct ProvisionedInput {
  std::string FunctionName, Qualifier;
};
BOOST_DESCRIBE_STRUCT(ProvisionedInput, (), (FunctionName, Qualifier))
struct ProvisionedConfiguration {
  int RequestedProvisionedConcurrentExecutions = 0, AvailableProvisionedConcurrentExecutions = 0,
      AllocatedProvisionedConcurrentExecutions = 0;
  std::string Status = "IN_PROGRESS";
  std::optional<std::string> StatusReason;
  std::string LastModified;
  std::optional<std::string> FunctionArn;  // in lists
};
BOOST_DESCRIBE_STRUCT(ProvisionedConfiguration, (),
                      (RequestedProvisionedConcurrentExecutions, AvailableProvisionedConcurrentExecutions,
                       AllocatedProvisionedConcurrentExecutions, Status, StatusReason, LastModified,
                       FunctionArn))

Result<ProvisionedConfiguration> put_provisioned(Lambda& lambda, Context& context, PutProvisionedInput in);
Result<ProvisionedConfiguration> get_provisioned(Lambda& lambda, Context& context, ProvisionedInput in);
Result<Empty> delete_provisioned(Lambda& lambda, Context& context, ProvisionedInput in);

// Brings the environments of every version to what the function's record says. After every change of it that
// concerns versions, aliases or provisioned concurrency.
void apply_provisioning(Lambda& lambda, const Function& function);
int total_provisioned(const FunctionRecord& record);
AwsError provisioning_unpublished();  // of $LATEST, or of an alias that points to it
}  // namespace emu::lambda
