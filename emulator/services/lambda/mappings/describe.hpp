// An event source mapping as every operation on one answers it (spec-lambda G.1).
#pragma once
#include "emulator/api/context.hpp"
#include "emulator/services/lambda/mappings/inputs.hpp"

namespace emu::lambda {
std::string mapping_arn(const Scope& scope, std::string_view uuid);
MappingOutput describe(const Scope& scope, const Mapping& mapping);
}  // namespace emu::lambda
