// PutFunctionEventInvokeConfig and its kin, as operations and as deployments call them (spec-lambda E.4,
// F.3).
#pragma once
#include "emulator/services/lambda/lambda.hpp"
#include "emulator/services/lambda/mappings/inputs.hpp"

namespace emu::lambda {
struct PutEventInvokeInput {
  std::string FunctionName;
  std::optional<std::string> Qualifier;
  std::optional<int> MaximumRetryAttempts, MaximumEventAgeInSeconds;
  std::optional<lambda::DestinationConfig> DestinationConfig;
};
BOOST_DESCRIBE_STRUCT(PutEventInvokeInput, (),
                      (FunctionName, Qualifier, MaximumRetryAttempts, MaximumEventAgeInSeconds,
                       DestinationConfig))
struct EventInvokeName {
  std::string FunctionName;
  std::optional<std::string> Qualifier;
};
BOOST_DESCRIBE_STRUCT(EventInvokeName, (), (FunctionName, Qualifier))
struct EventInvokeOutput {
  std::string FunctionArn;
  double LastModified = 0;
  std::optional<int> MaximumRetryAttempts, MaximumEventAgeInSeconds;
  lambda::DestinationConfig DestinationConfig;
};
BOOST_DESCRIBE_STRUCT(EventInvokeOutput, (),
                      (FunctionArn, LastModified, MaximumRetryAttempts, MaximumEventAgeInSeconds,
                       DestinationConfig))

// merge: absent members stay as they were (UpdateFunctionEventInvokeConfig).
Result<EventInvokeOutput> put_event_invoke(Lambda& lambda, Context& context, PutEventInvokeInput in,
                                           bool merge);
Result<Empty> delete_event_invoke(Lambda& lambda, Context& context, EventInvokeName in);
}  // namespace emu::lambda
