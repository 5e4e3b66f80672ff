// The Update operations of REST APIs: patchOperations [{op, path, value}] over a document. A table says which
// paths a kind of document has and what is at them. Pure. Used by the operations of this folder.
#pragma once
#include "emulator/services/gateway/rest/document_row.hpp"

namespace emu::gateway::v1 {
enum class At {
  text,
  number,
  real,
  flag,
  set,      // a list of texts: the last part of the path is the element ("/binaryMediaTypes/image~1png")
  removal,  // something that can only be taken away whole
};
struct Patchable {
  std::string_view path;  // "/variables/*": any one part
  At what = At::text;
};

// What is refused leaves the document as it was, but throws: BadRequestException.
void apply_patch(Json& document, std::span<const Patchable> table, const Json& operations);

// "/a~1b/c" -> "a/b", "c". Throws for what does not begin with a slash.
std::vector<std::string> path_parts(std::string_view path);
}  // namespace emu::gateway::v1
