// CreateEventSourceMapping and its kin, as operations and as deployments call them.
#pragma once
#include "emulator/services/lambda/lambda.hpp"
#include "emulator/services/lambda/mappings/inputs.hpp"

namespace emu::lambda {
struct MappingId {
  std::string UUID;
};
BOOST_DESCRIBE_STRUCT(MappingId, (), (UUID))

// All but the settling (Mappings::settle) that follows the reply.
Result<MappingOutput> create_mapping(Lambda& lambda, Context& context, CreateMappingInput in);
Result<MappingOutput> update_mapping(Lambda& lambda, Context& context, UpdateMappingInput in);
Result<MappingOutput> delete_mapping(Lambda& lambda, Context& context, MappingId in);
}  // namespace emu::lambda
