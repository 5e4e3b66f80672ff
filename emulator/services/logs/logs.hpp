// CloudWatch Logs: the log groups, their streams and the events in them. What functions write is kept by
// runtime-api/function_log.
#pragma once
#include "emulator/api/records.hpp"
#include "emulator/api/service.hpp"
#include "emulator/base/guarded.hpp"
#include "emulator/services/logs/streams.hpp"

namespace emu::logs {
// On disk: members may be added as optional ones, never renamed.
struct LogGroup {
  std::string logGroupName;
  std::int64_t creationTime = 0;  // epoch milliseconds
  std::optional<int> retentionInDays;
  int metricFilterCount = 0;
  std::string arn;
  std::int64_t storedBytes = 0;
  std::optional<std::string> kmsKeyId;
  std::string logGroupClass = "STANDARD", logGroupArn;
};
BOOST_DESCRIBE_STRUCT(LogGroup, (),
                      (logGroupName, creationTime, retentionInDays, metricFilterCount, arn, storedBytes,
                       kmsKeyId, logGroupClass, logGroupArn))

class Logs final : public Service {
 public:
  Logs(storage::Engine& disk, Clock& clock)
      : clock(clock), streams(disk, clock), records_(disk, storage::Space::log_groups) {}
  std::string_view name() const override { return "logs"; }
  Protocol protocol() const override { return Protocol::json11; }
  std::string_view target_prefix() const override { return "Logs_20140328"; }
  std::span<const Operation> operations() const override;
  std::span<const ResourceType> resource_types() const override;
  void load() override;
  void verify(Report& report) override {
    records_.verify(report, "log group");
    streams.verify(report);
  }
  awaitable<void> run() override;  // writes what was gathered, drops what is older than its retention

  struct Kept {
    LogGroup group;
    std::map<std::string, std::string> tags;
  };
  using Groups = std::map<Scope, std::map<std::string, Kept>>;

  Clock& clock;
  Streams streams;
  // Runs work(groups of the scope, by name) under the lock.
  template <class F>
  auto with(const Scope& scope, F work) {
    return groups_.with([&](Groups& all) { return work(all[scope]); });
  }
  bool has(const Group& group) {
    return with(group.scope, [&](const auto& groups) { return groups.contains(group.name); });
  }
  void drop_expired();
  void save(const Scope& scope, const Kept& kept) { records_.put(scope, kept.group.logGroupName, kept); }
  void forget(const Scope& scope, const std::string& name) { records_.erase(scope, name); }

 private:
  Guarded<Groups> groups_;
  Records<Kept> records_;
};
BOOST_DESCRIBE_STRUCT(Logs::Kept, (), (group, tags))
}  // namespace emu::logs
