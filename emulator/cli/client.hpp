// The commands' side of the daemon's HTTP: blocking, with errors that say what to do.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "emulator/http/message.hpp"

namespace emu::cli {
struct Answer {
  int status;
  std::string body;
  std::string function_error;  // X-Amz-Function-Error, of an invocation
  std::string log_tail;        // X-Amz-Log-Result, decoded
  http::Headers headers;
};

class Client {
 public:
  explicit Client(std::uint16_t port) : port_(port) {}
  // Nothing when no daemon answers on the port; a line that says so has been printed then.
  std::optional<Answer> get(std::string path) const;
  std::optional<Answer> post(std::string path, std::string body, bool tail = false) const;

 private:
  std::optional<Answer> send(http::Request request) const;
  std::uint16_t port_;
};
}  // namespace emu::cli
