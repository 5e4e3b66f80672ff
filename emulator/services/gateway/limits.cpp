#include "emulator/services/gateway/limits.hpp"

#include <fmt/format.h>

#include "runtime-api/trace_id.hpp"

namespace emu::gateway {
bool headers_too_large(const http::Request& request) {
  std::size_t size = request.method.size() + request.target.size() + request.version.size() + 4;
  for (const auto& header : request.headers) size += header.name.size() + header.value.size() + 4;
  return size > kMaxHeaders;
}

std::string domain_of(std::string_view api_id, const Address& address, const http::Request& request) {
  const auto host = request.headers.get("Host");
  if (address.by_host) return std::string(host);
  const auto port = host.rfind(':');
  return fmt::format("{}.execute-api.localhost{}", api_id,
                     port == host.npos ? std::string_view{} : host.substr(port));
}

std::string trace_of(const http::Request& request, Time now, Ids& ids) {
  const auto given = request.headers.get("X-Amzn-Trace-Id");
  if (given.find("Root=") != given.npos) return std::string(given);
  return runtime::new_trace(ids, now);
}
}  // namespace emu::gateway
