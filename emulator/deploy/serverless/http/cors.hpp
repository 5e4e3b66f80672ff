// The cors block, which HTTP APIs and function URLs share.
#pragma once
#include "emulator/deploy/serverless/section.hpp"

namespace emu::deploy::serverless {
// None for absent or false, `defaults` for true, else the defaults with what the block says.
std::optional<Json> cors_configuration(const Node* cors, const std::string& path, Json defaults,
                                       Report& report);
}  // namespace emu::deploy::serverless
