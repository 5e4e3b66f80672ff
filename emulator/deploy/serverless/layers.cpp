// {N}LambdaLayer for each layer of serverless.yml (spec-iac 3). Like functions, a layer is not packed: its
// directory is used in place, under the bucket "hot-reload"; a prebuilt package.artifact goes along as its
// bytes.
#include <fmt/format.h>

#include "emulator/base/digest.hpp"
#include "emulator/base/file.hpp"
#include "emulator/deploy/serverless/service.hpp"

namespace emu::deploy::serverless {
namespace {
constexpr Key kLayerKeys[] = {
    {"path"},
    {"package"},
    {"name"},
    {"description"},
    {"compatibleRuntimes"},
    {"compatibleArchitectures"},
    {"licenseInfo"},
    {"allowedAccounts"},
    {"retain", Support::no_effect, "a layer version that is replaced is deleted"},
};

// The property Content; null: it is said what is wrong.
Json content_of(Service& service, const Section& layer) {
  const Node* package = layer.find("package");
  if (const Node* zip = package ? artifact_of(*package, layer.path("package"), service.report) : nullptr) {
    const auto bytes = read_file(service.directory / zip->text());
    if (bytes) return {{"ZipFile", base64_encode(*bytes)}};
    service.report.refuse(zip->place,
                          fmt::format("the artifact {} does not exist; build it first", zip->text()));
    return nullptr;
  }
  const Node* path = layer.text("path");
  if (path && std::filesystem::is_directory(service.directory / path->text()))
    return {{"S3Bucket", "hot-reload"}, {"S3Key", (service.directory / path->text()).string()}};
  service.report.refuse(path ? path->place : layer.place(),
                        fmt::format("{} must name the layer's directory", layer.path("path")));
  return nullptr;
}

void compile_layer(Service& service, const std::string& key, const Node& node) {
  const Section layer(node, "layers." + key, kLayerKeys, service.report);
  const auto content = content_of(service, layer);
  const Node* name = layer.text("name");
  Json properties = {{"LayerName", name ? name->text() : key}, {"Content", content}};
  const auto take = [&](std::string_view from, const char* property) {
    if (const Node* value = layer.find(from)) properties[property] = value->json();
  };
  take("description", "Description");
  take("compatibleRuntimes", "CompatibleRuntimes");
  take("compatibleArchitectures", "CompatibleArchitectures");
  take("licenseInfo", "LicenseInfo");
  const auto id = normalized(key) + "LambdaLayer";
  service.add(id, "AWS::Lambda::LayerVersion", properties, node.place);
  service.add_output(id + "QualifiedArn", "Current Lambda layer version", ref_to(id), node.place);
  const Node* accounts = layer.list("allowedAccounts");
  if (!accounts) return;
  for (const auto& account : accounts->items) {
    const auto who = account.as_text();
    service.add(fmt::format("{}{}LambdaLayerPermission", normalized(key), who == "*" ? "Wild" : who),
                "AWS::Lambda::LayerVersionPermission",
                {{"Action", "lambda:GetLayerVersion"}, {"LayerVersionArn", ref_to(id)}, {"Principal", who}},
                account.place);
  }
}
}  // namespace

void compile_layers(Service& service) {
  const Node* layers = service.config.find("layers");
  if (!layers || layers->is_null()) return;
  if (!layers->is_map())
    return service.report.refuse(layers->place,
                                 fmt::format("layers must be a mapping, not {}", layers->what()));
  for (const auto& [key, value] : layers->members) compile_layer(service, key, value);
}
}  // namespace emu::deploy::serverless
