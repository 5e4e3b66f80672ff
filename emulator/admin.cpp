#include "emulator/admin.hpp"

#include <fmt/format.h>

#include "emulator/base/certificate.hpp"

namespace emu {
namespace {
http::Response health(std::span<Service* const> services) {
  Json names = Json::array();
  for (const Service* service : services) names.push_back(service->title());
  return http::json_response(
      200, Json{{"status", "running"}, {"version", EMU_VERSION}, {"services", names}}.dump());
}

http::Response archive(const AdminPages& pages, std::string_view sha256) {
  auto zip = pages.code ? pages.code(sha256) : std::nullopt;
  if (!zip) return http::text_response(404, "no such code\n");
  return http::text_response(200, std::move(*zip), "application/zip");
}

http::Response certificate(const OwnTls& own) {
  auto out = http::text_response(200, own.certificate, "application/x-pem-file");
  out.headers.add("X-Emu-File", own.file);
  const auto facts = facts_of(own.certificate);
  if (facts) out.headers.add("X-Emu-Fingerprint", facts->fingerprint);
  return out;
}
}  // namespace

awaitable<http::Response> Admin::serve(http::Request request) const {
  // A page of another origin must not stop the daemon or read what is deployed.
  if (request.headers.find("Origin")) co_return http::text_response(403, "not for web pages\n");
  static constexpr std::string_view kCode = "/_emu/code/";
  const auto path = request.path();
  const bool get = request.method == "GET" || request.method == "HEAD";
  if (get && path == "/_emu/health") co_return health(services_);
  if (get && path.starts_with(kCode))
    co_return archive(pages_, http::percent_decode(path.substr(kCode.size())));
  if (get && path == "/_emu/status" && pages_.overview) {
    const Json overview = co_await pages_.overview();
    co_return http::json_response(200, overview.dump());
  }
  if (get && path == "/_emu/environments" && pages_.environments)
    co_return http::json_response(200, pages_.environments().dump());
  if (get && path == "/_emu/certificate" && pages_.certificate) co_return certificate(pages_.certificate());
  if (request.method == "POST" && path == "/_emu/shutdown" && pages_.shutdown) {
    pages_.shutdown();
    co_return http::json_response(200, R"({"status":"stopping"})");
  }
  co_return http::text_response(404, fmt::format("no page {} {}\n", request.method, path));
}
}  // namespace emu
