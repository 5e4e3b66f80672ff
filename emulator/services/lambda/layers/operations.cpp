// PublishLayerVersion, GetLayerVersion(ByArn), ListLayers, ListLayerVersions, DeleteLayerVersion.
#include "emulator/services/lambda/layers/operations.hpp"

#include <algorithm>

#include "emulator/http/message.hpp"
#include "emulator/services/lambda/configuration.hpp"
#include "emulator/services/lambda/layers/access.hpp"
#include "emulator/services/lambda/page.hpp"

namespace emu::lambda {
namespace {
LayerContentReply content(const Context& context, const LayerVersion& version) {
  return {fmt::format("http://{}/_emu/code/{}", context.host, http::percent_encode(version.sha256_base64)),
          version.sha256_base64, version.size_bytes};
}

LayerVersionListed listed(const LayerName& layer, const LayerVersion& version) {
  return {layer_version_arn(layer, version.number),
          version.number,
          version.description,
          version.created,
          version.runtimes,
          version.license,
          version.architectures};
}

LayerVersionReply described(const Context& context, const LayerName& layer, const LayerVersion& version) {
  return {content(context, version), layer_arn(layer),      layer_version_arn(layer, version.number),
          version.description,       version.created,       version.number,
          version.runtimes,          version.architectures, version.license};
}

AwsError no_such_version() { return not_found("The resource you requested does not exist."); }
}  // namespace

awaitable<Result<LayerVersionReply>> publish_layer_version(Lambda& lambda, Context& context,
                                                           PublishLayerVersionInput in) {
  const auto layer = parse_layer_name(context.scope, in.LayerName);
  if (auto error = unless_owner(context.scope, layer, "PublishLayerVersion", layer_arn(layer)))
    co_return std::move(*error);
  validate_architectures(in.CompatibleArchitectures, 2, "compatibleArchitectures");
  validate_description(in.Description);
  auto location = co_await take_code(lambda, std::move(in.Content));
  if (!location) co_return std::move(location.error());
  LayerVersion version{.description = in.Description.value_or(""),
                       .created = modified_text(lambda.clock.now()),
                       .sha256_base64 = location->sha256_base64,
                       .size_bytes = location->size_bytes,
                       .runtimes = std::move(in.CompatibleRuntimes),
                       .architectures = std::move(in.CompatibleArchitectures),
                       .license = std::move(in.LicenseInfo)};
  if (location->hot) {  // a directory is used as it is, and watched by the functions that use it
    version.directory = location->task_root.string();
    if (!lambda.registry.uses(stored(*location))) lambda.code.forget(*location);
  }
  const auto add = [&](Layer& copy) -> std::optional<AwsError> {
    version.number = ++copy.last;
    copy.versions.push_back(version);
    return std::nullopt;
  };
  if (auto error = lambda.layers.change(layer.scope, layer.name, add)) co_return std::move(*error);
  co_return described(context, layer, version);
}

awaitable<Result<Empty>> delete_layer_version(Lambda& lambda, Context& context, LayerVersionInput in) {
  const auto layer = parse_layer_name(context.scope, in.LayerName);
  const auto arn = layer_version_arn(layer, in.VersionNumber);
  if (auto error = unless_owner(context.scope, layer, "DeleteLayerVersion", arn)) co_return std::move(*error);
  std::string sha256;
  auto error = lambda.layers.change(layer.scope, layer.name, [&](Layer& copy) -> std::optional<AwsError> {
    if (const auto* version = copy.find(in.VersionNumber)) sha256 = version->sha256_base64;
    std::erase_if(copy.versions, [&](const LayerVersion& v) { return v.number == in.VersionNumber; });
    return std::nullopt;
  });
  if (error) co_return std::move(*error);
  if (!sha256.empty()) co_await lambda.forget_unused(CodeLocation{.sha256_base64 = sha256});
  co_return Empty{};
}

namespace {
// To others a version that does not exist looks as one that they may not see.
Result<LayerVersionReply> readable(Lambda& lambda, const Context& context, const LayerName& layer,
                                   std::int64_t number) {
  const auto version = lambda.layers.find(layer.scope, layer.name, number);
  if (version && may_use(*version, layer.scope, context.scope)) return described(context, layer, *version);
  if (layer.scope.account == context.scope.account) return no_such_version();
  return layer_denied(context.scope, "GetLayerVersion", layer_version_arn(layer, number));
}

Result<LayerVersionReply> get_layer_version(Lambda& lambda, Context& context, LayerVersionInput in) {
  const auto layer = parse_layer_name(context.scope, in.LayerName);
  if (in.VersionNumber < 1) return invalid_parameter("Layer Version Cannot be less than 1.");
  return readable(lambda, context, layer, in.VersionNumber);
}

struct ByArnInput {
  std::string Arn;
};
BOOST_DESCRIBE_STRUCT(ByArnInput, (), (Arn))

Result<LayerVersionReply> get_layer_version_by_arn(Lambda& lambda, Context& context, ByArnInput in) {
  const auto name = parse_layer_version(in.Arn);
  if (!name) {
    Violations out;
    out.pattern(in.Arn, "arn", kLayerVersionPattern);
    out.raise();
  }
  return readable(lambda, context, *name, name->number);
}

struct ListLayersInput {
  std::optional<std::string> CompatibleRuntime, CompatibleArchitecture, Marker;
  std::optional<int> MaxItems;
};
BOOST_DESCRIBE_STRUCT(ListLayersInput, (), (CompatibleRuntime, CompatibleArchitecture, Marker, MaxItems))
struct LayerListed {
  std::string LayerName, LayerArn;
  LayerVersionListed LatestMatchingVersion;
};
BOOST_DESCRIBE_STRUCT(LayerListed, (), (LayerName, LayerArn, LatestMatchingVersion))
struct ListLayersOutput {
  std::vector<LayerListed> Layers;
  std::optional<std::string> NextMarker;
};
BOOST_DESCRIBE_STRUCT(ListLayersOutput, (), (Layers, NextMarker))

// A version that says nothing about runtimes or architectures matches none that is asked for.
bool matches(const std::optional<std::vector<std::string>>& has, const std::optional<std::string>& wanted) {
  return !wanted || (has && std::ranges::find(*has, *wanted) != has->end());
}

template <class In>
std::vector<LayerVersion> newest_first(Layer layer, const In& in) {
  std::erase_if(layer.versions, [&](const LayerVersion& v) {
    return !matches(v.runtimes, in.CompatibleRuntime) || !matches(v.architectures, in.CompatibleArchitecture);
  });
  std::ranges::reverse(layer.versions);
  return std::move(layer.versions);
}

Result<ListLayersOutput> list_layers(Lambda& lambda, Context& context, ListLayersInput in) {
  std::vector<LayerListed> all;
  for (auto& [name, layer] : lambda.layers.list(context.scope)) {
    const LayerName named{context.scope, name};
    const auto versions = newest_first(std::move(layer), in);
    if (!versions.empty()) all.push_back({name, layer_arn(named), listed(named, versions.front())});
  }
  ListLayersOutput out;
  out.NextMarker = take_page(std::move(all), in.Marker, in.MaxItems, out.Layers);
  return out;
}

struct ListLayerVersionsInput {
  std::string LayerName;
  std::optional<std::string> CompatibleRuntime, CompatibleArchitecture, Marker;
  std::optional<int> MaxItems;
};
BOOST_DESCRIBE_STRUCT(ListLayerVersionsInput, (),
                      (LayerName, CompatibleRuntime, CompatibleArchitecture, Marker, MaxItems))
struct ListLayerVersionsOutput {
  std::vector<LayerVersionListed> LayerVersions;
  std::optional<std::string> NextMarker;
};
BOOST_DESCRIBE_STRUCT(ListLayerVersionsOutput, (), (LayerVersions, NextMarker))

Result<ListLayerVersionsOutput> list_layer_versions(Lambda& lambda, Context& context,
                                                    ListLayerVersionsInput in) {
  const auto layer = parse_layer_name(context.scope, in.LayerName);
  if (auto error = unless_owner(context.scope, layer, "ListLayerVersions", layer_arn(layer)))
    return std::move(*error);
  std::vector<LayerVersionListed> all;
  if (auto found = lambda.layers.find(layer.scope, layer.name))
    for (const auto& version : newest_first(std::move(*found), in)) all.push_back(listed(layer, version));
  ListLayerVersionsOutput out;
  out.NextMarker = take_page(std::move(all), in.Marker, in.MaxItems, out.LayerVersions);
  return out;
}
}  // namespace

std::span<const Operation> layer_operations() {
#define EMU_LAYERS "/2018-10-31/layers"
  static constexpr Operation rows[] = {
      rest<publish_layer_version>("PublishLayerVersion", "POST " EMU_LAYERS "/{LayerName}/versions", 201),
      rest<get_layer_version>("GetLayerVersion", "GET " EMU_LAYERS "/{LayerName}/versions/{VersionNumber}"),
      rest<get_layer_version_by_arn>("GetLayerVersionByArn", "GET " EMU_LAYERS "?find==LayerVersion&Arn"),
      rest<list_layers>("ListLayers",
                        "GET " EMU_LAYERS "?CompatibleRuntime&CompatibleArchitecture&Marker&MaxItems"),
      rest<list_layer_versions>(
          "ListLayerVersions",
          "GET " EMU_LAYERS "/{LayerName}/versions?CompatibleRuntime&CompatibleArchitecture&Marker&MaxItems"),
      rest<delete_layer_version>("DeleteLayerVersion",
                                 "DELETE " EMU_LAYERS "/{LayerName}/versions/{VersionNumber}", 204),
  };
#undef EMU_LAYERS
  return rows;
}
}  // namespace emu::lambda
