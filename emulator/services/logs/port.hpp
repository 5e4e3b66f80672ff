// Log events of other services, by the ARN of the group they go to (api/log_sink.hpp).
#pragma once
#include "emulator/api/log_sink.hpp"
#include "emulator/services/logs/logs.hpp"

namespace emu::logs {
class GroupSink final : public LogSink {
 public:
  explicit GroupSink(Logs& logs) : logs_(logs) {}
  bool put(std::string_view group_arn, std::string_view stream, Time at, std::string message) override;

 private:
  Logs& logs_;
};
}  // namespace emu::logs
