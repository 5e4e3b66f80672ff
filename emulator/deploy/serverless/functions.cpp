// {N}LogGroup and {N}LambdaFunction (spec-iac 3). The code is not packed: Code names the project directory
// under the bucket "hot-reload", and Lambda runs it in place; a prebuilt package.artifact goes along as its
// bytes. For the same reason no {N}LambdaVersion is made: a version is a frozen copy, and nothing here is
// frozen.
#include <fmt/format.h>

#include <algorithm>

#include "emulator/base/digest.hpp"
#include "emulator/base/file.hpp"
#include "emulator/base/text.hpp"
#include "emulator/deploy/serverless/function_keys.hpp"
#include "emulator/deploy/serverless/http/cors.hpp"
#include "emulator/deploy/serverless/service.hpp"

namespace emu::deploy::serverless {
namespace {
constexpr std::size_t kMaxName = 64;  // CreateFunction, API reference
constexpr int kDefaultMemory = 1024;  // serverless, not Lambda's 128
constexpr int kDefaultTimeout = 6;
constexpr std::pair<const char*, const char*> kVpcNames[] = {
    {"securityGroupIds", "SecurityGroupIds"},
    {"subnetIds", "SubnetIds"},
    {"ipv6AllowedForDualStack", "Ipv6AllowedForDualStack"}};
constexpr std::string_view kDefaultRuntime = "nodejs20.x";

// One function being compiled.
struct Compiling {
  Service& service;
  const Function& function;
  Section settings;
  Node& properties;

  std::string path(std::string_view key) const { return settings.path(key); }
  // The function's own setting, or else the provider's.
  const Node* inherited(std::string_view key) const {
    const Node* own = settings.find(key);
    return own ? own : service.provider.find(key);
  }
};

void set_code(Compiling& c) {
  const Node* package = c.settings.find("package");
  const Node* zip = package ? artifact_of(*package, c.path("package"), c.service.report) : nullptr;
  if (!zip && c.service.artifact) zip = &*c.service.artifact;
  const Place& from = zip ? zip->place : c.function.node.place;
  if (!zip) {
    c.properties.set("Code",
                     Node({{"S3Bucket", "hot-reload"}, {"S3Key", c.service.directory.string()}}, from));
  } else if (const auto bytes = read_file(c.service.directory / zip->text())) {
    c.properties.set("Code", Node({{"ZipFile", base64_encode(*bytes)}}, from));
  } else {
    c.service.report.refuse(from, fmt::format("the artifact {} does not exist; build it first", zip->text()));
  }
}

void set_runtime(Compiling& c) {
  const Node* own = c.settings.text("runtime");
  const Node* runtime = own ? own : c.service.provider.find("runtime");
  const Node value = runtime ? *runtime : Node(kDefaultRuntime, c.function.node.place);
  if (!value.is_string() || std::ranges::find(kRuntimes, value.text(), &Key::name) == std::end(kRuntimes)) {
    c.service.report.refuse(value.place, fmt::format("unknown runtime \"{}\"; supported are {}",
                                                     value.as_text(), listed(kRuntimes, Support::full)));
  }
  c.properties.set("Runtime", value);
}

void set_environment(Compiling& c) {
  Node variables = Node::map(c.function.node.place);
  bool any = false;
  for (const Node* from : std::initializer_list<const Node*>{c.service.provider.find("environment"),
                                                             c.settings.find("environment")}) {
    if (!from || from->is_null()) continue;
    if (!from->is_map()) {
      c.service.report.refuse(from->place,
                              fmt::format("environment must be a mapping, not {}", from->what()));
      continue;
    }
    any = true;
    for (const auto& [name, value] : from->members) {
      if (value.is_list() || (value.is_map() && !is_intrinsic(value)))
        c.service.report.refuse(
            value.place, fmt::format("the environment variable {} must be text, not {}", name, value.what()));
      else if (value.is_null())
        variables.erase(name);
      else
        variables.set(name, value.is_map() ? value : Node(value.as_text(), value.place));
    }
  }
  if (!any) return;
  Node environment = Node::map(variables.place);
  environment.set("Variables", std::move(variables));
  c.properties.set("Environment", std::move(environment));
}

// `tracing: active` is what people write; Lambda knows only "Active", so it is written so.
void set_tracing(Compiling& c) {
  const Node* tracing = c.settings.find("tracing");
  if (!tracing) tracing = c.service.provider.at({"tracing", "lambda"});
  if (!tracing || tracing->is_null() || (tracing->is_boolean() && !tracing->is_true())) return;
  const std::string mode = tracing->is_true() ? "active" : lower(tracing->as_text());
  if (mode != "active" && mode != "passthrough")
    return c.service.report.refuse(tracing->place,
                                   fmt::format("{} must be true, false, Active or PassThrough, not \"{}\"",
                                               c.path("tracing"), tracing->as_text()));
  if (tracing->is_string() && tracing->text() == "active")
    c.service.report.note(tracing->place,
                          "tracing: active is read as Active; AWS itself refuses the lower case");
  c.properties.set("TracingConfig",
                   Node({{"Mode", mode == "active" ? "Active" : "PassThrough"}}, tracing->place));
  allow(c.service,
        {{"Effect", "Allow"},
         {"Action", {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}},
         {"Resource", Json::array({"*"})}},
        tracing->place);
}

void set_vpc(Compiling& c) {
  const Node* own = c.function.node.find("vpc");
  if (own && (own->is_null() || (own->is_boolean() && !own->is_true()))) return;  // unset for this function
  if (own) Section(*own, c.path("vpc"), kVpcKeys, c.service.report);
  const Node* shared = c.service.provider.find("vpc");
  Node config = Node::map(own ? own->place : shared ? shared->place : Place{});
  for (const auto& [from, to] : kVpcNames) {
    const Node* value = own ? own->find(from) : nullptr;
    if (!value && shared) value = shared->find(from);
    if (value) config.set(to, *value);
  }
  if (config.find("SecurityGroupIds") && config.find("SubnetIds"))
    c.properties.set("VpcConfig", std::move(config));
}

void set_tags(Compiling& c) {
  Node tags = Node::map(c.function.node.place);
  for (const Node* from :
       std::initializer_list<const Node*>{c.service.provider.find("tags"), c.settings.map("tags")})
    if (from)
      for (const auto& [key, value] : from->members) tags.set(key, value);
  if (!tags.members.empty()) c.properties.set("Tags", Node(tags_list(tags), tags.members.back().value.place));
}

void set_dead_letters_and_key(Compiling& c) {
  if (const Node* arn = c.settings.value("onError")) {
    Node config = Node::map(arn->place);
    config.set("TargetArn", *arn);
    c.properties.set("DeadLetterConfig", std::move(config));
    if (arn->is_string())
      allow(c.service,
            {{"Effect", "Allow"},
             {"Action", Json::array({"sns:Publish"})},
             {"Resource", Json::array({arn->text()})}},
            arn->place);
  }
  if (const Node* key = c.inherited("kmsKeyArn")) {
    c.properties.set("KmsKeyArn", *key);
    if (key->is_string())
      allow(c.service,
            {{"Effect", "Allow"},
             {"Action", Json::array({"kms:Decrypt"})},
             {"Resource", Json::array({key->text()})}},
            key->place);
  }
}

constexpr std::pair<std::string_view, std::string_view> kRuntimeUpdates[] = {
    {"auto", "Auto"}, {"onFunctionUpdate", "FunctionUpdate"}, {"manual", "Manual"}};

// A mode, or {mode, arn}.
void set_runtime_management(Compiling& c) {
  const Node* node = c.inherited("runtimeManagement");
  if (!node || node->is_null()) return;
  std::optional<Section> section;
  if (node->is_map())
    section.emplace(*node, c.path("runtimeManagement"), kRuntimeManagementKeys, c.service.report);
  const Node* mode = section ? section->text("mode") : node;
  const auto known =
      std::ranges::find(kRuntimeUpdates, mode ? std::string_view(mode->as_text()) : std::string_view(),
                        &std::pair<std::string_view, std::string_view>::first);
  if (known == std::end(kRuntimeUpdates))
    return c.service.report.refuse(
        node->place, fmt::format("{} must be auto, onFunctionUpdate, or a mapping with mode and arn",
                                 c.path("runtimeManagement")));
  Node config = Node::map(node->place);
  config.set("UpdateRuntimeOn", Node(std::string(known->second), node->place));
  if (const Node* arn = section ? section->value("arn") : nullptr) config.set("RuntimeVersionArn", *arn);
  c.properties.set("RuntimeManagementConfig", std::move(config));
}

void set_snap_start_and_loop(Compiling& c) {
  if (c.settings.flag("snapStart"))
    c.properties.set("SnapStart",
                     Node({{"ApplyOn", "PublishedVersions"}}, c.settings.find("snapStart")->place));
  if (const Node* loop = c.settings.text("recursiveLoop")) {
    const auto mode = lower(loop->text());
    if (mode != "allow" && mode != "terminate")
      return c.service.report.refuse(loop->place, fmt::format("{} must be Allow or Terminate, not \"{}\"",
                                                              c.path("recursiveLoop"), loop->text()));
    c.properties.set("RecursiveLoop", Node(mode == "allow" ? "Allow" : "Terminate", loop->place));
  }
}

void set_role(Compiling& c, Node& depends_on) {
  const Node* role = custom_role(c.service, c.function);
  const Place& from = role ? role->place : c.function.node.place;
  if (role && (role->is_map() || role->text().starts_with("arn:"))) {
    c.properties.set("Role", *role);
    return;
  }
  c.properties.set("Role", Node(get_att(role ? role->text() : "IamRoleLambdaExecution", "Arn"), from));
  if (role) depends_on.push(*role);
}

void set_numbers(Compiling& c) {
  const auto number = [&](std::string_view key, std::string_view property, std::optional<int> otherwise) {
    auto value = c.settings.number(key);
    if (const Node* shared = c.service.provider.find(key); !value && shared && !shared->is_null())
      value = number_of(*shared, fmt::format("provider.{}", key), c.service.report);
    if (!value && otherwise) value = Node(*otherwise, c.function.node.place);
    if (value) c.properties.set(std::string(property), *value);
  };
  number("memorySize", "MemorySize", kDefaultMemory);
  number("timeout", "Timeout", kDefaultTimeout);
  if (auto n = c.settings.number("reservedConcurrency")) c.properties.set("ReservedConcurrentExecutions", *n);
  if (auto n = c.settings.number("ephemeralStorageSize")) {
    Node storage = Node::map(n->place);
    storage.set("Size", *n);
    c.properties.set("EphemeralStorage", std::move(storage));
  }
}

void add_log_group(Compiling& c) {
  Node& group = c.service.add(c.function.logical_id + "LogGroup", "AWS::Logs::LogGroup",
                              {{"LogGroupName", "/aws/lambda/" + c.function.name}}, c.function.node.place);
  if (const Node* days = c.inherited("logRetentionInDays"))
    group.find("Properties")->set("RetentionInDays", *days);
}

void add_url(Compiling& c);
void add_provisioned(Compiling& c, const std::string& digest);

void compile_function(Service& service, const Function& function) {
  const std::string path = "functions." + function.key;
  const Place from = function.node.place;
  Node& resource = service.add(function.lambda_id(), "AWS::Lambda::Function", Json::object(), from);
  Compiling c{service, function, Section(function.node, path, kFunctionKeys, service.report),
              *resource.find("Properties")};
  const Node* handler = c.settings.text("handler");
  if (handler)
    c.properties.set("Handler", *handler);
  else if (!c.settings.find("handler") && !c.settings.find("image"))
    service.report.refuse(from, fmt::format("{} has no handler; write handler: file.function", path));
  const Node* name = c.settings.find("name");
  if (function.name.size() > kMaxName)
    service.report.refuse(
        name ? name->place : from,
        fmt::format("the function name {} is longer than {} characters; give {} a shorter name",
                    function.name, kMaxName, path));
  c.properties.set("FunctionName", Node(function.name, name ? name->place : from));
  set_code(c);
  set_runtime(c);
  set_numbers(c);
  if (const Node* architecture = c.inherited("architecture")) {
    Node list = Node::list(architecture->place);
    list.push(*architecture);
    c.properties.set("Architectures", std::move(list));
  }
  if (const Node* description = c.settings.text("description")) c.properties.set("Description", *description);
  if (const Node* layers =
          c.settings.list("layers") ? c.settings.find("layers") : service.provider.find("layers"))
    c.properties.set("Layers", *layers);
  set_environment(c);
  set_tracing(c);
  set_vpc(c);
  set_tags(c);
  set_dead_letters_and_key(c);
  set_runtime_management(c);
  set_snap_start_and_loop(c);

  Node depends_on = Node::list(from);
  if (!c.settings.flag("disableLogs")) depends_on.push(Node(function.logical_id + "LogGroup", from));
  if (const Node* more = c.settings.find("dependsOn"))
    for (const auto& id : texts(*more)) depends_on.push(Node(id, more->place));
  set_role(c, depends_on);
  // Here: what is set below moves the properties.
  const auto digest = hex(sha256(c.properties.json().dump())).substr(0, 32);
  if (!depends_on.items.empty()) resource.set("DependsOn", std::move(depends_on));
  if (const Node* condition = c.settings.text("condition")) resource.set("Condition", *condition);

  if (!c.settings.flag("disableLogs")) add_log_group(c);
  add_provisioned(c, digest);
  add_url(c);
}

// What serverless allows where `cors: true`, or a part of it, is given.
const Json kUrlCors = {
    {"AllowHeaders",
     {"Content-Type", "X-Amz-Date", "Authorization", "X-Api-Key", "X-Amz-Security-Token", "X-Amzn-Trace-Id"}},
    {"AllowMethods", Json::array({"*"})},
    {"AllowOrigins", Json::array({"*"})}};

// A version of the function as it is configured, by a name of its own for each configuration, and the alias
// that has the environments (spec-iac 3).
void add_provisioned(Compiling& c, const std::string& digest) {
  const Node* node = c.settings.find("provisionedConcurrency");
  if (!node) return;
  std::optional<Node> executions;
  std::string alias = "provisioned";
  if (node->is_map() && !is_intrinsic(*node)) {
    const Section section(*node, c.path("provisionedConcurrency"), kProvisionedKeys, c.service.report);
    executions = section.number("executions");
    if (const Node* name = section.text("alias")) alias = name->text();
  } else {
    executions = number_of(*node, c.path("provisionedConcurrency"), c.service.report);
  }
  if (!executions) return;
  const auto version = c.function.logical_id + "LambdaVersion" + digest;
  const auto function = ref_to(c.function.lambda_id());
  c.service.add(version, "AWS::Lambda::Version", {{"FunctionName", function}}, node->place);
  c.service.add(c.function.alias_id(), "AWS::Lambda::Alias",
                {{"FunctionName", function},
                 {"FunctionVersion", get_att(version, "Version")},
                 {"Name", alias},
                 {"ProvisionedConcurrencyConfig", {{"ProvisionedConcurrentExecutions", executions->json()}}}},
                node->place);
}

void add_url(Compiling& c) {
  static const Node kNone = Node::map();
  const Node* node = c.settings.find("url");
  if (!node || (node->is_boolean() && !node->is_true())) return;
  const Section url(node->is_true() ? kNone : *node, c.path("url"), kUrlKeys, c.service.report);
  const Node* authorizer = url.text("authorizer");
  if (authorizer && authorizer->text() != "aws_iam")
    c.service.report.refuse(authorizer->place, fmt::format("{} must be aws_iam, not \"{}\"",
                                                           url.path("authorizer"), authorizer->text()));
  const std::string auth = authorizer ? "AWS_IAM" : "NONE";
  const std::string id = c.function.logical_id + "LambdaFunctionUrl";
  Json properties = {{"AuthType", auth}, {"TargetFunctionArn", c.function.arn()}};
  if (const auto cors = cors_configuration(url.find("cors"), url.path("cors"), kUrlCors, c.service.report))
    properties["Cors"] = *cors;
  if (const Node* mode = url.text("invokeMode"); mode && mode->text() == "RESPONSE_STREAM")
    properties["InvokeMode"] = mode->text();
  c.service.add(id, "AWS::Lambda::Url", properties, node->place);
  c.service.add_output(id, "Lambda Function URL", get_att(id, "FunctionUrl"), node->place);
  if (authorizer) return;
  c.service.add(c.function.logical_id + "LambdaPermissionFnUrl", "AWS::Lambda::Permission",
                {{"FunctionName", c.function.arn()},
                 {"Action", "lambda:InvokeFunctionUrl"},
                 {"Principal", "*"},
                 {"FunctionUrlAuthType", auth}},
                node->place);
  c.service.add(c.function.logical_id + "LambdaPermissionFn", "AWS::Lambda::Permission",
                {{"FunctionName", c.function.arn()},
                 {"Action", "lambda:InvokeFunction"},
                 {"Principal", "*"},
                 {"InvokedViaFunctionUrl", true}},
                node->place);
}
}  // namespace

const Node* artifact_of(const Node& package, const std::string& path, Report& report) {
  return Section(package, path, kPackageKeys, report).text("artifact");
}

void compile_functions(Service& service) {
  for (const auto& function : service.functions) compile_function(service, function);
}
}  // namespace emu::deploy::serverless
