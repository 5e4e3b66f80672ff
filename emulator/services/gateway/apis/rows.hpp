// The rows of this service, by kind, gathered by gateway.cpp.
#pragma once
#include "emulator/api/service.hpp"

namespace emu::gateway {
std::span<const Operation> api_operations();
std::span<const Operation> route_operations();
std::span<const Operation> integration_operations();
std::span<const Operation> stage_operations();
std::span<const Operation> deployment_operations();
std::span<const Operation> authorizer_operations();
std::span<const Operation> tag_operations();
std::span<const Operation> domain_operations();
std::span<const Operation> model_operations();
std::span<const Operation> vpc_link_operations();
std::span<const Operation> import_operations();
std::span<const ResourceType> resource_rows();
}  // namespace emu::gateway
