#include "emulator/cli/table.hpp"

#include <fmt/format.h>

#include "emulator/cli/options.hpp"

namespace emu::cli {
namespace {
std::string text(const Json& overview, const char* key) { return overview.value(key, std::string()); }

std::string port_of(const Json& overview) {
  const auto endpoint = text(overview, "endpoint");
  return endpoint.substr(endpoint.rfind(':') + 1);
}

std::string routes(const Json& overview) {
  std::size_t widest = 0;
  for (const auto& r : overview["routes"]) widest = std::max(widest, text(r, "url").size());
  std::string out;
  for (const auto& r : overview["routes"])
    out += fmt::format("  {:<9} {:<{}}  -> {}\n", text(r, "method"), text(r, "url"), widest,
                       text(r, "function"));
  return out;
}
}  // namespace

std::string table(const Json& overview) {
  const auto data = text(overview, "data");
  std::string out =
      fmt::format("emu {} at {} ({}), {}\n", EMU_VERSION, text(overview, "endpoint"),
                  text(overview, "region"), data.empty() ? "kept in memory" : "kept in " + data);
  if (const auto project = text(overview, "project"); !project.empty())
    out += fmt::format("  {:<9} {} from {}\n", "stack", text(overview, "stack"), project);
  if (const auto address = text(overview, "api_address"); !address.empty())
    out += fmt::format("  {:<9} {}\n", "api", address);
  out += routes(overview);
  for (const auto& f : overview["functions"])
    out += fmt::format("  {:<9} {}  {}\n", "function", text(f, "name"), text(f, "runtime"));
  for (const auto& name : overview["tables"])
    out += fmt::format("  {:<9} {}\n", "table", name.get<std::string>());
  for (const auto& url : overview["queues"])
    out += fmt::format("  {:<9} {}\n", "queue", url.get<std::string>());
  if (const auto isolation = text(overview, "isolation"); !isolation.empty())
    out += fmt::format("  {:<9} {}\n", "processes", isolation);
  out += fmt::format("  {:<9} {}  (emu logs -f{})\n", "logs", text(overview, "logs"), port_option(overview));
  return out;
}

std::string port_option(const Json& overview) {
  const auto port = port_of(overview);
  return port == std::to_string(kDefaultPort) ? "" : " --port " + port;
}

std::vector<std::pair<std::string, std::string>> client_environment(const Json& overview) {
  const auto endpoint = text(overview, "endpoint"), region = text(overview, "region");
  std::vector<std::pair<std::string, std::string>> out{
      {"AWS_ENDPOINT_URL", endpoint}, {"AWS_REGION", region},           {"AWS_DEFAULT_REGION", region},
      {"AWS_ACCESS_KEY_ID", "emu"},   {"AWS_SECRET_ACCESS_KEY", "emu"}, {"EMU_PORT", port_of(overview)}};
  // The project's HTTP API is at the root of the port.
  if (!text(overview, "front_api").empty()) out.emplace_back("EMU_API_URL", endpoint);
  return out;
}
}  // namespace emu::cli
