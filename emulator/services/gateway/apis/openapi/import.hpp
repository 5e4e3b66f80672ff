// ImportApi, ReimportApi and what the resource rows need of them: APIs from OpenAPI documents.
#pragma once
#include "emulator/services/gateway/apis/apis.hpp"
#include "emulator/services/gateway/apis/openapi/openapi.hpp"
#include "emulator/services/gateway/gateway.hpp"

namespace emu::gateway {
struct ImportOptions {
  std::optional<std::string> basepath;  // "ignore" (default), "prepend", "split"
  std::string body;                     // JSON or YAML
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

// `over`: comes over what the document says. Refused as a whole or published as a whole.
Result<Imported> import_with(Gateway& gateway, Context& context, const ImportOptions& in, ApiOptions over);
// The API's stages stay, and what the document does not say of the others' that are kept.
Result<Imported> reimport_with(Gateway& gateway, Context& context, const std::string& id,
                               const ImportOptions& in, ApiOptions over, Others others);
}  // namespace emu::gateway
