// gzip and deflate of HTTP bodies, as DynamoDB takes and gives them (spec-dynamodb A7). Used by
// api/front.cpp.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace emu::wire {
enum class Coding { gzip, deflate };

// "gzip" or "deflate", without case; none for any other name.
std::optional<Coding> coding_named(std::string_view name);
std::string_view coding_name(Coding coding);
// What a client that sent this Accept-Encoding is answered in; none: as it is.
std::optional<Coding> preferred_coding(std::string_view accept_encoding);

std::string compressed(Coding coding, std::string_view bytes);

enum class Unpacking { done, corrupt, too_long };
// Appends to `out` what `bytes` hold; never more than `limit` bytes, whatever they promise.
Unpacking unpack(Coding coding, std::string_view bytes, std::size_t limit, std::string& out);
}  // namespace emu::wire
