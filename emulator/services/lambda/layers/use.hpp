// The layers of a function: which they are, and that they may be used together (spec-lambda E.4).
#pragma once
#include "emulator/services/lambda/lambda.hpp"
#include "emulator/services/lambda/settings.hpp"

namespace emu::lambda {
// Looks up change.Layers and keeps what it found in change.layer_uses, and change.layer_claims on its code;
// without Layers, nothing.
std::optional<AwsError> use_layers(Lambda& lambda, const Scope& scope, SettingsChange& change);
}  // namespace emu::lambda
