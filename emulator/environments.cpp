#include "emulator/environments.hpp"

namespace emu {
namespace {
std::string_view text_of(runtime::Environment::State state) {
  using enum runtime::Environment::State;
  return state == initialising ? "initialising" : state == busy ? "busy" : "idle";
}
double seconds(Duration d) { return static_cast<double>(d.count()) / 1e6; }
}  // namespace

Json environments_of(App& app, const std::vector<runtime::BootAhead::Kind>& booted, Time now,
                     const std::string& isolation) {
  Json environments = Json::array(), throttles = Json::array(), ahead = Json::array();
  for (const auto& view : app.invoker().environments()) {
    const auto& environment = view.environment;
    environments.push_back({{"function", view.spec->name},
                            {"version", view.spec->version},
                            {"arn", view.spec->arn},
                            {"tenant", environment.tenant},
                            {"state", text_of(environment.state)},
                            {"provisioned", environment.provisioned},
                            {"age_s", seconds(now - environment.born)},
                            {"in_state_s", seconds(now - environment.since)},
                            {"invocations", environment.invocations},
                            {"in_use", environment.in_use},
                            {"slots", view.spec->max_concurrency},
                            {"memory_mb", view.spec->memory_mb},
                            {"peak_memory_mb", view.peak_memory_mb}});
  }
  const auto all = app.concurrency().with([](const runtime::Concurrency& c) { return c.throttles(); });
  for (const auto& [function, reasons] : all)
    for (const auto& [reason, count] : reasons)
      throttles.push_back({{"function", function}, {"reason", reason}, {"count", count}});
  for (const auto& kind : booted)
    ahead.push_back({{"runtime", kind.runtime},
                     {"memory_mb", kind.memory_mb},
                     {"waiting", kind.waiting},
                     {"taken", kind.taken}});
  return {{"environments", std::move(environments)},
          {"throttles", std::move(throttles)},
          {"booted_ahead", std::move(ahead)},
          {"isolation", isolation}};
}
}  // namespace emu
