// emu status, emu down, emu env, emu certificate: what the running daemon says of itself.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "emulator/base/error.hpp"
#include "emulator/cli/client.hpp"
#include "emulator/cli/options.hpp"
#include "emulator/cli/table.hpp"

namespace emu::cli {
namespace {
std::optional<Json> overview(std::uint16_t port) {
  const auto answer = Client(port).get("/_emu/status");
  if (!answer) return std::nullopt;
  auto json = Json::parse(answer->body, nullptr, false);
  if (answer->status == 200 && json.is_object()) return json;
  fmt::print(stderr, "emu: what answers on port {} is not emu; name its port with --port\n", port);
  return std::nullopt;
}
}  // namespace

int status(const ClientOptions& o) {
  const auto json = overview(o.port);
  if (!json) return 1;
  fmt::print("{}", table(*json));
  return 0;
}

int env(const ClientOptions& o) {
  const auto json = overview(o.port);
  if (!json) return 1;
  for (const auto& [name, value] : client_environment(*json)) fmt::print("export {}='{}'\n", name, value);
  fmt::print("unset {}\n", fmt::join(kMisleading, " "));
  return 0;
}

int certificate(const ClientOptions& o) {
  const auto answer = Client(o.port).get("/_emu/certificate");
  if (!answer || answer->status != 200) return 1;
  fmt::print("{}\n", answer->headers.get("X-Emu-File"));
  fmt::print(stderr, "SHA-256 {}\n", answer->headers.get("X-Emu-Fingerprint"));
  return 0;
}

namespace {
constexpr int kPatienceMs = 10'000;

// Whether the process ends; its port and its data directory are free only then.
bool ends(pid_t process) {
  const int handle = static_cast<int>(::syscall(SYS_pidfd_open, process, 0));
  if (handle < 0) return errno == ESRCH;
  pollfd ended{handle, POLLIN, 0};
  const int ready = ::poll(&ended, 1, kPatienceMs);
  ::close(handle);
  return ready == 1;
}
}  // namespace

int down(const ClientOptions& o) {
  const auto json = overview(o.port);
  if (!json) return 1;
  const auto answer = Client(o.port).post("/_emu/shutdown", "");
  if (!answer || answer->status != 200) return 1;
  if (const auto process = json->value("process", 0); !ends(process)) {
    fmt::print(stderr, "emu: process {} still runs; kill -9 {} ends it, and loses nothing acknowledged\n",
               process, process);
    return 1;
  }
  fmt::print("emu on port {} stopped\n", o.port);
  return 0;
}
}  // namespace emu::cli
