// An API as it is served: its record with a routing table per stage, built when the API changes and immutable
// from then on, so that every loop reads it without a lock.
#pragma once
#include "emulator/api/context.hpp"
#include "emulator/base/clock.hpp"
#include "emulator/services/gateway/access/access_log.hpp"
#include "emulator/services/gateway/apis/api.hpp"
#include "emulator/services/gateway/routing/route_table.hpp"
#include "emulator/services/gateway/throttling/throttles.hpp"

namespace emu::gateway {
struct LiveRoute {
  RouteKey key;
  std::string function_arn;  // empty: no integration yet
  bool version_one = false;  // payload format 1.0
  Duration timeout{};
  std::optional<Integration> http = {};    // of an HTTP_PROXY, its URI with the stage's variables
  std::optional<Integration> action = {};  // of a service's, by integrationSubtype
  std::optional<Integration> mapped = {};  // of a function's, if it maps parameters
  std::string authorization = "NONE";
  std::optional<Authorizer> authorizer = {};
  Strings scopes = {};
  Limit limit = {};
  std::string bucket = {};  // the name of its tokens
};

struct LiveStage {
  std::string name;
  std::optional<AccessLog> access_log = {};
  StringMap variables;
  std::vector<LiveRoute> routes;
  RouteTable table;  // gives indices into routes
};

struct LiveApi {
  Scope scope;
  ApiRecord record;
  std::string account_bucket;  // of all APIs of its account and region
  std::map<std::string, LiveStage, std::less<>> stages;
};

LiveApi compile(const Scope& scope, ApiRecord record);

// "${stageVariables.name}" becomes the stage's value of it; an unknown one, nothing.
std::string with_variables(std::string text, const StringMap& variables);

// The function of "arn:aws:apigateway:…:lambda:path/2015-03-31/functions/{arn}/invocations" or of a function
// ARN itself; empty if the URI names no function.
std::string function_of(std::string_view integration_uri);
}  // namespace emu::gateway
