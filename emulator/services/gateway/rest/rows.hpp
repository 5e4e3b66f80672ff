// The rows of REST APIs, by kind, gathered by rest_apis.cpp, and what several of these files share.
#pragma once
#include "emulator/api/resource.hpp"
#include "emulator/services/gateway/rest/document_row.hpp"

namespace emu::gateway::v1 {
std::span<const Operation> api_rows();
std::span<const Operation> resource_rows();
std::span<const Operation> method_rows();
std::span<const Operation> integration_rows();
std::span<const Operation> deployment_rows();
std::span<const Operation> stage_rows();
std::span<const Operation> part_rows();
std::span<const Operation> key_rows();
std::span<const Operation> plan_rows();
std::span<const Operation> usage_rows();
std::span<const Operation> account_rows();
std::span<const Operation> export_rows();
std::span<const Operation> test_invoke_rows();
std::span<const Operation> vpc_link_rows();
std::span<const Operation> domain_rows();
std::span<const Operation> tag_rows();
std::span<const Operation> documentation_rows();
std::span<const Operation> model_template_rows();
std::span<const Operation> certificate_rows();
std::span<const ResourceType> cloudformation_rows();

// What is put together elsewhere (an OpenAPI document, a template's properties), as the operations would have
// kept it: shapes and limits. Throw for what they would have refused.
void check_method(Json& document);  // with its responses and its integration
void check_integration(Json& document);
void check_authorizer(Json& document);
void check_gateway_response(Json& document);
void check_model(Json& document);
void check_plan(Json& document);

// CreateUsagePlanKey, for ImportApiKeys too.
Result<Json> create_plan_key(RestApis& apis, Context& context, const Json& in);

// A part of a record by path: record["resources"][id]["resourceMethods"]["GET"]; null: there is none.
const Json* part_of(const Json& record, std::initializer_list<std::string_view> path);
Json* part_of(Json& record, std::initializer_list<std::string_view> path);
std::vector<Json> values_of(const Json& map);
}  // namespace emu::gateway::v1
