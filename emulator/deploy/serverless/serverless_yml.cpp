#include "emulator/deploy/serverless/serverless_yml.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "emulator/deploy/serverless/function_keys.hpp"
#include "emulator/deploy/serverless/service.hpp"

namespace emu::deploy {
namespace serverless {
namespace {
constexpr std::string_view kLocal = "nothing is uploaded";

constexpr Key kTopKeys[] = {
    {"service"},
    {"provider"},
    {"functions"},
    {"resources"},
    {"custom"},
    {"params"},
    {"package"},
    {"plugins"},
    {"useDotenv"},
    {"frameworkVersion", Support::no_effect},
    {"configValidationMode", Support::no_effect, "what is not understood is always an error"},
    {"variablesResolutionMode", Support::no_effect},
    {"unresolvedVariablesNotificationMode", Support::no_effect},
    {"deprecationNotificationMode", Support::no_effect},
    {"disabledDeprecations", Support::no_effect},
    {"app", Support::no_effect},
    {"org", Support::no_effect},
    {"tenant", Support::no_effect},
    {"console", Support::no_effect},
    {"dashboard", Support::no_effect},
    {"layers"},
    {"build", Support::not_yet},
    {"stages", Support::not_yet, "use params"},
};

constexpr Key kProviderKeys[] = {
    {"name"},
    {"runtime"},
    {"stage"},
    {"region"},
    {"stackName"},
    {"memorySize"},
    {"timeout"},
    {"environment"},
    {"httpApi"},
    {"iam"},
    {"role"},
    {"iamRoleStatements"},
    {"iamManagedPolicies"},
    {"rolePermissionsBoundary"},
    {"tags"},
    {"tracing"},
    {"vpc"},
    {"kmsKeyArn"},
    {"layers"},
    {"architecture"},
    {"logRetentionInDays"},
    {"versionFunctions", Support::no_effect,
     "functions run from the project directory, no version is published"},
    {"profile", Support::no_effect, "any credentials are accepted"},
    {"deploymentBucket", Support::no_effect, kLocal},
    {"deploymentPrefix", Support::no_effect, kLocal},
    {"deploymentMethod", Support::no_effect, kLocal},
    {"lambdaHashingVersion", Support::no_effect, kLocal},
    {"stackTags", Support::no_effect},
    {"notificationArns", Support::no_effect},
    {"stackPolicy", Support::no_effect},
    {"rollbackConfiguration", Support::no_effect},
    {"disableRollback", Support::no_effect, "what a failed deployment created is always removed"},
    {"stackParameters", Support::not_yet},
    {"apiGateway"},
    {"apiName"},
    {"apiKeys", Support::not_yet, "write provider.apiGateway.apiKeys"},
    {"endpointType"},
    {"websocketsApiName", Support::not_yet},
    {"websocketsApiRouteSelectionExpression", Support::not_yet},
    {"alb", Support::not_yet},
    {"ecr", Support::not_yet},
    {"eventBridge", Support::not_yet},
    {"s3", Support::not_yet},
    {"kinesis", Support::not_yet},
    {"logs"},
    {"logDataProtectionPolicy", Support::not_yet},
    {"runtimeManagement"},
    {"resourcePolicy", Support::not_yet},
    {"usagePlan", Support::not_yet, "write provider.apiGateway.usagePlan"},
};

// Plugins whose absence changes nothing here; any other may change what is deployed, and is refused.
constexpr Key kPlugins[] = {
    {"serverless-offline", Support::no_effect, "emu runs the functions"},
    {"serverless-localstack", Support::no_effect, "emu is the endpoint"},
    {"serverless-esbuild", Support::no_effect, "TypeScript handlers are compiled as they are called"},
    {"serverless-plugin-typescript", Support::no_effect,
     "TypeScript handlers are compiled as they are called"},
    {"serverless-webpack", Support::no_effect, "TypeScript handlers are compiled as they are called"},
    {"serverless-bundle", Support::no_effect, "TypeScript handlers are compiled as they are called"},
    {"serverless-python-requirements", Support::no_effect,
     "Python finds what is installed beside the project"},
    {"serverless-prune-plugin", Support::no_effect, "there are no old versions"},
    {"serverless-deployment-bucket", Support::no_effect, kLocal},
    {"serverless-dotenv-plugin", Support::not_yet, "write useDotenv: true"},
};

constexpr Key kPluginKeys[] = {{"modules"}, {"localPath", Support::not_yet}};
constexpr Key kTracingKeys[] = {{"lambda"}, {"apiGateway", Support::no_effect, "nothing is traced"}};

// Blocks that functions inherit from: their own keys and types.
void check_inherited(Service& service, const Section& provider) {
  for (const auto* key : {"tags", "environment", "vpc", "tracing"}) provider.map(key);
  for (const auto* key : {"layers", "iamRoleStatements", "iamManagedPolicies"}) provider.list(key);
  if (const Node* tracing = provider.find("tracing"); tracing && tracing->is_map())
    Section(*tracing, "provider.tracing", kTracingKeys, service.report);
  if (const Node* vpc = provider.find("vpc"); vpc && vpc->is_map())
    Section(*vpc, "provider.vpc", kVpcKeys, service.report);
  const Node* package = service.config.find("package");
  if (const Node* zip = package ? artifact_of(*package, "package", service.report) : nullptr)
    service.artifact = *zip;
}

void check_plugins(Service& service) {
  const Node* plugins = service.config.find("plugins");
  if (plugins && plugins->is_map()) {
    const Section section(*plugins, "plugins", kPluginKeys, service.report);
    plugins = section.list("modules");
  }
  if (!plugins || plugins->is_null()) return;
  if (!plugins->is_list())
    service.report.refuse(plugins->place, fmt::format("plugins must be a list, not {}", plugins->what()));
  for (const auto& name : plugins->items) {
    const auto row = std::ranges::find(kPlugins, name.as_text(), &Key::name);
    if (row == std::end(kPlugins))
      service.report.refuse(
          name.place,
          fmt::format("the plugin {} is not supported; it may change what is deployed. Known are {}",
                      name.as_text(), listed(kPlugins, Support::no_effect)));
    else if (row->support == Support::no_effect)
      service.report.note(name.place,
                          fmt::format("the plugin {} has no effect here: {}", name.as_text(), row->why));
    else
      service.report.refuse(name.place,
                            fmt::format("the plugin {} is not supported: {}", name.as_text(), row->why));
  }
}

void read_functions(Service& service) {
  const Node* functions = service.config.find("functions");
  if (!functions || functions->is_null()) return;
  std::vector<const Node*> maps;
  if (functions->is_list())
    for (const auto& part : functions->items) maps.push_back(&part);
  else
    maps.push_back(functions);
  for (const Node* map : maps) {
    if (!map->is_map()) {
      service.report.refuse(
          map->place, fmt::format("functions must be a mapping from name to function, not {}", map->what()));
      continue;
    }
    for (const auto& [key, value] : map->members) {
      if (!value.is_map()) {
        service.report.refuse(
            value.place,
            fmt::format("functions.{} must be a mapping with a handler, not {}", key, value.what()));
        continue;
      }
      if (std::ranges::any_of(key, [](unsigned char c) { return !std::isalnum(c) && c != '-' && c != '_'; }))
        service.report.refuse(
            value.place,
            fmt::format("the function name \"{}\" may hold letters, digits, '-' and '_' only", key));
      const Node* name = value.find("name");
      service.functions.push_back({key, normalized(key),
                                   name && !name->is_null()
                                       ? name->as_text()
                                       : fmt::format("{}-{}-{}", service.name, service.stage, key),
                                   value});
    }
  }
}

bool is_stack_name(std::string_view name) {
  return !name.empty() && name.size() <= 128 && std::isalpha(static_cast<unsigned char>(name[0])) &&
         std::ranges::all_of(name, [](unsigned char c) { return std::isalnum(c) || c == '-'; });
}

std::string stack_name(Service& service, const Section& provider, const Node* named) {
  const Node* own = provider.text("stackName");
  std::string name = own ? own->text() : service.name + "-" + service.stage;
  if (!service.name.empty() && !is_stack_name(name))
    service.report.refuse(own ? own->place : named->place,
                          fmt::format("\"{}\" is no name for a stack; use letters, digits and '-', beginning "
                                      "with a letter, at most 128",
                                      name));
  return name;
}

// The name, also in the old form `service: {name: x}`.
const Node* service_name(Service& service, const Section& top) {
  const Node* name = top.find("service");
  if (name && name->is_map()) name = name->find("name");
  if (!name || !name->is_string()) {
    service.report.refuse(name ? name->place : service.config.place,
                          "service must name the project; write service: my-service");
    return nullptr;
  }
  service.name = name->text();
  return name;
}
}  // namespace

Node& Service::add(const std::string& id, std::string_view type, const Json& properties, const Place& from) {
  Node resource = Node::map(from);
  resource.set("Type", Node(type, from));
  resource.set("Properties", Node(properties, from));
  return resources.set(id, std::move(resource));
}

void Service::add_output(const std::string& id, std::string_view description, Json value, const Place& from) {
  outputs.set(id, Node({{"Description", description},
                        {"Value", std::move(value)},
                        {"Export", {{"Name", fmt::format("sls-{}-{}-{}", name, stage, id)}}}},
                       from));
}
}  // namespace serverless

CompiledService compile_serverless(Node document, VariableInputs inputs) {
  using namespace serverless;
  if (!document.is_map())
    throw Problems(document.place,
                   fmt::format("this file must be a mapping with service, provider and functions, not {}",
                               document.what()));
  Service s;
  s.directory = inputs.directory;
  const auto options = inputs.options;
  s.config = resolve_variables(std::move(document), std::move(inputs));
  const Section top(s.config, "", kTopKeys, s.report);
  const Node* named = service_name(s, top);
  static const Node kNone = Node::map();
  const Node* provider_node = top.find("provider");
  if (provider_node && provider_node->is_string()) {  // provider: aws
    s.provider = Node({{"name", provider_node->text()}}, provider_node->place);
  } else {
    s.provider = provider_node ? *provider_node : kNone;
  }
  const Section provider(s.provider, "provider", kProviderKeys, s.report);
  const Node* cloud = provider.text("name");
  if (!cloud || cloud->text() != "aws")
    s.report.refuse(cloud           ? cloud->place
                    : provider_node ? provider_node->place
                                    : s.config.place,
                    "provider.name must be aws");
  const auto choose = [&](const std::string& key, std::string_view otherwise) {
    if (const auto it = options.find(key); it != options.end()) return it->second;
    const Node* value = provider.value(key);
    return value && value->kind == Node::Kind::scalar ? value->as_text() : std::string(otherwise);
  };
  s.stage = choose("stage", "dev");
  s.region = choose("region", "us-east-1");
  const std::string stack = stack_name(s, provider, named);
  check_inherited(s, provider);
  check_plugins(s);
  read_functions(s);
  compile_role(s);
  compile_layers(s);
  compile_functions(s);
  compile_event_invokes(s);
  compile_event_sources(s);
  compile_http_api(s);
  compile_rest_api(s);
  Node stack_template = merge_resources(s);
  s.report.finish();
  return {s.name, s.stage, s.region, stack, std::move(stack_template), std::move(s.report.notes)};
}
}  // namespace emu::deploy
