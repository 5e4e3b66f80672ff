#include "emulator/http/response_text.hpp"

#include <algorithm>
#include <boost/beast/http/status.hpp>

#include "emulator/base/text.hpp"

namespace emu::http {
namespace {
bool frames(std::string_view name) {
  switch (name.size()) {
    case 10:
      return same_text(name, "Connection");
    case 14:
      return same_text(name, "Content-Length");
    case 17:
      return same_text(name, "Transfer-Encoding");
    default:
      return false;
  }
}
}  // namespace

int sayable(int status) { return status >= 100 && status <= 599 ? status : 500; }

bool has_body(int status) { return status >= 200 && status != 204 && status != 304; }

void append_head(std::string& out, const Response& response, Framing framing, unsigned version,
                 bool keep_alive) {
  constexpr std::size_t kHead = 512, kBody = 16 * 1024;  // what most fit in
  out.reserve(out.size() + kHead + std::min(response.body.size(), kBody));
  const int status = sayable(response.status);
  const auto reason = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
  out.append(version == 10 ? "HTTP/1.0 " : "HTTP/1.1 ").append(std::to_string(status)).append(" ");
  out.append(reason.data(), reason.size()).append("\r\n");
  for (const auto& header : response.headers)
    if (is_header_name(header.name) && is_header_value(header.value) && !frames(header.name))
      out.append(header.name).append(": ").append(header.value).append("\r\n");
  if (keep_alive)
    out.append("Connection: keep-alive\r\n");  // HTTP/1.1 need not say it, but AWS does
  else if (version == 11)
    out.append("Connection: close\r\n");
  if (framing == Framing::chunked) out.append("Transfer-Encoding: chunked\r\n");
  if (framing == Framing::length)
    out.append("Content-Length: ").append(std::to_string(response.body.size())).append("\r\n");
  out.append("\r\n");
}
}  // namespace emu::http
