// A REST API as it is served: per stage the snapshot of its deployment, compiled once: the tree of resources
// and, per method, what serving needs without a search through documents. Immutable, so that every loop reads
// it without a lock.
#pragma once
#include <map>
#include <memory>

#include "emulator/api/context.hpp"
#include "emulator/base/clock.hpp"
#include "emulator/base/json.hpp"
#include "emulator/services/gateway/access/access_log.hpp"
#include "emulator/services/gateway/routing/resource_tree.hpp"
#include "emulator/services/gateway/throttling/throttles.hpp"

namespace emu::gateway::v1 {
struct LiveMethod {
  enum class Kind { none, aws_proxy, aws, http_proxy, http, mock };
  std::string operation_name;
  std::string authorization = "NONE";
  Json authorizer;                  // its document; null: none
  std::vector<std::string> scopes;  // one of them is enough
  bool api_key_required = false, validates_body = false, validates_parameters = false;
  std::vector<std::string> required;    // "header.x", "path.y", "querystring.z", in the order AWS tells them
  std::map<std::string, Json> schemas;  // of bodies, by content type
  Kind kind = Kind::none;
  Json integration;          // its document
  std::string function_arn;  // of AWS_PROXY and AWS to a function, stage variables resolved
  std::string uri;           // resolved, too
  Duration timeout{};
  bool streams = false;  // the function's response is passed on while it comes
  Limit limit;
  std::string bucket;  // the name of its tokens
};

struct LiveResource {
  std::string id, path;
  std::map<std::string, LiveMethod, std::less<>> methods;  // "GET", "ANY"
  const LiveMethod* method(std::string_view name) const;   // the exact one before ANY; null: none
};

struct LiveRestStage {
  std::string name, deployment_id;
  std::map<std::string, std::string> variables;
  std::optional<AccessLog> access_log;
  ResourceTree tree;
  std::vector<LiveResource> resources;
  Json gateway_responses, schemas;  // by type; by model name
  Json compiled_from;               // the stage's document: as long as that stays, so does this
};

struct LiveRestApi {
  Scope scope;
  Json record;  // {"api": …, "resources": {id: …}, "stages": {name: …}, "deployments": {id: …}, …}
  std::string id;
  bool closed = false;  // disableExecuteApiEndpoint
  std::string key_source;
  std::string account_bucket;  // of all APIs of its account and region
  std::vector<std::string> binary_types;
  std::map<std::string, std::shared_ptr<const LiveRestStage>, std::less<>> stages;
};

// Stages that are as in `before` are taken over; null: compile all.
std::shared_ptr<const LiveRestApi> compile_rest(const Scope& scope, Json record,
                                                std::shared_ptr<const LiveRestApi> before);
}  // namespace emu::gateway::v1
