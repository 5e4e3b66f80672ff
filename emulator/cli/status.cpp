// emu status, emu down, emu env: what the running daemon says of itself.
#include <fmt/format.h>

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
  return 0;
}

int down(const ClientOptions& o) {
  if (!overview(o.port)) return 1;
  const auto answer = Client(o.port).post("/_emu/shutdown", "");
  if (!answer || answer->status != 200) return 1;
  fmt::print("emu on port {} stops\n", o.port);
  return 0;
}
}  // namespace emu::cli
