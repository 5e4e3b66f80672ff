#include "emulator/services/lambda/layers/use.hpp"

#include <fmt/ranges.h>

#include "emulator/services/lambda/archive.hpp"
#include "emulator/services/lambda/layers/access.hpp"

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
}  // namespace

std::optional<AwsError> use_layers(Lambda& lambda, const Scope& scope, SettingsChange& change) {
  if (!change.Layers) return std::nullopt;
  const auto& arns = *change.Layers;
  if (arns.size() > kMostLayers) return invalid_parameter("Cannot reference more than 5 layers.");
  validate_arns(arns);
  std::vector<LayerUse> uses;
  std::vector<CodeClaim> claims;
  std::map<std::string, std::string> seen;  // a layer's ARN: the version's
  for (const auto& arn : arns) {
    const auto name = *parse_layer_version(arn);
    if (name.scope.region != scope.region)
      return invalid_parameter(fmt::format(
          "Layers are not in the same region as the function. Layers are expected to be in region {}.",
          scope.region));
    const auto found = lambda.layers.find(name.scope, name.name, name.number);
    if (found) claims.push_back(lambda.code.claim(found->sha256_base64));
    // Again, now that its code stays: it may have been deleted meanwhile.
    const auto version = lambda.layers.find(name.scope, name.name, name.number);
    if (!version) return invalid_parameter(fmt::format("Layer version {} does not exist.", arn));
    if (!may_use(*version, name.scope, scope)) return layer_denied(scope, "GetLayerVersion", arn);
    if (const auto [at, fresh] = seen.emplace(layer_arn(name), arn); !fresh)
      return invalid_parameter(
          fmt::format("Two different versions of the same layer are not allowed to be referenced in the same "
                      "function. {} and {} are versions of the same layer.",
                      at->second, arn));
    uses.push_back({arn, version->size_bytes, version->sha256_base64, version->directory});
  }
  change.layer_uses = std::move(uses);
  change.layer_claims = std::move(claims);
  return std::nullopt;
}

std::optional<AwsError> check_size_together(Lambda& lambda, const StoredCode& code,
                                            const std::optional<std::vector<LayerUse>>& layers) {
  if (!layers || layers->empty()) return std::nullopt;  // then the archive alone was held to it
  constexpr auto kMost = ArchiveLimits{}.unzipped_bytes;
  auto bytes = code.hot ? 0 : lambda.code.unpacked_bytes(code.sha256_base64);
  for (const auto& layer : *layers)
    if (!layer.directory) bytes += lambda.code.unpacked_bytes(layer.sha256_base64);
  if (bytes <= kMost) return std::nullopt;
  return invalid_parameter(fmt::format(
      "Function code combined with layers exceeds the maximum allowed size of {} bytes. The actual "
      "size is {} bytes.",
      kMost, bytes));
}
}  // namespace emu::lambda
