#include "emulator/services/gateway/apis/openapi/import.hpp"

#include <fmt/format.h>

#include "emulator/services/gateway/apis/apis.hpp"
#include "emulator/services/gateway/apis/integrations.hpp"
#include "emulator/services/gateway/apis/operations.hpp"
#include "emulator/services/gateway/apis/rows.hpp"
#include "emulator/services/gateway/apis/stages.hpp"
#include "emulator/services/gateway/openapi_document.hpp"

namespace emu::gateway {
namespace {
struct ReimportInput : ImportOptions {
  std::string apiId;
};
BOOST_DESCRIBE_STRUCT(ReimportInput, (), (apiId, basepath, body, failOnWarnings))
struct ExportInput {
  std::string apiId;
  std::optional<std::string> exportVersion;
  std::optional<bool> includeExtensions;
  std::string outputType, specification;
  std::optional<std::string> stageName;
};
BOOST_DESCRIBE_STRUCT(ExportInput, (),
                      (apiId, exportVersion, includeExtensions, outputType, specification, stageName))
struct Exported {
  std::string body;
};
BOOST_DESCRIBE_STRUCT(Exported, (), (body))

Json document_of(const ImportOptions& in) { return read_openapi(in.body); }

// Into a record whose api has its id.
Strings take_document(Gateway& gateway, const Context& context, const ImportOptions& in, const Json& document,
                      ApiRecord& record) {
  auto warnings = import_openapi(document, base_path_option(in.basepath.value_or("")), record,
                                 [&](std::size_t length) { return gateway.new_id(length); });
  for (const auto& integration : record.integrations) check_link(gateway, context.scope, integration);
  if (!warnings.empty() && in.failOnWarnings.value_or(false))
    throw bad_request(fmt::format("Warnings found during import: {}", warnings.front()));
  return warnings;
}

Imported imported(const Context& context, const Api& api, Strings warnings) {
  Imported out;
  static_cast<Api&>(out) = shown_api(context, api);
  out.warnings = std::move(warnings);
  return out;
}

Result<Imported> import_api(Gateway& gateway, Context& context, ImportOptions in) {
  return import_with(gateway, context, in, {});
}

Result<Imported> reimport(Gateway& gateway, Context& context, ReimportInput in) {
  return reimport_with(gateway, context, in.apiId, in, {}, Others::keep);
}

Result<Exported> export_api(Gateway& gateway, Context& context, ExportInput in) {
  const auto api = gateway.find(context.scope, in.apiId);
  if (!api) return gateway.no_such_api(context.scope, in.apiId);
  if (in.specification != "OAS30") return bad_request("Invalid specification specified. Must be OAS30");
  if (in.outputType != "JSON" && in.outputType != "YAML")
    return bad_request("Invalid output type specified. Must be one of [JSON, YAML]");
  if (in.exportVersion && *in.exportVersion != "1.0") return bad_request("Invalid export version specified");
  const auto& record = api->record;
  ExportOptions options{in.includeExtensions.value_or(true), in.stageName.value_or("")};
  const auto shown = shown_api(context, record.api);
  static const std::vector<Authorizer> kNone;
  const KeptDeployment* kept = nullptr;
  if (in.stageName) {
    const auto* stage = find_by(record.stages, &Stage::stageName, *in.stageName);
    if (!stage) return absent("Invalid stage identifier specified");
    if (!stage->autoDeploy && !stage->deploymentId)
      return bad_request("The stage has no deployment that could be exported");
    for (const auto& each : record.deployments)
      if (!stage->autoDeploy && each.deployment.deploymentId == stage->deploymentId) kept = &each;
  }
  const auto& authorizers = kept ? kept->authorizers : record.authorizers;
  const auto document = export_openapi(shown, kept ? kept->routes : record.routes,
                                       kept ? kept->integrations : record.integrations,
                                       authorizers ? *authorizers : kNone, options);
  return Exported{in.outputType == "JSON" ? document.dump(2) : as_yaml(document)};
}

constexpr wire::Binding kWhole[] = {{wire::Where::response_body, "body"}};
constexpr Operation kRows[] = {
    rest<import_api>("ImportApi", "PUT /v2/apis?basepath&failOnWarnings", 201),
    rest<reimport>("ReimportApi", "PUT /v2/apis/{apiId}?basepath&failOnWarnings", 201),
    rest<export_api>(
        "ExportApi",
        "GET /v2/apis/{apiId}/exports/{specification}?exportVersion&includeExtensions&outputType&stageName",
        200, kWhole),
};
}  // namespace

std::span<const Operation> import_operations() { return kRows; }

Result<Imported> import_with(Gateway& gateway, Context& context, const ImportOptions& in, ApiOptions over) {
  ApiRecord record;
  record.api = fresh_api(gateway);
  auto warnings = take_document(gateway, context, in, document_of(in), record);
  apply(std::move(over), record.api);
  if (record.api.name.empty()) return bad_request("Unable to build API: info.title is missing");
  auto out = imported(context, record.api, std::move(warnings));
  gateway.create(context.scope, std::move(record));
  return out;
}

Result<Imported> reimport_with(Gateway& gateway, Context& context, const std::string& id,
                               const ImportOptions& in, ApiOptions over, Others others) {
  const auto document = document_of(in);  // outside of the lock
  return gateway.change(context.scope, id, [&](ApiRecord& record) -> Result<Imported> {
    if (others == Others::reset) reset(record.api);
    auto warnings = take_document(gateway, context, in, document, record);
    apply(std::move(over), record.api);
    for (auto& stage : record.stages)
      if (stage.autoDeploy) deploy_automatically(gateway, record, stage);
    return imported(context, record.api, std::move(warnings));
  });
}
}  // namespace emu::gateway
