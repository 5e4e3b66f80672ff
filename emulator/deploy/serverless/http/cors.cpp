#include "emulator/deploy/serverless/http/cors.hpp"

namespace emu::deploy::serverless {
namespace {
constexpr Key kKeys[] = {{"allowedOrigins"},   {"allowedHeaders"},         {"allowedMethods"},
                         {"allowCredentials"}, {"exposedResponseHeaders"}, {"maxAge"}};
constexpr std::pair<const char*, const char*> kLists[] = {{"allowedOrigins", "AllowOrigins"},
                                                          {"allowedHeaders", "AllowHeaders"},
                                                          {"allowedMethods", "AllowMethods"},
                                                          {"exposedResponseHeaders", "ExposeHeaders"}};
}  // namespace

std::optional<Json> cors_configuration(const Node* cors, const std::string& path, Json defaults,
                                       Report& report) {
  if (!cors || (cors->is_boolean() && !cors->is_true())) return std::nullopt;
  if (cors->is_true()) return defaults;
  const Section section(*cors, path, kKeys, report);
  for (const auto& [key, name] : kLists)
    if (const Node* value = section.find(key)) defaults[name] = texts(*value);
  if (section.flag("allowCredentials")) defaults["AllowCredentials"] = true;
  if (const auto age = section.number("maxAge")) defaults["MaxAge"] = age->json();
  return defaults;
}
}  // namespace emu::deploy::serverless
