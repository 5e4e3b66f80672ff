// A World with REST APIs over scripted functions, and one API in it.
#pragma once
#include "emulator/services/gateway/door.hpp"
#include "tests/services/gateway/fake_functions.hpp"

namespace emu::test {
struct RestWorld : World {
  FakeFunctions functions{clock};
  gateway::v1::RestApis apis{disk, clock, ids};
  gateway::Gateway http_apis{disk, clock, ids, functions, apis};
  gateway::Door door{http_apis, apis, clock, ids, functions};
  std::string api_id, root;

  RestWorld() {
    const auto api = call(apis, "CreateRestApi", {{"name", "shop"}});
    api_id = api["id"];
    root = api["rootResourceId"];
  }

  static std::string uri(std::string arn = kOrders) {
    return "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/" + arn + "/invocations";
  }
  // The resource of a path such as "/orders/{id}", made where it is not.
  std::string resource(const std::string& path) {
    std::string at = root, walked;
    for (std::size_t from = 1; from < path.size();) {
      const auto end = std::min(path.find('/', from), path.size());
      walked += "/" + path.substr(from, end - from);
      std::string found;
      for (const auto& each : call(apis, "GetResources", {{"restApiId", api_id}, {"limit", 500}})["item"])
        if (each["path"] == walked) found = each["id"];
      if (found.empty())
        found = call(
            apis, "CreateResource",
            {{"restApiId", api_id}, {"parentId", at}, {"pathPart", path.substr(from, end - from)}})["id"];
      at = found;
      from = end + 1;
    }
    return at;
  }
  Json method(const std::string& path, const std::string& verb, Json more = Json::object()) {
    Json in{{"restApiId", api_id},
            {"resourceId", resource(path)},
            {"httpMethod", verb},
            {"authorizationType", "NONE"}};
    in.update(more);
    return call(apis, "PutMethod", in);
  }
  Json integration(const std::string& path, const std::string& verb, Json more) {
    Json in{{"restApiId", api_id}, {"resourceId", resource(path)}, {"http_method", verb}};
    in.update(more);
    return call(apis, "PutIntegration", in);
  }
  // A method that invokes the function.
  void proxy(const std::string& path, const std::string& verb, Json more = Json::object()) {
    method(path, verb, std::move(more));
    integration(path, verb, {{"type", "AWS_PROXY"}, {"httpMethod", "POST"}, {"uri", uri()}});
  }
  // A MOCK that answers as its one response says.
  void mock(const std::string& path, const std::string& verb, std::string request, Json response) {
    method(path, verb);
    integration(path, verb, {{"type", "MOCK"}, {"requestTemplates", {{"application/json", request}}}});
    const Json at{{"restApiId", api_id},
                  {"resourceId", resource(path)},
                  {"httpMethod", verb},
                  {"statusCode", response["statusCode"]}};
    call(apis, "PutMethodResponse", at);
    response.update(at);
    call(apis, "PutIntegrationResponse", response);
  }
  void deploy(const std::string& stage = "prod") {
    call(apis, "CreateDeployment", {{"restApiId", api_id}, {"stageName", stage}});
  }
  http::Request request(std::string verb, std::string path, std::string body = {}) {
    http::Request out{
        std::move(verb), "/_aws/execute-api/" + api_id + path, {}, std::move(body), "203.0.113.7"};
    out.headers.add("Host", "localhost:4566");
    return out;
  }
  http::Response send(http::Request r, Duration longest = 0s) {
    return run(door.serve(std::move(r)), longest);
  }
  http::Response send(std::string verb, std::string path, std::string body = {}) {
    return send(request(std::move(verb), std::move(path), std::move(body)));
  }
  void answers(std::string payload) { functions.outcome = runtime::Outcome{.payload = std::move(payload)}; }
  const Json& event() { return functions.events.back(); }
};
}  // namespace emu::test
