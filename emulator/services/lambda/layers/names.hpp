// Which layer a request means: a name, a layer's ARN, a layer version's ARN. Pure.
#pragma once
#include "emulator/services/lambda/name.hpp"

namespace emu::lambda {
struct LayerName {
  Scope scope;  // of the ARN, else the caller's
  std::string name;
};
// Throws what AWS answers for anything else than a name or a layer's ARN.
LayerName parse_layer_name(const Scope& scope, std::string_view text);

struct LayerVersionName : LayerName {
  std::int64_t number = 0;
};
std::optional<LayerVersionName> parse_layer_version(std::string_view arn);
inline constexpr std::string_view kLayerVersionPattern =
    R"(arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\d{12}:layer:[a-zA-Z0-9-_]+:[0-9]+)";

std::string layer_arn(const LayerName& layer);
std::string layer_version_arn(const LayerName& layer, std::int64_t number);
}  // namespace emu::lambda
