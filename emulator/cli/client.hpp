// The commands' side of the daemon's HTTP: small, blocking, with errors that say what to do.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "emulator/base/error.hpp"

namespace emu::cli {
struct Answer {
  int status;
  std::string body;
  std::string function_error;  // X-Amz-Function-Error, of an invocation
  std::string log_tail;        // X-Amz-Log-Result, decoded
};

class Client {
 public:
  explicit Client(std::uint16_t port) : port_(port) {}
  // Nothing when no daemon answers on the port; a line that says so has been printed then.
  std::optional<Answer> get(const std::string& path) const;
  std::optional<Answer> post(const std::string& path, const std::string& body, bool tail = false) const;

 private:
  std::uint16_t port_;
};
}  // namespace emu::cli
