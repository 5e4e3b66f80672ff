#include "emulator/services/gateway/responses/cors.hpp"

#include "emulator/base/text.hpp"

namespace emu::gateway {
namespace {
// The value of access-control-allow-origin; none: this origin is not allowed.
std::optional<std::string> allowed(const Cors& cors, const http::Request& request) {
  const auto origin = request.headers.find("Origin");
  if (!origin || !cors.allowOrigins) return std::nullopt;
  for (const auto& allowed : *cors.allowOrigins) {
    if (allowed == "*") return allowed;
    const bool scheme_only = allowed == "https://*" || allowed == "http://*";
    const auto scheme = std::string_view(allowed).substr(0, allowed.size() - 1);
    if (scheme_only && same_text(origin->substr(0, scheme.size()), scheme)) return std::string(*origin);
    if (same_text(allowed, *origin)) return std::string(*origin);
  }
  return std::nullopt;
}

void add_list(http::Response& response, std::string name, const std::optional<Strings>& values) {
  if (!values || values->empty()) return;
  std::string joined;
  for (const auto& value : *values) joined += (joined.empty() ? "" : ",") + value;
  response.headers.add(std::move(name), std::move(joined));
}
}  // namespace

bool is_preflight(const http::Request& request) {
  return request.method == "OPTIONS" && request.headers.find("Origin") &&
         request.headers.find("Access-Control-Request-Method");
}

void add_cors(const Cors& cors, const http::Request& request, http::Response& response) {
  http::Headers kept;
  for (const auto& header : response.headers)
    if (header.name.size() < 15 || !same_text(std::string_view(header.name).substr(0, 15), "access-control-"))
      kept.add(header.name, header.value);
  response.headers = std::move(kept);
  auto origin = allowed(cors, request);
  if (!origin) return;
  response.headers.add("access-control-allow-origin", std::move(*origin));
  if (cors.allowCredentials.value_or(false)) response.headers.add("access-control-allow-credentials", "true");
  if (!is_preflight(request)) return add_list(response, "access-control-expose-headers", cors.exposeHeaders);
  add_list(response, "access-control-allow-methods", cors.allowMethods);
  add_list(response, "access-control-allow-headers", cors.allowHeaders);
  if (cors.maxAge) response.headers.add("access-control-max-age", std::to_string(*cors.maxAge));
}
}  // namespace emu::gateway
