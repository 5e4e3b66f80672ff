// One request to a REST API while it is served: what has been found out about it so far. Made by serve.cpp,
// read by the steps it goes through.
#pragma once
#include "emulator/services/gateway/events/event_rest.hpp"
#include "emulator/services/gateway/rest/live_rest.hpp"
#include "emulator/services/gateway/templates/template.hpp"

namespace emu::gateway::v1 {
struct Call {
  std::shared_ptr<const LiveRestApi> api;
  std::shared_ptr<const LiveRestStage> stage;
  const LiveResource* resource = nullptr;
  const LiveMethod* method = nullptr;
  std::vector<std::pair<std::string, std::string>> parameters;  // of the path
  http::Request request;
  std::string path, raw_path;       // without and with the stage, as sent
  std::optional<std::string> base;  // of a custom domain's mapping: stands for the stage
  std::string domain, request_id, extended_id, trace_id;
  Time now{};
  Identity identity;
  Json authorizer;             // requestContext.authorizer; null: none
  std::string usage_key;       // that an authorizer gave
  IntegrationLog integration;  // what came of that
  Json error;                  // $context.error of the gateway's own response; null: none was made

  RestEventSource event(std::string_view authorizer_text) const;
  bool binary_body() const;  // whether the body's type is one of binaryMediaTypes
};

bool is_binary_type(const LiveRestApi& api, std::string_view media_type);
// $context, $input and $stageVariables of this request's templates.
Json context_of(const Call& call);
TemplateInput template_input(const Call& call);
// "method.request.header.x", "'text'", "context.requestId", "stageVariables.x", "method.request.body.a.b".
std::optional<std::string> mapped(const Call& call, const std::string& expression);
}  // namespace emu::gateway::v1
