// CloudFormation's AWS::Lambda::Function, AWS::Lambda::Version and AWS::Lambda::Permission, brought about by
// the same functions that serve the API (spec-iac 9).
#pragma once
#include <span>

#include "emulator/api/resource.hpp"

namespace emu::lambda {
std::span<const ResourceType> resource_types();
}  // namespace emu::lambda
