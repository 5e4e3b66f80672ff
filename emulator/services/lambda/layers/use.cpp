#include "emulator/services/lambda/layers/use.hpp"

#include <fmt/ranges.h>

#include "emulator/services/lambda/layers/names.hpp"

namespace emu::lambda {
namespace {
constexpr std::size_t kMostLayers = 5;

void validate_arns(const std::vector<std::string>& arns) {
  Violations out;
  for (const auto& arn : arns)
    if (!parse_layer_version(arn)) {
      out.add(fmt::format("[{}]", fmt::join(arns, ", ")), "layers",
              fmt::format("Member must satisfy constraint: [Member must have length less than or equal to "
                          "140, Member must have length greater than or equal to 1, Member must satisfy "
                          "regular expression pattern: {}, Member must not be null]",
                          kLayerVersionPattern));
      break;
    }
  out.raise();
}

// Whether the layer's policy lets this account use it; its own account always may.
bool may_use(const LayerVersion& version, const Scope& owner, const std::string& account) {
  if (owner.account == account) return true;
  if (!version.policy) return false;
  const auto root = fmt::format("arn:aws:iam::{}:root", account);
  for (const auto& statement : version.policy->statements) {
    const auto& principal = statement["Principal"];
    if (principal == "*" || (principal.is_object() && principal.value("AWS", "") == root)) return true;
  }
  return false;
}
}  // namespace

std::optional<AwsError> use_layers(Lambda& lambda, const Scope& scope, SettingsChange& change) {
  if (!change.Layers) return std::nullopt;
  const auto& arns = *change.Layers;
  if (arns.size() > kMostLayers) return invalid_parameter("Cannot reference more than 5 layers.");
  validate_arns(arns);
  std::vector<LayerUse> uses;
  std::map<std::string, std::string> seen;  // a layer's ARN: the version's
  for (const auto& arn : arns) {
    const auto name = *parse_layer_version(arn);
    if (name.scope.region != scope.region)
      return invalid_parameter(fmt::format(
          "Layers are not in the same region as the function. Layers are expected to be in region {}.",
          scope.region));
    const auto version = lambda.layers.find(name.scope, name.name, name.number);
    if (!version) return invalid_parameter(fmt::format("Layer version {} does not exist.", arn));
    if (!may_use(*version, name.scope, scope.account))
      return AwsError{"AccessDeniedException",
                      fmt::format("User: arn:aws:iam::{}:root is not authorized to perform: "
                                  "lambda:GetLayerVersion on resource: {} because no resource-based policy "
                                  "allows the lambda:GetLayerVersion action",
                                  scope.account, arn),
                      403};
    if (const auto [at, fresh] = seen.emplace(layer_arn(name), arn); !fresh)
      return invalid_parameter(
          fmt::format("Two different versions of the same layer are not allowed to be referenced in the same "
                      "function. {} and {} are versions of the same layer.",
                      at->second, arn));
    uses.push_back({arn, version->size_bytes, version->sha256_base64, version->directory});
  }
  change.layer_uses = std::move(uses);
  return std::nullopt;
}
}  // namespace emu::lambda
