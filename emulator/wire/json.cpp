#include "emulator/wire/json.hpp"

#include <fmt/format.h>

#include <array>

#include "emulator/base/digest.hpp"
#include "emulator/base/text.hpp"

namespace emu::wire {
namespace {
struct Names {
  std::string_view plain, java;  // as the two families of texts spell the declared type
};
constexpr std::array<Names, 8> kNames{{{"String", "java.lang.String"},
                                       {"Integer", "java.lang.Integer"},
                                       {"Double", "java.lang.Double"},
                                       {"Boolean", "java.lang.Boolean"},
                                       {"ByteBuffer", "java.nio.ByteBuffer"},
                                       {"List", "java.util.List"},
                                       {"Map", "java.util.Map"},
                                       {"Structure", "java.lang.Object"}}};

std::string_view token(const Json& j) {
  if (j.is_boolean()) return j.get<bool>() ? "TRUE_VALUE" : "FALSE_VALUE";
  if (j.is_number_float()) return "DECIMAL_VALUE";
  return j.is_number() ? "NUMBER_VALUE" : "STRING_VALUE";
}

AwsError serialization(std::string text) {
  AwsError error{"SerializationException", std::move(text)};
  error.message_key = "Message";
  return error;
}
}  // namespace

AwsError mismatch(const Json& got, Want want) {
  const auto& names = kNames[static_cast<std::size_t>(want)];
  const bool holder = want == Want::list || want == Want::map || want == Want::structure;
  if (got.is_object()) return serialization("Start of structure or map found where not expected");
  if (got.is_array()) return serialization(fmt::format("Unrecognized collection type class {}", names.java));
  if (holder) return serialization("Unexpected field type");
  if (want == Want::blob) return serialization("only base-64-encoded strings are convertible to bytes");
  return serialization(fmt::format("{} cannot be converted to {}", token(got), names.plain));
}

AwsError missing(std::string_view member) {
  std::string path(member);
  if (!path.empty()) path[0] = lower(path[0]);
  return AwsError::validation(fmt::format(
      "1 validation error detected: Value null at '{}' failed to satisfy constraint: Member must not be null",
      path));
}

bool lenient_boolean(const Json& j) {
  if (j.is_boolean()) return j.get<bool>();
  if (!j.is_string()) throw mismatch(j, Want::boolean);
  const auto text = lower(j.get_ref<const std::string&>());
  if (text == "true" || text == "1" || text == "yes") return true;
  if (text == "false" || text == "0" || text == "no") return false;
  throw serialization("Unexpected token received from parser");
}

std::string blob_bytes(const Json& j) {
  if (!j.is_string()) throw mismatch(j, Want::blob);
  const auto& text = j.get_ref<const std::string&>();
  if (text.size() % 4 != 0)
    throw serialization(
        fmt::format("Base64 encoded length is expected a multiple of 4 bytes but found: {}", text.size()));
  auto bytes = base64_decode(text);
  if (!bytes) throw serialization("Invalid last non-pad Base64 character dectected");  // AWS's own spelling
  return std::move(*bytes);
}

Json encode_json(const Blob& blob) { return base64_encode(blob.bytes); }
}  // namespace emu::wire
