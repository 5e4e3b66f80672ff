// Which accounts may do what with a layer: its own everything, others what a version's policy lets them, and
// that is to read and use the version. Used by the layer operations and by functions that name layers.
#pragma once
#include "emulator/services/lambda/layers/layers.hpp"
#include "emulator/services/lambda/layers/names.hpp"

namespace emu::lambda {
// What AWS answers whoever may not; the action as "PublishLayerVersion", the resource an ARN.
AwsError layer_denied(const Scope& caller, std::string_view action, std::string_view resource);
bool may_use(const LayerVersion& version, const Scope& owner, const Scope& caller);
// The error for whoever calls with a layer's ARN that is not of the caller's account and region.
std::optional<AwsError> unless_owner(const Scope& caller, const LayerName& layer, std::string_view action,
                                     std::string_view resource);
}  // namespace emu::lambda
