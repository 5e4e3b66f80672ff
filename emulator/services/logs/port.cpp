#include "emulator/services/logs/port.hpp"

#include "emulator/base/arn.hpp"

namespace emu::logs {
bool GroupSink::put(std::string_view group_arn, std::string_view stream, Time at, std::string message) {
  static constexpr std::string_view kGroup = "log-group:";
  const auto arn = Arn::parse(group_arn);
  if (!arn || arn->service != "logs" || !arn->resource.starts_with(kGroup)) return false;
  Group group{{arn->account, arn->region}, arn->resource.substr(kGroup.size())};
  if (group.name.ends_with(":*")) group.name.resize(group.name.size() - 2);
  // Under the groups' lock: who deletes the group, under it too, takes what was gathered along.
  return logs_.with(group.scope, [&](const auto& groups) {
    if (!groups.contains(group.name)) return false;
    logs_.streams.gather(group, std::string(stream),
                         {epoch_ms(at), epoch_ms(logs_.clock.now()), std::move(message)});
    return true;
  });
}
}  // namespace emu::logs
