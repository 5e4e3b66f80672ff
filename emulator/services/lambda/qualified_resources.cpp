// AWS::Lambda::Alias, Url, LayerVersion, LayerVersionPermission, and the provisioned concurrency of versions
// and aliases: what templates make beside functions.
#include "emulator/services/lambda/aliases.hpp"
#include "emulator/services/lambda/layers/operations.hpp"
#include "emulator/services/lambda/provisioned.hpp"
#include "emulator/services/lambda/resources.hpp"
#include "emulator/services/lambda/urls/urls.hpp"

namespace emu::lambda {
namespace {
Lambda& as_lambda(Service& service) { return static_cast<Lambda&>(service); }

// The API has weights as a map, templates as a list.
Json alias_form(Json properties) {
  properties.erase("ProvisionedConcurrencyConfig");
  const auto routing = properties.find("RoutingConfig");
  if (routing == properties.end() || !routing->contains("AdditionalVersionWeights")) {
    properties["RoutingConfig"] = Json::object();
    return properties;
  }
  Json weights = Json::object();
  for (auto& weight : (*routing)["AdditionalVersionWeights"]) {
    const auto& share = weight.at("FunctionWeight");
    weights[weight.at("FunctionVersion").get<std::string>()] =
        share.is_string() ? Json::parse(share.get<std::string>(), nullptr, false) : share;
  }
  (*routing)["AdditionalVersionWeights"] = std::move(weights);
  return properties;
}

Resource alias_resource(const AliasConfiguration& alias) {
  return {alias.AliasArn, {{"AliasArn", alias.AliasArn}}};
}

awaitable<Result<Resource>> create_alias_resource(Service& service, Context& context,
                                                  ResourceRequest request) {
  auto& lambda = as_lambda(service);
  auto form = alias_form(request.properties);
  auto made = create_alias(lambda, context, wire::decode(wire::Tag<CreateAliasInput>{}, form, ""));
  if (!made) co_return std::move(made.error());
  auto provisioned = co_await provision_resource(lambda, context, made->AliasArn, request.properties);
  if (!provisioned) {
    static_cast<void>(
        delete_alias(lambda, context, {made->AliasArn.substr(0, made->AliasArn.rfind(':')), made->Name}));
    co_return std::move(provisioned.error());
  }
  co_return alias_resource(*made);
}

awaitable<Result<Resource>> update_alias_resource(Service& service, Context& context, Resource,
                                                  ResourceRequest request) {
  auto& lambda = as_lambda(service);
  auto form = alias_form(request.properties);
  if (!form.contains("Description")) form["Description"] = "";
  auto changed = update_alias(lambda, context, wire::decode(wire::Tag<UpdateAliasInput>{}, form, ""));
  if (!changed) co_return std::move(changed.error());
  auto provisioned = co_await provision_resource(lambda, context, changed->AliasArn, request.properties);
  if (!provisioned) co_return std::move(provisioned.error());
  co_return alias_resource(*changed);
}

awaitable<Result<Done>> remove_alias_resource(Service& service, Context& context, Resource resource) {
  const auto name = parse_name(context.scope, resource.physical_id);
  co_return unless_gone(delete_alias(as_lambda(service), context, {name.name, name.qualifier}));
}

UrlOptions url_form(Json properties) {
  properties["FunctionName"] = properties.at("TargetFunctionArn");
  properties.erase("TargetFunctionArn");
  auto out = wire::decode(wire::Tag<UrlOptions>{}, properties, "");
  if (!out.Qualifier || out.Qualifier->empty()) {  // it may be a part of the ARN
    const auto parts = split_name(out.FunctionName, NameShape::plain);
    if (parts && !parts->qualifier.empty()) out.Qualifier = std::string(parts->qualifier);
  }
  return out;
}

Resource url_resource(const UrlConfiguration& url) {
  return {url.FunctionArn, {{"FunctionArn", url.FunctionArn}, {"FunctionUrl", url.FunctionUrl}}};
}

awaitable<Result<Resource>> create_url_resource(Service& service, Context& context, ResourceRequest request) {
  auto made = create_url(as_lambda(service), context, url_form(request.properties));
  if (!made) co_return std::move(made.error());
  co_return url_resource(*made);
}

awaitable<Result<Resource>> update_url_resource(Service& service, Context& context, Resource,
                                                ResourceRequest request) {
  auto form = url_form(request.properties);
  if (!form.Cors) form.Cors = UrlCors{};  // a template says all
  if (!form.InvokeMode) form.InvokeMode = "BUFFERED";
  auto changed = update_url(as_lambda(service), context, std::move(form));
  if (!changed) co_return std::move(changed.error());
  co_return url_resource(*changed);
}

awaitable<Result<Done>> remove_url_resource(Service& service, Context& context, Resource resource) {
  const auto name = parse_name(context.scope, resource.physical_id);
  UrlInput in{name.name, std::nullopt};
  if (!name.qualifier.empty()) in.Qualifier = name.qualifier;
  co_return unless_gone(delete_url(as_lambda(service), context, std::move(in)));
}

awaitable<Result<Resource>> create_layer_resource(Service& service, Context& context,
                                                  ResourceRequest request) {
  Json form = request.properties;
  if (!form.contains("LayerName")) form["LayerName"] = request.logical_id;
  auto in = wire::decode(wire::Tag<PublishLayerVersionInput>{}, form, "");
  auto made = co_await publish_layer_version(as_lambda(service), context, std::move(in));
  if (!made) co_return std::move(made.error());
  co_return Resource{made->LayerVersionArn, {{"LayerVersionArn", made->LayerVersionArn}}};
}

// The layer's ARN and the number behind it.
LayerVersionInput layer_version_of(std::string_view arn) {
  const auto colon = arn.rfind(':');
  return {std::string(arn.substr(0, colon)), std::stoll(std::string(arn.substr(colon + 1)))};
}

awaitable<Result<Done>> remove_layer_resource(Service& service, Context& context, Resource resource) {
  auto gone =
      co_await delete_layer_version(as_lambda(service), context, layer_version_of(resource.physical_id));
  co_return unless_gone(gone);
}

awaitable<Result<Resource>> create_layer_permission(Service& service, Context& context,
                                                    ResourceRequest request) {
  const auto arn = request.properties.at("LayerVersionArn").get<std::string>();
  auto layer = layer_version_of(arn);
  AddLayerPermissionInput in{std::move(layer.LayerName),
                             layer.VersionNumber,
                             request.suggested_name,
                             request.properties.value("Action", ""),
                             request.properties.value("Principal", ""),
                             {},
                             {}};
  if (request.properties.contains("OrganizationId"))
    in.OrganizationId = request.properties["OrganizationId"].get<std::string>();
  auto added = add_layer_permission(as_lambda(service), context, std::move(in));
  if (!added) co_return std::move(added.error());
  const auto id = fmt::format("{}#{}", arn, request.suggested_name);
  co_return Resource{id, {{"Id", id}}};
}

awaitable<Result<Done>> remove_layer_permission_of(Service& service, Context& context, Resource resource) {
  const auto hash = resource.physical_id.find('#');
  auto layer = layer_version_of(std::string_view(resource.physical_id).substr(0, hash));
  co_return unless_gone(remove_layer_permission(
      as_lambda(service), context,
      {std::move(layer.LayerName), layer.VersionNumber, resource.physical_id.substr(hash + 1), {}}));
}

// Every property of these types replaces the resource, so an update finds nothing to do.
awaitable<Result<Resource>> unchanged(Service&, Context&, Resource old, ResourceRequest) { co_return old; }

constexpr std::string_view kAlias[] = {
    "Description",  "FunctionName", "FunctionVersion", "Name", "ProvisionedConcurrencyConfig",
    "RoutingConfig"};
constexpr std::string_view kAliasCreateOnly[] = {"FunctionName", "Name"};
constexpr std::string_view kUrl[] = {"AuthType", "Cors", "InvokeMode", "Qualifier", "TargetFunctionArn"};
constexpr std::string_view kUrlCreateOnly[] = {"Qualifier", "TargetFunctionArn"};
constexpr std::string_view kLayer[] = {
    "CompatibleArchitectures", "CompatibleRuntimes", "Content", "Description", "LayerName", "LicenseInfo"};
constexpr std::string_view kLayerPermission[] = {"Action", "LayerVersionArn", "OrganizationId", "Principal"};

constexpr ResourceType kTypes[] = {
    {"AWS::Lambda::Alias",
     kAlias,
     {},
     kAliasCreateOnly,
     create_alias_resource,
     update_alias_resource,
     remove_alias_resource},
    {"AWS::Lambda::Url",
     kUrl,
     {},
     kUrlCreateOnly,
     create_url_resource,
     update_url_resource,
     remove_url_resource},
    {"AWS::Lambda::LayerVersion",
     kLayer,
     {},
     kLayer,
     create_layer_resource,
     unchanged,
     remove_layer_resource},
    {"AWS::Lambda::LayerVersionPermission",
     kLayerPermission,
     {},
     kLayerPermission,
     create_layer_permission,
     unchanged,
     remove_layer_permission_of},
};
}  // namespace

namespace {
constexpr Duration kLook = std::chrono::milliseconds(20);  // ours: between looks at what is being provisioned

// A deployment goes on when the environments are there, or will not be.
awaitable<Result<Done>> until_ready(Lambda& lambda, Context& context, ProvisionedInput which) {
  for (;;) {
    const auto now = get_provisioned(lambda, context, which);
    if (!now) co_return now.error();
    if (now->Status == "READY") co_return Done{};
    if (now->Status == "FAILED")
      co_return invalid_parameter(
          fmt::format("Provisioned Concurrency configuration failed to be applied. Reason: {}",
                      now->StatusReason.value_or("")));
    co_await lambda.clock.sleep(kLook);
  }
}
}  // namespace

awaitable<Result<Done>> provision_resource(Lambda& lambda, Context& context, std::string arn,
                                           Json properties) {
  const auto name = parse_name(context.scope, arn);
  const ProvisionedInput which{name.name, name.qualifier};
  const auto config = properties.find("ProvisionedConcurrencyConfig");
  if (config == properties.end()) {
    const auto none = delete_provisioned(lambda, context, which);
    co_return none ? Result<Done>(Done{}) : none.error();
  }
  Json form = *config;
  wire::coerce_number(form["ProvisionedConcurrentExecutions"], "ProvisionedConcurrentExecutions");
  const auto put = put_provisioned(
      lambda, context, {name.name, name.qualifier, form["ProvisionedConcurrentExecutions"].get<int>()});
  if (!put) co_return put.error();
  auto waiting = until_ready(lambda, context, which);
  co_return co_await std::move(waiting);
}

std::span<const ResourceType> qualified_resource_types() { return kTypes; }
}  // namespace emu::lambda
