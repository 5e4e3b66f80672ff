// ImportApi, ReimportApi and what the resource rows need of them: APIs from OpenAPI documents.
#pragma once
#include "emulator/services/gateway/apis/openapi/openapi.hpp"
#include "emulator/services/gateway/gateway.hpp"

namespace emu::gateway {
struct ImportOptions {
  std::optional<std::string> basepath;  // "ignore" (default), "prepend"
  std::string body;                     // JSON
  std::optional<bool> failOnWarnings;
};
BOOST_DESCRIBE_STRUCT(ImportOptions, (), (basepath, body, failOnWarnings))
struct Imported : Api {
  Strings warnings;
};
BOOST_DESCRIBE_STRUCT(Imported, (),
                      (apiEndpoint, apiId, apiKeySelectionExpression, corsConfiguration, createdDate,
                       description, disableExecuteApiEndpoint, ipAddressType, name, protocolType,
                       routeSelectionExpression, tags, version, warnings))

Result<Imported> import_api(Gateway& gateway, Context& context, ImportOptions in);
// The API's stages, name and tags stay as far as the document says nothing of them.
Result<Imported> reimport_api(Gateway& gateway, Context& context, const std::string& id, ImportOptions in);
}  // namespace emu::gateway
