// What an authorizer's policyDocument says of one execute-api ARN (spec-gateway 16.3). Pure.
#pragma once
#include <string_view>

#include "emulator/base/json.hpp"

namespace emu::gateway {
enum class Verdict { allowed, not_allowed, denied };  // denied: by a statement that says so
Verdict judge(const Json& policy, std::string_view arn);
// `*` any number of characters, `?` one.
bool fits_wildcards(std::string_view pattern, std::string_view text);
}  // namespace emu::gateway
