// Documentation parts of REST APIs, as documents bring them: shared by the operations on them
// (documentation.cpp) and the import of APIs.
#pragma once
#include <functional>

#include "emulator/services/gateway/rest/document_row.hpp"

namespace emu::gateway::v1 {
// {"documentationParts": [{"location": …, "properties": …}]} into the record; what is there at a location is
// replaced. Gives {"ids": […], "warnings": […]}: a part that cannot be is warned of and passed over.
Json import_documentation(const Json& documentation, Json& record, bool merge,
                          const std::function<std::string(std::size_t)>& new_id);
// Throws BadRequestException for a part whose properties are no object in text.
void check_documentation_part(Json& part);
// x-amazon-apigateway-documentation of a stage: the parts of the version that it names; null: it names none.
Json exported_documentation(const Json& record, const Json& stage);
}  // namespace emu::gateway::v1
