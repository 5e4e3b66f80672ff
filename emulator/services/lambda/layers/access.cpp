#include "emulator/services/lambda/layers/access.hpp"

namespace emu::lambda {
AwsError layer_denied(const Scope& caller, std::string_view action, std::string_view resource) {
  return {"AccessDeniedException",
          fmt::format("User: arn:aws:iam::{0}:root is not authorized to perform: lambda:{1} on resource: {2} "
                      "because no resource-based policy allows the lambda:{1} action",
                      caller.account, action, resource),
          403};
}

bool may_use(const LayerVersion& version, const Scope& owner, const Scope& caller) {
  if (owner.account == caller.account) return true;
  if (!version.policy) return false;
  const auto root = fmt::format("arn:aws:iam::{}:root", caller.account);
  for (const auto& statement : version.policy->statements) {
    const auto& principal = statement["Principal"];
    if (principal == "*" || (principal.is_object() && principal.value("AWS", "") == root)) return true;
  }
  return false;
}

std::optional<AwsError> unless_owner(const Scope& caller, const LayerName& layer, std::string_view action,
                                     std::string_view resource) {
  if (layer.scope == caller) return std::nullopt;
  return layer_denied(caller, action, resource);
}
}  // namespace emu::lambda
