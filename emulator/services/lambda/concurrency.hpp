// Reserved concurrency of a function; shared by its operations and by deployments.
#pragma once
#include "emulator/services/lambda/lambda.hpp"

namespace emu::lambda {
// none: the function draws on the account's unreserved concurrency again
std::optional<AwsError> reserve(Lambda& lambda, const Scope& scope, const FunctionName& name,
                                std::optional<int> reserved);
int least_unreserved(Lambda& lambda);  // of an account; a smaller one keeps all it has
}  // namespace emu::lambda
