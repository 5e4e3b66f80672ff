// Where a service writes log events for others to read: CloudWatch Logs, which services/logs is. A port, as
// those of ports.hpp: the gateway's access logs go through it.
#pragma once
#include <string>

#include "emulator/base/clock.hpp"

namespace emu {
class LogSink {
 public:
  virtual ~LogSink() = default;
  // One event into a stream of the group "arn:aws:logs:…:log-group:NAME", with or without ":*"; the stream is
  // made if it is not there. Returns at once and may be called on any loop; the event can be read from then
  // on, and is on disk a moment later. False: there is no such group.
  virtual bool put(std::string_view group_arn, std::string_view stream, Time at, std::string message) = 0;
};
}  // namespace emu
