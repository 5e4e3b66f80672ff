#include "runtime-api/platform_error.hpp"

#include <fmt/format.h>
#include <sys/wait.h>

#include <csignal>

#include "emulator/base/json.hpp"

namespace emu::runtime {
namespace {
// As Go names signals: AWS's runtime supervisor is written in it.
std::string signal_name(int number) {
  switch (number) {
    case SIGHUP:
      return "hangup";
    case SIGINT:
      return "interrupt";
    case SIGQUIT:
      return "quit";
    case SIGILL:
      return "illegal instruction";
    case SIGTRAP:
      return "trace/breakpoint trap";
    case SIGABRT:
      return "aborted";
    case SIGBUS:
      return "bus error";
    case SIGFPE:
      return "floating point exception";
    case SIGKILL:
      return "killed";
    case SIGUSR1:
      return "user defined signal 1";
    case SIGSEGV:
      return "segmentation fault";
    case SIGUSR2:
      return "user defined signal 2";
    case SIGPIPE:
      return "broken pipe";
    case SIGALRM:
      return "alarm clock";
    case SIGTERM:
      return "terminated";
    default:
      return fmt::format("signal {}", number);
  }
}

bool well_formed(std::string_view name) {
  if (name.size() < 2 || name[0] < 'A' || name[0] > 'Z') return false;
  for (const char c : name)
    if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))) return false;
  return true;
}

Outcome failure(std::string type, std::string message) {
  nlohmann::ordered_json body;  // recorded replies have the type first
  body["errorType"] = type;
  body["errorMessage"] = std::move(message);
  Outcome out{.kind = Outcome::Kind::function_error};
  out.payload = json_text(body);
  out.error_type = std::move(type);
  return out;
}
}  // namespace

Outcome platform_error(std::string type, std::string_view request_id, std::string_view text) {
  return failure(std::move(type), request_id.empty()
                                      ? fmt::format("Error: {}", text)
                                      : fmt::format("RequestId: {} Error: {}", request_id, text));
}

std::string timed_out_text(Duration timeout) {
  return fmt::format("Task timed out after {:.2f} seconds", static_cast<double>(timeout.count()) / 1e6);
}

Outcome timed_out(std::string_view request_id, Duration timeout) {
  return platform_error("Sandbox.Timedout", request_id, timed_out_text(timeout));
}

Outcome too_large(std::size_t limit) {
  return failure(
      "Function.ResponseSizeTooLarge",
      fmt::format("Response payload size exceeded maximum allowed payload size ({} bytes).", limit));
}

std::string exit_text(int wait_status) {
  if (WIFSIGNALED(wait_status))
    return "Runtime exited with error: signal: " + signal_name(WTERMSIG(wait_status));
  if (WEXITSTATUS(wait_status) == 0) return "Runtime exited without providing a reason";
  return fmt::format("Runtime exited with error: exit status {}", WEXITSTATUS(wait_status));
}

std::string valid_error_type(std::string_view claimed) {
  for (const std::string_view family : {"Runtime.", "Function."})
    if (claimed.starts_with(family) && well_formed(claimed.substr(family.size())))
      return std::string(claimed);
  return claimed.starts_with("Function.") ? "Function.Unknown" : "Runtime.Unknown";
}
}  // namespace emu::runtime
