#include "emulator/services/gateway/routing/address.hpp"

#include "emulator/base/text.hpp"

namespace emu::gateway {
namespace {
constexpr std::string_view kHostLabel = ".execute-api.";
constexpr std::string_view kUserRequest = "/_user_request_";
// Ours and LocalStack's, floci's, and LocalStack's of old (spec-gateway 1.2).
constexpr std::string_view kPathForms[] = {"/_aws/execute-api/", "/execute-api/"};
constexpr std::string_view kLegacyForm = "/restapis/";

std::string_view host_of(const http::Request& request) { return request.headers.get("Host"); }

// "/restapis/{api}/{stage}/_user_request_/…"; the control plane's own /restapis paths lack the marker.
bool legacy(std::string_view path) {
  if (!path.starts_with(kLegacyForm)) return false;
  const auto api_end = path.find('/', kLegacyForm.size());
  const auto stage_end = api_end == path.npos ? path.npos : path.find('/', api_end + 1);
  if (stage_end == path.npos) return false;
  const auto rest = path.substr(stage_end);
  return rest.starts_with(kUserRequest) &&
         (rest.size() == kUserRequest.size() || rest[kUserRequest.size()] == '/');
}

// "abc123-vpce-0f.execute-api.…" is abc123; "vpce-0f.execute-api.…" names its API in a header.
std::string api_of_host(const http::Request& request, std::string_view host) {
  auto id = host.substr(0, host.find(kHostLabel));
  if (id.starts_with("vpce-")) return lower(request.headers.get("x-apigw-api-id"));
  return lower(id.substr(0, id.find("-vpce-")));
}

// What is left of a path after `api/`, with its slash.
std::string_view after(std::string_view path, std::size_t api_end) {
  return api_end == path.npos ? std::string_view("/") : path.substr(api_end);
}

}  // namespace

// AWS takes a doubled slash before the stage as one (spec-gateway 1.2).
void set_path(Address& address, std::string_view raw) {
  while (raw.starts_with("//")) raw.remove_prefix(1);
  address.raw_path = std::string(raw);
  address.path = http::percent_decode(raw);
  // A decoded '?' ends the path, as observed on AWS (spec-gateway 3).
  if (const auto mark = address.path.find('?'); mark != std::string::npos) address.path.resize(mark);
}

bool addresses_api(const http::Request& request) {
  const auto path = request.path();
  for (const auto form : kPathForms)
    if (path.starts_with(form)) return true;
  return legacy(path) || host_of(request).find(kHostLabel) != std::string_view::npos;
}

std::optional<Address> address_of(const http::Request& request) {
  Address out;
  const auto path = request.path();
  for (const auto form : kPathForms) {
    if (!path.starts_with(form)) continue;
    const auto api_end = path.find('/', form.size());
    out.api_id = lower(path.substr(form.size(), api_end == path.npos ? path.npos : api_end - form.size()));
    set_path(out, after(path, api_end));
    return out;
  }
  if (legacy(path)) {
    const auto api_end = path.find('/', kLegacyForm.size()), stage_end = path.find('/', api_end + 1);
    out.api_id = lower(path.substr(kLegacyForm.size(), api_end - kLegacyForm.size()));
    out.stage_is_explicit = true;
    const auto rest = path.substr(stage_end + kUserRequest.size());
    set_path(out,
             std::string(path.substr(api_end, stage_end - api_end)) + std::string(rest.empty() ? "/" : rest));
    return out;
  }
  const auto host = host_of(request);
  if (host.find(kHostLabel) == host.npos) return std::nullopt;
  out.api_id = api_of_host(request, host);
  out.by_host = true;
  set_path(out, path.starts_with('/') ? path : std::string_view("/"));
  return out;
}
}  // namespace emu::gateway
