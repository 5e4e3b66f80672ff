// The layer operations that deployments call too.
#pragma once
#include "emulator/services/lambda/lambda.hpp"
#include "emulator/services/lambda/source.hpp"

namespace emu::lambda {
struct PublishLayerVersionInput {
  std::string LayerName;
  std::optional<std::string> Description, LicenseInfo;
  CodeSource Content;
  std::optional<std::vector<std::string>> CompatibleRuntimes, CompatibleArchitectures;
};
BOOST_DESCRIBE_STRUCT(PublishLayerVersionInput, (),
                      (LayerName, Description, LicenseInfo, Content, CompatibleRuntimes,
                       CompatibleArchitectures))
struct LayerContentReply {
  std::string Location, CodeSha256;
  std::int64_t CodeSize = 0;
};
BOOST_DESCRIBE_STRUCT(LayerContentReply, (), (Location, CodeSha256, CodeSize))
struct LayerVersionReply {
  LayerContentReply Content;
  std::string LayerArn, LayerVersionArn, Description, CreatedDate;
  std::int64_t Version = 0;
  std::optional<std::vector<std::string>> CompatibleRuntimes, CompatibleArchitectures;
  std::optional<std::string> LicenseInfo;
};
BOOST_DESCRIBE_STRUCT(LayerVersionReply, (),
                      (Content, LayerArn, LayerVersionArn, Description, CreatedDate, Version,
                       CompatibleRuntimes, CompatibleArchitectures, LicenseInfo))
struct LayerVersionListed {
  std::string LayerVersionArn;
  std::int64_t Version = 0;
  std::string Description, CreatedDate;
  std::optional<std::vector<std::string>> CompatibleRuntimes;
  std::optional<std::string> LicenseInfo;
  std::optional<std::vector<std::string>> CompatibleArchitectures;
};
BOOST_DESCRIBE_STRUCT(LayerVersionListed, (),
                      (LayerVersionArn, Version, Description, CreatedDate, CompatibleRuntimes, LicenseInfo,
                       CompatibleArchitectures))
struct LayerVersionInput {
  std::string LayerName;
  std::int64_t VersionNumber = 0;
};
BOOST_DESCRIBE_STRUCT(LayerVersionInput, (), (LayerName, VersionNumber))

awaitable<Result<LayerVersionReply>> publish_layer_version(Lambda& lambda, Context& context,
                                                           PublishLayerVersionInput in);
awaitable<Result<Empty>> delete_layer_version(Lambda& lambda, Context& context, LayerVersionInput in);

struct AddLayerPermissionInput {
  std::string LayerName;
  std::int64_t VersionNumber = 0;
  std::string StatementId, Action, Principal;
  std::optional<std::string> OrganizationId, RevisionId;
};
BOOST_DESCRIBE_STRUCT(AddLayerPermissionInput, (),
                      (LayerName, VersionNumber, StatementId, Action, Principal, OrganizationId, RevisionId))
struct AddLayerPermissionOutput {
  std::string Statement, RevisionId;
};
BOOST_DESCRIBE_STRUCT(AddLayerPermissionOutput, (), (Statement, RevisionId))
struct RemoveLayerPermissionInput {
  std::string LayerName;
  std::int64_t VersionNumber = 0;
  std::string StatementId;
  std::optional<std::string> RevisionId;
};
BOOST_DESCRIBE_STRUCT(RemoveLayerPermissionInput, (), (LayerName, VersionNumber, StatementId, RevisionId))

Result<AddLayerPermissionOutput> add_layer_permission(Lambda& lambda, Context& context,
                                                      AddLayerPermissionInput in);
Result<Empty> remove_layer_permission(Lambda& lambda, Context& context, RemoveLayerPermissionInput in);
}  // namespace emu::lambda
