// Tags of a function; shared by the tag operations and by deployments.
#pragma once
#include "emulator/services/lambda/lambda.hpp"

namespace emu::lambda {
using Tags = std::map<std::string, std::string>;
// Makes the function's tags what `edit` makes of them, within AWS's limit.
std::optional<AwsError> edit_tags(Lambda& lambda, const Scope& scope, const FunctionName& name,
                                  const std::function<void(Tags&)>& edit);
}  // namespace emu::lambda
