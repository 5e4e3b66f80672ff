#include "emulator/api/auth.hpp"

#include <algorithm>

#include "emulator/api/context.hpp"

namespace emu {
namespace {
// "AKID/20260101/us-east-1/dynamodb/aws4_request"
Signed parse_credential(std::string_view scope) {
  std::string_view parts[4];
  for (auto& part : parts) {
    const auto slash = std::min(scope.find('/'), scope.size());
    part = scope.substr(0, slash);
    scope.remove_prefix(std::min(scope.size(), slash + 1));
  }
  return {std::string(parts[0]), std::string(parts[2]), std::string(parts[3])};
}
}  // namespace

Signed signed_by(const http::Request& request) {
  static constexpr std::string_view kCredential = "Credential=";
  const auto header = request.headers.get("Authorization");
  if (const auto at = header.find(kCredential); at != header.npos) {
    const auto from = at + kCredential.size();
    return parse_credential(header.substr(from, header.find_first_of(", ", from) - from));
  }
  if (request.query().find("X-Amz-Credential=") != std::string_view::npos)
    for (const auto& [name, value] : http::parse_query(request.query()))
      if (name == "X-Amz-Credential") return parse_credential(value);
  return {};
}

std::string account_of(std::string_view access_key) {
  const bool is_account =
      access_key.size() == 12 && std::ranges::all_of(access_key, [](char c) { return c >= '0' && c <= '9'; });
  return std::string(is_account ? access_key : kDefaultAccount);
}
}  // namespace emu
