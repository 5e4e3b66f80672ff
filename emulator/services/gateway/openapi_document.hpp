// OpenAPI documents as clients send and fetch them, of HTTP and of REST APIs: JSON or YAML, and the base path
// that they name (spec-gateway 26). Pure; bytes from outside: bounded by emulator/source. Used by the
// importers and exporters of both kinds.
#pragma once
#include <string_view>

#include "emulator/base/error.hpp"

namespace emu::gateway {
inline constexpr std::size_t kMostImported = 6 * 1024 * 1024;  // bytes, as of AWS's import operations
// Throws BadRequestException, with the line, for what is neither or larger.
Json read_openapi(std::string_view body);
// JSON as YAML's block style has it.
std::string as_yaml(const Json& document);

enum class BasePath { ignore, prepend, split };
// "prepend"; empty: ignore. Throws BadRequestException for other words.
BasePath base_path_option(std::string_view said);
// What is put before each path: "/a/b", or nothing. Swagger's basePath, or the path of the first server with
// its variable {basePath} filled in; without its first part if it is split, which stands for the stage.
std::string base_path_of(const Json& document, BasePath how);
}  // namespace emu::gateway
