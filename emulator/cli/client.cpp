#include "emulator/cli/client.hpp"

#include <fmt/format.h>

#include "emulator/base/digest.hpp"
#include "emulator/http/client.hpp"

namespace emu::cli {
std::optional<Answer> Client::send(http::Request request) const {
  auto reply = http::call(port_, request);
  if (!reply) {
    fmt::print(stderr,
               "emu: no daemon answers on port {}; start one with emu up, or name its port with --port\n",
               port_);
    return std::nullopt;
  }
  return Answer{reply->status, std::move(reply->body),
                std::string(reply->headers.get("X-Amz-Function-Error")),
                base64_decode(reply->headers.get("X-Amz-Log-Result")).value_or(""), reply->headers};
}

std::optional<Answer> Client::get(std::string path) const {
  return send({.method = "GET", .target = std::move(path)});
}

std::optional<Answer> Client::post(std::string path, std::string body, bool tail) const {
  http::Request request{.method = "POST", .target = std::move(path), .body = std::move(body)};
  request.headers.add("Content-Type", "application/json");
  if (tail) request.headers.add("X-Amz-Log-Type", "Tail");
  return send(std::move(request));
}
}  // namespace emu::cli
