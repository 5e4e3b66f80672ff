// Tokens of Cognito's user pools as REST APIs check them (spec-gateway 16.4). Pure. The pools themselves are
// not served here: a token comes from AWS's, or from a stand-in on this machine, and its keys from there or
// from the file of --jwks.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "emulator/base/json.hpp"

namespace emu::gateway {
// Whether this issuer is one of the pools "arn:aws:cognito-idp:REGION:ACCOUNT:userpool/POOL": AWS's own
// "https://cognito-idp.REGION.amazonaws.com/POOL", or any on this machine that ends with /POOL. No other may
// be asked for keys.
bool is_pool(std::string_view issuer, std::span<const std::string> provider_arns);
// requestContext.authorizer.claims: texts, lists joined with commas, times as Java prints dates.
Json pool_claims(const Json& claims);
}  // namespace emu::gateway
