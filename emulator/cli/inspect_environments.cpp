// emu inspect environments: what the scheduler of the running daemon has, as a table.
#include <fmt/format.h>

#include "emulator/base/error.hpp"
#include "emulator/cli/client.hpp"
#include "emulator/cli/options.hpp"

namespace emu::cli {
namespace {
std::string age(double seconds) {
  if (seconds < 100) return fmt::format("{:.1f} s", seconds);
  if (seconds < 6000) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

void print_environment(const Json& e) {
  auto name = fmt::format("{}:{}", e.value("function", ""), e.value("version", ""));
  if (const auto tenant = e.value("tenant", ""); !tenant.empty()) name += " tenant " + tenant;
  const auto peak = e.value("peak_memory_mb", 0);
  fmt::print("{:<40} {:<12} {:>9} {:>11} {:>8} {}\n", name, e.value("state", ""), age(e.value("age_s", 0.0)),
             e.value("invocations", 0), peak ? fmt::format("{}/{}", peak, e.value("memory_mb", 0)) : "-",
             e.value("provisioned", false) ? "provisioned" : "");
}
}  // namespace

int inspect_environments(const EnvironmentsOptions& o) {
  const auto answer = Client(o.port).get("/_emu/environments");
  if (!answer) return 1;
  const auto json = Json::parse(answer->body, nullptr, false);
  if (answer->status != 200 || !json.is_object()) {
    fmt::print(stderr, "emu: what answers on port {} is not this emu; name its port with --port\n", o.port);
    return 1;
  }
  if (o.json) {
    fmt::print("{}\n", json.dump(2));
    return 0;
  }
  const auto& environments = json["environments"];
  if (environments.empty())
    fmt::print("no execution environments: nothing was invoked for a while\n");
  else
    fmt::print("{:<40} {:<12} {:>9} {:>11} {:>8}\n", "FUNCTION", "STATE", "AGE", "INVOCATIONS", "MB");
  for (const auto& environment : environments) print_environment(environment);
  for (const auto& throttle : json["throttles"])
    fmt::print("throttled {} times: {}, {}\n", throttle.value("count", 0), throttle.value("function", ""),
               throttle.value("reason", ""));
  for (const auto& kind : json.value("booted_ahead", Json::array()))
    fmt::print("booted ahead: {} of {} MB, {} waiting, {} taken\n", kind.value("runtime", ""),
               kind.value("memory_mb", 0), kind.value("waiting", 0), kind.value("taken", 0));
  fmt::print("processes: {}\n", json.value("isolation", ""));
  return 0;
}
}  // namespace emu::cli
