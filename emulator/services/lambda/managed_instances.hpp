// A function whose environments take several invocations at a time, on instances of a capacity provider
// (Lambda Managed Instances, spec-lambda A.7): what it asks for, checked, and how many at a time that makes.
// Capacity providers themselves do not exist here: any well-formed ARN stands for one. Pure.
#pragma once
#include "emulator/api/violations.hpp"
#include "emulator/services/lambda/record.hpp"

namespace emu::lambda {
struct CapacityProviderConfig {
  ManagedInstances LambdaManagedInstancesCapacityProviderConfig;
};
BOOST_DESCRIBE_STRUCT(CapacityProviderConfig, (), (LambdaManagedInstancesCapacityProviderConfig))

inline constexpr int kMostManagedMemory = 32768;  // MB, of the API's model
void check_capacity_provider(Violations& out, const ManagedInstances& asked);
// Throws AwsError where the function's other settings do not go with it.
void check_managed_instances(const Settings& settings);
// As asked for, or AWS's default for the runtime and memory; 1 for a function without.
int max_concurrency(const Settings& settings);
Json capacity_provider_reply(const ManagedInstances& managed);
}  // namespace emu::lambda
