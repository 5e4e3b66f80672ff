// HTTP APIs from OpenAPI 3.0 documents and back (spec-gateway 26), with API Gateway's extensions.
// Pure: a document in, a record out. Used by import.cpp and the resource rows.
#pragma once
#include <functional>

#include "emulator/base/json.hpp"
#include "emulator/services/gateway/apis/api.hpp"
#include "emulator/services/gateway/openapi_document.hpp"

namespace emu::gateway {
using NewId = std::function<std::string(std::size_t)>;

// Replaces routes, integrations, authorizers and CORS of a record whose api has its id. Throws
// BadRequestException for what is no such document. Returns what was passed over.
Strings import_openapi(const Json& document, BasePath base, ApiRecord& record, const NewId& new_id);

struct ExportOptions {
  bool extensions = true;
  std::string stage;  // a server's path; empty: none
};
// Of what a stage serves, or the API as it is.
Json export_openapi(const Api& api, const std::vector<Route>& routes,
                    const std::vector<Integration>& integrations, const std::vector<Authorizer>& authorizers,
                    const ExportOptions& options);
}  // namespace emu::gateway
