// The operation rows and resource types of this service, one array per file of operations.
#pragma once
#include "emulator/api/service.hpp"

namespace emu::dynamodb {
std::span<const Operation> table_operations();
std::span<const Operation> table_update_operations();
std::span<const Operation> item_operations();
std::span<const Operation> query_operations();
std::span<const Operation> batch_operations();
std::span<const Operation> setting_operations();
std::span<const Operation> tag_operations();
std::span<const ResourceType> table_resource_types();
}  // namespace emu::dynamodb
