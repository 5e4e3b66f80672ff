#include "emulator/api/origin.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "emulator/base/text.hpp"

namespace emu {
namespace {
constexpr std::string_view kHere[] = {"localhost", "localhost.localstack.cloud"};
constexpr std::string_view kEndpoints[] = {
    "amazonaws.com",           "amazonaws.com.cn",        "on.aws", "api.aws", "host.docker.internal",
    "gateway.docker.internal", "host.containers.internal"};
// First labels of the endpoints that clients make of a host: "sqs.us-east-1.localhost".
constexpr std::string_view kServices[] = {"apigateway", "dynamodb",   "execute-api", "iam",
                                          "lambda",     "lambda-url", "logs",        "queue",
                                          "sqs",        "streams",    "sts"};

std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.rfind(':'));
}

bool is_number(std::string_view host) {
  return host.starts_with('[') ||
         std::ranges::all_of(host, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

http::Response refused(std::string_view what, std::string_view value) {
  return http::text_response(403, fmt::format("emu: requests {} {} are turned away, since a web page may "
                                              "have sent them; --any-host lets them in\n",
                                              what, value));
}
std::string_view name_of(std::string_view host) {
  host = without_port(host);
  if (host.ends_with('.')) host.remove_suffix(1);
  return host;
}

// One of these names, or below it.
bool is_below(std::string_view host, std::span<const std::string_view> names) {
  return std::ranges::any_of(names, [&](std::string_view name) {
    if (host.size() <= name.size()) return same_text(host, name);
    return host[host.size() - name.size() - 1] == '.' &&
           same_text(host.substr(host.size() - name.size()), name);
  });
}
}  // namespace

bool is_own_host(std::string_view host) {
  host = name_of(host);
  return host.find('.') == host.npos || is_number(host) || is_below(host, kHere) ||
         is_below(host, kEndpoints);
}

bool is_endpoint_name(std::string_view host) {
  host = name_of(host);
  if (!is_own_host(host)) return false;
  const auto first = host.substr(0, host.find('.'));
  const bool below_localhost = first.size() < host.size() && is_below(host, std::span(kHere, 1));
  return !below_localhost || host.find(".execute-api.") != host.npos ||
         host.find(".lambda-url.") != host.npos ||
         std::ranges::any_of(kServices, [&](std::string_view service) { return same_text(first, service); });
}

namespace {
bool is_below_localhost_or_loopback(std::string_view name) {
  return is_below(name, std::span(kHere, 1)) || name == "[::1]" ||
         (is_number(name) && name.starts_with("127."));
}

// A page's GET that wants no answer (an image, a link, a form) has no Origin; browsers then say how page and
// host relate (Fetch Metadata), but over plain HTTP only to loopback. Same-site with this machine is a page
// of this machine, as the Origin rule lets it in.
bool from_elsewhere(const http::Request& request, std::string_view host) {
  const auto site = request.headers.find("Sec-Fetch-Site");
  if (!site)
    return !is_below_localhost_or_loopback(name_of(host)) &&
           request.headers.get("User-Agent").starts_with("Mozilla/");
  return !(same_text(*site, "none") || same_text(*site, "same-origin") ||
           (same_text(*site, "same-site") && is_below_localhost_or_loopback(name_of(host))));
}
}  // namespace

bool is_own_page(std::string_view host) {
  host = name_of(host);
  return is_below(host, kHere) || is_below_localhost_or_loopback(host);
}

std::optional<http::Response> turn_away_foreign(const http::Request& request) {
  const auto host = request.headers.get("Host");
  if (!is_own_host(host)) return refused("to the host", host);
  const auto origin = request.headers.find("Origin");
  if (!origin && from_elsewhere(request, host))
    return refused("from the site", request.headers.find("Sec-Fetch-Site").value_or("unknown"));
  if (!origin) return std::nullopt;
  const auto scheme = origin->find("://");
  const auto from = scheme == origin->npos ? std::string_view() : origin->substr(scheme + 3);
  // "null" is what sandboxed frames and files send: a page all the same.
  if (scheme == origin->npos || !is_own_page(from)) return refused("from the origin", *origin);
  return std::nullopt;
}
}  // namespace emu
