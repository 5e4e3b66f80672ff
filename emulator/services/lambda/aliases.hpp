// Aliases: names for versions, with a second version for a share of the invocations. Shared by the alias
// operations and by deployments.
#pragma once
#include "emulator/services/lambda/lambda.hpp"

namespace emu::lambda {
struct RoutingConfig {
  std::optional<std::map<std::string, double>> AdditionalVersionWeights;
};
BOOST_DESCRIBE_STRUCT(RoutingConfig, (), (AdditionalVersionWeights))

struct CreateAliasInput {
  std::string FunctionName, Name, FunctionVersion;
  std::optional<std::string> Description;
  std::optional<lambda::RoutingConfig> RoutingConfig;
};
BOOST_DESCRIBE_STRUCT(CreateAliasInput, (), (FunctionName, Name, FunctionVersion, Description, RoutingConfig))
struct UpdateAliasInput {
  std::string FunctionName, Name;
  std::optional<std::string> FunctionVersion, Description, RevisionId;
  std::optional<lambda::RoutingConfig> RoutingConfig;
};
BOOST_DESCRIBE_STRUCT(UpdateAliasInput, (),
                      (FunctionName, Name, FunctionVersion, Description, RoutingConfig, RevisionId))
struct AliasInput {
  std::string FunctionName, Name;
};
BOOST_DESCRIBE_STRUCT(AliasInput, (), (FunctionName, Name))

struct AliasConfiguration {
  std::string AliasArn, Name, FunctionVersion, Description;
  std::optional<lambda::RoutingConfig> RoutingConfig;
  std::string RevisionId;
};
BOOST_DESCRIBE_STRUCT(AliasConfiguration, (),
                      (AliasArn, Name, FunctionVersion, Description, RoutingConfig, RevisionId))

Result<AliasConfiguration> create_alias(Lambda& lambda, Context& context, CreateAliasInput in);
Result<AliasConfiguration> update_alias(Lambda& lambda, Context& context, UpdateAliasInput in);
Result<Empty> delete_alias(Lambda& lambda, Context& context, AliasInput in);
}  // namespace emu::lambda
