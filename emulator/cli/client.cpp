#include "emulator/cli/client.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include "emulator/base/digest.hpp"

namespace emu::cli {
namespace {
constexpr int kLongestAnswerSeconds = 900;  // as long as a function may run

httplib::Client connect(std::uint16_t port) {
  httplib::Client client("127.0.0.1", port);
  client.set_connection_timeout(2);
  client.set_read_timeout(kLongestAnswerSeconds);
  return client;
}

std::optional<Answer> answer(const httplib::Result& result, std::uint16_t port) {
  if (!result) {
    fmt::print(stderr,
               "emu: no daemon answers on port {}; start one with emu up, or name its port with --port\n",
               port);
    return std::nullopt;
  }
  return Answer{result->status, result->body, result->get_header_value("X-Amz-Function-Error"),
                base64_decode(result->get_header_value("X-Amz-Log-Result")).value_or("")};
}
}  // namespace

std::optional<Answer> Client::get(const std::string& path) const {
  return answer(connect(port_).Get(path), port_);
}

std::optional<Answer> Client::post(const std::string& path, const std::string& body, bool tail) const {
  httplib::Headers headers;
  if (tail) headers.emplace("X-Amz-Log-Type", "Tail");
  return answer(connect(port_).Post(path, headers, body, "application/json"), port_);
}
}  // namespace emu::cli
