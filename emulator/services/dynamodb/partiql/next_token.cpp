#include "emulator/services/dynamodb/partiql/next_token.hpp"

#include "emulator/base/digest.hpp"
#include "emulator/services/dynamodb/item_codec.hpp"

namespace emu::dynamodb::partiql {
namespace {
constexpr std::size_t kDigestBytes = 32;

std::string digest(std::string_view statement, const Parameters& parameters) {
  std::string text(statement);
  if (parameters)
    for (const auto& p : *parameters) {
      text += '\0';
      text += json_text(encode_json(p.value));
    }
  return sha256(text);
}
}  // namespace

std::string next_token(std::string_view statement, const Parameters& parameters, const Item& last_key) {
  return base64_encode(digest(statement, parameters) + encode_item(last_key));
}

Item last_key(std::string_view token, std::string_view statement, const Parameters& parameters) {
  const auto bytes = base64_decode(token);
  auto key = bytes && bytes->size() > kDigestBytes
                 ? decode_item(std::string_view(*bytes).substr(kDigestBytes))
                 : std::nullopt;
  if (!key) throw AwsError::validation("Invalid NextToken");
  if (!bytes->starts_with(digest(statement, parameters)))
    throw AwsError::validation("NextToken does not match request");
  return std::move(*key);
}
}  // namespace emu::dynamodb::partiql
