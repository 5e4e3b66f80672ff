// CreateRestApi, ImportRestApi, PutRestApi, GetRestApi, GetRestApis, UpdateRestApi, DeleteRestApi.
#include <fmt/format.h>

#include "emulator/services/gateway/rest/documents/openapi.hpp"
#include "emulator/services/gateway/rest/patch.hpp"
#include "emulator/services/gateway/rest/rest_apis.hpp"
#include "emulator/services/gateway/rest/rows.hpp"

namespace emu::gateway::v1 {
namespace {
constexpr Member kEndpoint[] = {{"types", Shape::texts}, {"ipAddressType"}, {"vpcEndpointIds", Shape::texts}};
constexpr Member kCreate[] = {{"name", Shape::text, true},
                              {"description"},
                              {"version"},
                              {"cloneFrom"},
                              {"binaryMediaTypes", Shape::texts},
                              {"minimumCompressionSize", Shape::number},
                              {"apiKeySource"},
                              {"endpointConfiguration", Shape::object, false, kEndpoint},
                              {"policy"},
                              {"tags", Shape::text_map},
                              {"disableExecuteApiEndpoint", Shape::flag},
                              {"endpointAccessMode"},
                              {"securityPolicy"}};
constexpr Member kUpdate[] = {kRestApiId, kPatch};
constexpr std::string_view kWithoutEffect[] = {"endpointAccessMode", "minimumCompressionSize", "policy",
                                               "securityPolicy"};
constexpr Patchable kPaths[] = {{"/name"},
                                {"/description"},
                                {"/version"},
                                {"/policy"},
                                {"/apiKeySource"},
                                {"/minimumCompressionSize", At::number},
                                {"/disableExecuteApiEndpoint", At::flag},
                                {"/binaryMediaTypes/*", At::set},
                                {"/endpointConfiguration/types/*", At::set},
                                {"/endpointConfiguration/vpcEndpointIds/*", At::set},
                                {"/endpointConfiguration/ipAddressType"}};
// Each API begins with these (spec-gateway 17).
constexpr std::string_view kEmptySchema =
    "{\n  \"$schema\": \"http://json-schema.org/draft-04/schema#\",\n  \"title\" : \"Empty Schema\",\n  "
    "\"type\" : "
    "\"object\"\n}";
constexpr std::string_view kErrorSchema =
    "{\n  \"$schema\" : \"http://json-schema.org/draft-04/schema#\",\n  \"title\" : \"Error Schema\",\n  "
    "\"type\" : "
    "\"object\",\n  \"properties\" : {\n    \"message\" : { \"type\" : \"string\" }\n  }\n}";

void check(const Json& api) {
  const auto source = text(api, "apiKeySource", "HEADER");
  if (source != "HEADER" && source != "AUTHORIZER")
    throw bad_request(fmt::format("Invalid API Key source specified: {}", source));
  if (text(api, "name").empty()) throw bad_request("Invalid Name specified");
  if (const auto* types = part_of(api, {"endpointConfiguration", "types"}))
    for (const auto& type : *types)
      if (type != "EDGE" && type != "REGIONAL" && type != "PRIVATE")
        throw bad_request("Invalid EndpointConfiguration type specified");
}

Json model(RestApis& apis, std::string_view name, std::string_view description, std::string_view schema) {
  return {{"id", apis.new_id(6)},
          {"name", name},
          {"description", description},
          {"schema", schema},
          {"contentType", "application/json"}};
}

// The record of an API that nothing was added to.
Json fresh(RestApis& apis, const Json& in) {
  const auto root = apis.new_id(10);
  Json api{{"id", apis.new_id(10)},
           {"createdDate", apis.now()},
           {"apiKeySource", "HEADER"},
           {"endpointConfiguration", {{"types", {"EDGE"}}}},
           {"disableExecuteApiEndpoint", false},
           {"tags", Json::object()},
           {"rootResourceId", root}};
  take(api, in,
       {"name", "description", "version", "binaryMediaTypes", "minimumCompressionSize", "apiKeySource",
        "endpointConfiguration", "policy", "tags", "disableExecuteApiEndpoint"});
  return {{"api", std::move(api)},
          {"resources", {{root, {{"id", root}, {"path", "/"}}}}},
          {"models",
           {{"Empty", model(apis, "Empty", "This is a default empty schema model", kEmptySchema)},
            {"Error", model(apis, "Error", "This is a default error schema model", kErrorSchema)}}}};
}

Result<Json> create(RestApis& apis, Context& context, const Json& in) {
  Json record = fresh(apis, in);
  if (in.contains("cloneFrom")) {
    const auto from = apis.find(context.scope, text(in, "cloneFrom"));
    if (!from) return absent("Invalid API identifier specified");
    Json api = record["api"];
    record = from->record;
    for (const auto* part : {"deployments", "stages"}) record.erase(part);
    take(api, record["api"], {"rootResourceId"});
    for (const auto* member : {"binaryMediaTypes", "apiKeySource", "description"})
      if (!in.contains(member)) take(api, record["api"], {member});
    record["api"] = std::move(api);
  }
  Json api = record["api"];
  check(api);
  apis.create(context.scope, std::move(record));
  return api;
}

Result<Json> get(RestApis& apis, Context& context, const Json& in) {
  const auto api = apis.find(context.scope, text(in, "restApiId"));
  if (!api) return apis.no_such_api();
  return api->record["api"];
}

Result<Json> list(RestApis& apis, Context& context, const Json& in) {
  std::vector<Json> all;
  for (const auto& api : apis.all(context.scope)) all.push_back(api->record["api"]);
  return page(std::move(all), in);
}

Result<Json> update(RestApis& apis, Context& context, const Json& in) {
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    apply_patch(record["api"], kPaths, in.value("patchOperations", Json()));
    check(record["api"]);
    return record["api"];
  });
}

Result<Json> remove(RestApis& apis, Context& context, const Json& in) {
  if (!apis.remove(context.scope, text(in, "restApiId"))) return apis.no_such_api();
  return Json::object();
}

std::function<std::string(std::size_t)> ids_of(RestApis& apis) {
  return [&apis](std::size_t length) { return apis.new_id(length); };
}

// Of the parameters of an import: ignore=documentation.
Json document_of(const Json& in) {
  auto document = read_openapi(text(in, "body"));
  if (text(in, "ignore") == "documentation") document.erase("x-amazon-apigateway-documentation");
  return document;
}

// And endpointConfigurationTypes=REGIONAL.
void take_types(Json& api, const Json& in) {
  if (in.contains("endpointConfigurationTypes"))
    api["endpointConfiguration"]["types"] = Json::array({in["endpointConfigurationTypes"]});
}

Result<Json> import(RestApis& apis, Context& context, const Json& in) {
  const auto document = document_of(in);
  const auto* title = part_of(document, {"info", "title"});
  Json record = fresh(apis, {{"name", title && title->is_string() ? *title : Json("imported")}});
  import_openapi(document, record, true, base_path_option(text(in, "basepath")), ids_of(apis));
  take_types(record["api"], in);
  check(record["api"]);
  Json api = record["api"];
  apis.create(context.scope, std::move(record));
  return api;
}

Result<Json> put(RestApis& apis, Context& context, const Json& in) {
  const auto document = document_of(in);
  const auto mode = text(in, "mode", "merge");
  if (mode != "merge" && mode != "overwrite")
    return bad_request("Invalid mode specified. Valid values are: [merge, overwrite]");
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    import_openapi(document, record, mode == "merge", base_path_option(text(in, "basepath")), ids_of(apis));
    take_types(record["api"], in);
    check(record["api"]);
    return record["api"];
  });
}

// `parameters` is a map whose members stand in the query by themselves.
constexpr Member kImport[] = {{"body", Shape::text, true},
                              {"failOnWarnings", Shape::flag},
                              {"parameters", Shape::any},
                              {"basepath"},
                              {"ignore"},
                              {"endpointConfigurationTypes"}};
constexpr Member kPut[] = {kRestApiId,
                           {"mode"},
                           {"body", Shape::text, true},
                           {"failOnWarnings", Shape::flag},
                           {"parameters", Shape::any},
                           {"basepath"},
                           {"ignore"},
                           {"endpointConfigurationTypes"}};
constexpr wire::Binding kBody[] = {{wire::Where::request_body, "body"}};
constexpr std::string_view kImportWithoutEffect[] = {"failOnWarnings"};

constexpr Operation kRows[] = {
    row<import, kImport>(
        "ImportRestApi",
        "POST "
        "/restapis?mode==import&failonwarnings=failOnWarnings&basepath&ignore&endpointConfigurationTypes",
        201, kBody)
        .ignoring(kImportWithoutEffect),
    row<put, kPut>(
        "PutRestApi",
        "PUT "
        "/restapis/{restApiId}?mode&failonwarnings=failOnWarnings&basepath&ignore&endpointConfigurationTypes",
        200, kBody)
        .ignoring(kImportWithoutEffect),
    row<create, kCreate>("CreateRestApi", "POST /restapis", 201).ignoring(kWithoutEffect),
    row<get, kByApi>("GetRestApi", "GET /restapis/{restApiId}"),
    row<list, kListed>("GetRestApis", "GET /restapis?position&limit"),
    row<update, kUpdate>("UpdateRestApi", "PATCH /restapis/{restApiId}"),
    row<remove, kByApi>("DeleteRestApi", "DELETE /restapis/{restApiId}", 202),
};
}  // namespace

std::span<const Operation> api_rows() { return kRows; }
}  // namespace emu::gateway::v1
