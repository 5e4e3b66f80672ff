// Models of HTTP APIs, as the resource rows make them, too.
#pragma once
#include "emulator/services/gateway/gateway.hpp"

namespace emu::gateway {
struct ModelOptions {
  std::string apiId;
  std::optional<std::string> contentType, description, name, schema;
};
BOOST_DESCRIBE_STRUCT(ModelOptions, (), (apiId, contentType, description, name, schema))
struct ModelInput {
  std::string apiId, modelId;
};
BOOST_DESCRIBE_STRUCT(ModelInput, (), (apiId, modelId))

Result<Model> create_model(Gateway& gateway, Context& context, ModelOptions in);
Result<Model> change_model(Gateway& gateway, Context& context, const std::string& id, ModelOptions in,
                           Others others = Others::keep);
Result<Empty> remove_model(Gateway& gateway, Context& context, ModelInput in);
}  // namespace emu::gateway
