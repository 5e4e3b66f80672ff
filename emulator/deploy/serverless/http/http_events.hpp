// http events as they are written (spec-iac 1.4), read into one list. Used by rest_api.cpp.
#pragma once
#include "emulator/deploy/serverless/service.hpp"

namespace emu::deploy::serverless {
struct HttpEvent {
  std::string path, method;  // "orders/{id}", "GET"
  const Function* function;
  Place place;
  std::optional<Json> cors;  // {"origin": …, "headers": …, "credentials": …, "maxAge": …}
  bool needs_key = false;
  // Null: none; "aws_iam"; or {"name": …, "arn": …}, or {"id": …}, and what else it says.
  Json authorizer;
  Json parameters = Json::object();  // "method.request.path.id": true
  Json mapped = Json::object();      // of these, what is handed on instead: "method.request.header.x": …
  std::string operation;
  std::string integration = "AWS_PROXY";  // as API Gateway calls it
  bool async = false;
  bool streams = false;            // response.transferMode
  std::optional<Json> connection;  // the id of a VPC link
  std::optional<Json> timeout_ms;
  Json request = Json::object();                      // template, passThrough, uri, method, contentHandling
  Json response = Json::object();                     // headers, template, statusCodes
  std::vector<std::pair<std::string, Node>> schemas;  // by content type: a schema, or the name of one
};
std::vector<HttpEvent> http_events(Service& service);
}  // namespace emu::deploy::serverless
