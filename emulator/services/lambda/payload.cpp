#include "emulator/services/lambda/payload.hpp"

#include "emulator/services/lambda/errors.hpp"

namespace emu::lambda {
namespace {
// Accepts every value and keeps none; remembers where and at what the text stopped being JSON.
struct Checker {
  std::size_t position = 0;
  std::string token;
  bool null() { return true; }
  bool boolean(bool) { return true; }
  bool number_integer(Json::number_integer_t) { return true; }
  bool number_unsigned(Json::number_unsigned_t) { return true; }
  bool number_float(Json::number_float_t, const std::string&) { return true; }
  bool string(std::string&) { return true; }
  bool binary(Json::binary_t&) { return true; }
  bool start_object(std::size_t) { return true; }
  bool key(std::string&) { return true; }
  bool end_object() { return true; }
  bool start_array(std::size_t) { return true; }
  bool end_array() { return true; }
  bool parse_error(std::size_t at, const std::string& last_token, const Json::exception&) {
    position = at;
    token = last_token;
    return false;
  }
};

bool is_token_char(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

// Jackson's wording of what stands at that place. `at` is behind the last character read.
std::string reason(std::string_view text, std::size_t at) {
  if (at > text.size()) return "Unexpected end-of-input";
  std::size_t begin = at == 0 ? 0 : at - 1;
  const auto byte = static_cast<unsigned char>(text[begin]);
  if (byte >= 0x80) return fmt::format("Invalid UTF-8 start byte 0x{:02x}", byte);
  if (!is_token_char(text[begin]))
    return fmt::format(
        "Unexpected character ('{}' (code {})): expected a valid value (JSON String, Number, "
        "Array, Object or token 'null', 'true' or 'false')",
        text[begin], byte);
  while (begin > 0 && is_token_char(text[begin - 1])) --begin;
  std::size_t end = at;
  while (end < text.size() && is_token_char(text[end])) ++end;
  return fmt::format(
      "Unrecognized token '{}': was expecting (JSON String, Number, Array, Object or token "
      "'null', 'true' or 'false')",
      text.substr(begin, end - begin));
}
}  // namespace

std::optional<AwsError> check_size(std::string_view payload, std::size_t limit) {
  if (payload.size() <= limit) return std::nullopt;
  return too_large(
      fmt::format("Request must be smaller than {} bytes for the InvokeFunction operation", limit));
}

std::optional<AwsError> check_json(std::string_view payload) {
  Checker checker;
  if (Json::sax_parse(payload, &checker)) return std::nullopt;
  const auto head = payload.substr(0, checker.position);
  const auto line = 1 + std::ranges::count(head, '\n');
  const auto newline = head.rfind('\n');
  const auto column = newline == head.npos ? head.size() + 1 : head.size() - newline;
  return user_error(
      "InvalidRequestContentException",
      fmt::format(
          "Could not parse request body into json: Could not parse payload into json: {}\n at [Source: "
          "REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: {}, column: {}]",
          reason(payload, checker.position), line, column));
}
}  // namespace emu::lambda
