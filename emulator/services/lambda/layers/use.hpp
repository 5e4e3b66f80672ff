// The layers of a function: which they are, and that they may be used together (spec-lambda E.4).
#pragma once
#include "emulator/services/lambda/lambda.hpp"
#include "emulator/services/lambda/settings.hpp"

namespace emu::lambda {
// Looks up change.Layers and keeps what it found in change.layer_uses, and change.layer_claims on its code;
// without Layers, nothing.
std::optional<AwsError> use_layers(Lambda& lambda, const Scope& scope, SettingsChange& change);
// What code and layers are together when they are unpacked has a limit; directories used in place have none.
std::optional<AwsError> check_size_together(Lambda& lambda, const StoredCode& code,
                                            const std::optional<std::vector<LayerUse>>& layers);
}  // namespace emu::lambda
