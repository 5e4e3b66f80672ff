// What the CloudFormation types of REST APIs share: properties as inputs of operations, and calling those.
#pragma once
#include "emulator/services/gateway/rest/rest_apis.hpp"

namespace emu::gateway::v1 {
// Properties spelled as the API spells members: first letters small, but for maps whose keys are the user's;
// Tags as a map; a Schema as text.
Json members_of(Json properties);
// An operation of this service, by name.
awaitable<Result<Json>> perform(RestApis& apis, Context& context, std::string_view operation, Json in);
inline RestApis& apis_of(Service& service) { return static_cast<RestApis&>(service); }

// AWS::ApiGateway::Method, whose one resource is several operations.
awaitable<Result<Resource>> make_method(Service& service, Context& context, ResourceRequest request);
awaitable<Result<Resource>> update_method(Service& service, Context& context, Resource old,
                                          ResourceRequest request);
awaitable<Result<Done>> drop_method(Service& service, Context& context, Resource old);
// AWS::ApiGateway::Deployment and AWS::ApiGateway::Stage.
awaitable<Result<Resource>> make_deployment(Service& service, Context& context, ResourceRequest request);
awaitable<Result<Resource>> update_deployment(Service& service, Context& context, Resource old,
                                              ResourceRequest request);
awaitable<Result<Done>> drop_deployment(Service& service, Context& context, Resource old);
awaitable<Result<Resource>> make_stage(Service& service, Context& context, ResourceRequest request);
awaitable<Result<Resource>> update_stage(Service& service, Context& context, Resource old,
                                         ResourceRequest request);
awaitable<Result<Done>> drop_stage(Service& service, Context& context, Resource old);
}  // namespace emu::gateway::v1
