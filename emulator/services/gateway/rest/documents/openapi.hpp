// REST APIs from OpenAPI documents (spec-gateway 26): Swagger 2.0 and OpenAPI 3 with API Gateway's
// extensions. Pure: a document in, a record out.
#pragma once
#include <functional>

#include "emulator/services/gateway/openapi_document.hpp"
#include "emulator/services/gateway/rest/document_row.hpp"

namespace emu::gateway::v1 {
// Replaces (or, merging, adds to) resources, methods, models, authorizers, validators and gateway responses
// of a record whose "api" has its id and root. Throws BadRequestException for what is no such document.
// `new_id`: of a part, given its length.
void import_openapi(const Json& document, Json& record, bool merge, BasePath base,
                    const std::function<std::string(std::size_t)>& new_id);
}  // namespace emu::gateway::v1
