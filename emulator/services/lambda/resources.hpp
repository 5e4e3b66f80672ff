// CloudFormation's AWS::Lambda:: types, brought about by the same functions that serve the API (spec-iac 9).
#pragma once
#include <span>

#include "emulator/api/resource.hpp"

namespace emu::lambda {
std::span<const ResourceType> resource_types();
std::span<const ResourceType> event_resource_types();  // mappings/resources.cpp
}  // namespace emu::lambda
