#include "emulator/wire/json.hpp"

#include <array>

#include "emulator/base/digest.hpp"
#include "emulator/base/text.hpp"

namespace emu::wire {
namespace {
// As the texts spell the declared type, by Want.
constexpr std::array<std::string_view, 5> kScalars{"String", "Integer", "Long", "Double", "Boolean"};
constexpr std::string_view kStructure = "Start of structure or map found where not expected";

bool scalar(Want want) { return static_cast<std::size_t>(want) < kScalars.size(); }

std::string_view token(View j) {
  if (j.is_boolean()) return j.kind() == Kind::yes ? "TRUE_VALUE" : "FALSE_VALUE";
  if (j.kind() == Kind::decimal) return "DECIMAL_VALUE";
  if (j.is_null()) return "NULL_VALUE";
  return j.is_number() ? "NUMBER_VALUE" : "STRING_VALUE";
}

std::string declared_name(Want want) {
  if (scalar(want)) return fmt::format("class java.lang.{}", kScalars[static_cast<std::size_t>(want)]);
  if (want == Want::blob) return "class java.nio.ByteBuffer";
  return want == Want::list ? "class java.util.List" : "class java.lang.Object";
}
}  // namespace

std::string path_name(std::string_view member) {
  std::string out(member);
  if (!out.empty()) out[0] = lower(out[0]);
  return out;
}

AwsError serialization(std::string text) {
  AwsError error{"SerializationException", std::move(text)};
  error.message_key = "Message";
  return error;
}

AwsError mismatch(View got, Want want, std::string_view declared) {
  if (got.is_object()) return serialization(std::string(kStructure));
  if (got.is_array())
    return serialization(fmt::format("Unrecognized collection type {}",
                                     declared.empty() ? declared_name(want) : std::string(declared)));
  if (want == Want::blob) return serialization("only base-64-encoded strings are convertible to bytes");
  if (!scalar(want)) return serialization("Unexpected field type");
  return serialization(
      fmt::format("{} cannot be converted to {}", token(got), kScalars[static_cast<std::size_t>(want)]));
}

AwsError element_mismatch(View got, std::string_view declared) {
  return got.is_array() ? mismatch(got, Want::structure, declared)
                        : serialization("Unexpected value type in payload");
}

std::string java_structure(std::string_view package, std::string_view name) {
  return package.empty() ? "class java.lang.Object" : fmt::format("class {}{}", package, name);
}

std::string java_holder(std::string_view holder, std::string element) {
  constexpr std::string_view kClass = "class ";
  if (element.starts_with(kClass)) element.erase(0, kClass.size());
  return fmt::format("{}{}>", holder, element);
}

Missing::Missing(std::string_view member) : AwsError(validation({})), path(path_name(member)) { within({}); }

void Missing::within(std::string_view outer) {
  if (!outer.empty()) path = fmt::format("{}.{}", outer, path);
  message = fmt::format(
      "1 validation error detected: Value null at '{}' failed to satisfy constraint: Member must not be null",
      path);
}

bool lenient_boolean(View j) {
  if (j.is_boolean()) return j.kind() == Kind::yes;
  if (!j.is_string()) throw mismatch(j, Want::boolean);
  const auto text = lower(j.text());
  if (text == "true" || text == "1" || text == "yes") return true;
  if (text == "false" || text == "0" || text == "no") return false;
  throw serialization("Unexpected token received from parser");
}

std::int64_t whole_number(View j) {
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  if (j.kind() == Kind::large) return kMost;
  if (j.kind() == Kind::integer) return j.integer();
  constexpr double kEdge = 9223372036854775808.0;  // 2^63
  const double number = j.decimal();
  if (number >= kEdge) return kMost;
  return number < -kEdge ? std::numeric_limits<std::int64_t>::min() : static_cast<std::int64_t>(number);
}

std::string blob_bytes(View j) {
  if (!j.is_string()) throw mismatch(j, Want::blob);
  std::string_view text = j.text();
  if (text.size() % 4 != 0)
    throw serialization(
        fmt::format("Base64 encoded length is expected a multiple of 4 bytes but found: {}", text.size()));
  auto bytes = base64_decode(text);
  std::size_t padding = 0;
  while (padding < 2 && text.ends_with('=')) {
    text.remove_suffix(1);
    ++padding;
  }
  const int spare = padding == 2   ? 0xF
                    : padding == 1 ? 0x3
                                   : 0;  // bits of the last character that say nothing
  const int last = text.empty() ? 0 : base64_value(text.back());
  if (last < 0 || (last & spare) != 0)
    throw serialization("Invalid last non-pad Base64 character dectected");  // AWS's own spelling
  if (bytes) return std::move(*bytes);
  const auto bad = std::ranges::find_if(text, [](char c) { return base64_value(c) < 0; });
  throw serialization(fmt::format("Invalid Base64 character: '{}'", *bad));
}

Json encode_json(const Blob& blob) { return base64_encode(blob.bytes); }
}  // namespace emu::wire
