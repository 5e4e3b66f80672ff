// One serverless service while it is compiled: what its parts share. Made and owned by compile()
// (serverless_yml.cpp); the parts below add resources and outputs to its template.
#pragma once
#include <filesystem>

#include "emulator/deploy/serverless/names.hpp"
#include "emulator/deploy/serverless/section.hpp"

namespace emu::deploy::serverless {
struct Function {
  std::string key;         // in serverless.yml
  std::string logical_id;  // "ProcessOrder": the stem of its resources' ids
  std::string name;        // of the Lambda function
  Node node;               // its configuration
  std::string lambda_id() const { return logical_id + "LambdaFunction"; }
  // Provisioned concurrency is an alias's, so events go through it.
  bool provisioned() const { return node.find("provisionedConcurrency") != nullptr; }
  std::string alias_id() const { return logical_id + "ProvConcLambdaAlias"; }
  Json arn() const { return provisioned() ? ref_to(alias_id()) : get_att(lambda_id(), "Arn"); }
};

struct Service {
  std::string name, stage, region;
  std::filesystem::path directory;
  Node config;                   // variables resolved
  Node provider;                 // config.provider
  std::optional<Node> artifact;  // package.artifact, for functions without one of their own
  std::vector<Function> functions;
  Node resources = Node::map(), outputs = Node::map();
  Report report;

  // A resource whose properties all come from `from`, unless they are replaced by ones that know better.
  Node& add(const std::string& id, std::string_view type, const Json& properties, const Place& from);
  void add_output(const std::string& id, std::string_view description, Json value, const Place& from);
};

void compile_functions(Service& service);      // {N}LogGroup, {N}LambdaFunction, function URLs
void compile_layers(Service& service);         // {N}LambdaLayer
void compile_role(Service& service);           // IamRoleLambdaExecution
void compile_event_invokes(Service& service);  // {N}LambdaEvConf
void compile_event_sources(Service& service);  // {N}EventSourceMapping…
void compile_http_api(Service& service);       // HttpApi…, routes, permissions
void compile_rest_api(Service& service);       // ApiGateway…: resources, methods, the deployment
Node merge_resources(Service& service);        // the whole template, with the user's resources over ours

// The prebuilt zip that a package block names.
const Node* artifact_of(const Node& package, const std::string& path, Report& report);
// The role of a function, if the user gave one: of the function or of the provider.
const Node* custom_role(const Service& service, const Function& function);
// A statement for the execution role, where there is one of ours.
void allow(Service& service, const Json& statement, const Place& from);
// A statement for what a function hands on: to a queue, a topic, a bus or a function. `type` where the ARN
// does not say; null: it does.
void allow_delivery(Service& service, const Node& arn, const Node* type);
Json tags_list(const Node& tags);
}  // namespace emu::deploy::serverless
