// Tags of a function; shared by the tag operations and by deployments.
#pragma once
#include "emulator/services/lambda/lambda.hpp"

namespace emu::lambda {
using Tags = std::map<std::string, std::string>;
// Makes the function's tags what `edit` makes of them, within AWS's limit.
std::optional<AwsError> edit_tags(Lambda& lambda, const Scope& scope, const FunctionName& name,
                                  const std::function<void(Tags&)>& edit);

// The tag by which a function says how its cold starts are to be (docs/decisions/0017-cold-starts.md).
inline constexpr const char* kColdStartTag = "emu:cold-start";
// Throws if it says nothing that exists.
void validate_tags(Lambda& lambda, const std::map<std::string, std::string>& tags);
// The invoker draws by it from now on.
void apply_cold_start(Lambda& lambda, const Function& function);
}  // namespace emu::lambda
