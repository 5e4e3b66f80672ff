#include "emulator/services/dynamodb/replicas/replicas.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace emu::dynamodb {
namespace {
std::string_view region_of(const ReplicaUpdate& u) {
  if (u.Delete) return u.Delete->RegionName;
  return u.Create ? u.Create->RegionName : u.Update->RegionName;
}
}  // namespace

void check_replica_updates(const std::vector<ReplicaUpdate>& updates, const Scope& scope) {
  std::vector<std::string_view> moved;  // created or deleted
  for (const auto& u : updates) {
    const int actions = u.Create.has_value() + u.Update.has_value() + u.Delete.has_value();
    if (actions == 0)
      throw AwsError::validation(
          "There are no actions specified in the Replica Update Action of the request.");
    if (actions > 1)
      throw AwsError::validation(
          "Update table operation with more than one type of replica actions not allowed.");
    if (!u.Update && std::ranges::find(moved, region_of(u)) == moved.end()) moved.push_back(region_of(u));
    if (!u.Update && region_of(u) == scope.region)
      throw AwsError::validation(
          "Cannot add or delete the local region through ReplicaUpdates. Use CreateTable, DeleteTable, or "
          "UpdateTable as required.");
  }
  if (moved.size() > 1)
    throw AwsError::validation(
        "Update table operation with more than one create or delete replica actions not allowed");
}

Result<Done> change_replicas(TableRecord& record, const std::vector<ReplicaUpdate>& updates,
                             std::string_view table) {
  auto replicas = record.Replicas.value_or(std::vector<ReplicaRecord>{});
  const auto before = replicas.size();
  for (const auto& u : updates) {
    const auto it = std::ranges::find(replicas, region_of(u), &ReplicaRecord::RegionName);
    const auto known = static_cast<std::size_t>(it - replicas.begin());
    if (u.Create) {
      if (known < before)
        return AwsError::validation(
            fmt::format("Failed to create a the new replica of table with name: ‘{}’ because one or more "
                        "replicas already existed as tables.",
                        table));
      if (it == replicas.end()) replicas.push_back(*u.Create);
      continue;
    }
    if (it == replicas.end())
      return AwsError::validation(fmt::format(
          "Update global table operation failed because one or more replicas were not part of the "
          "global table. Please retry the request without these replicas: [{}].",
          region_of(u)));
    if (u.Delete)
      replicas.erase(it);
    else
      *it = *u.Update;
  }
  record.Replicas = replicas.empty() ? std::nullopt : std::optional(std::move(replicas));
  return Done{};
}

void describe_replicas(Json& description, const Schema& schema) {
  if (!schema.record.Replicas) return;
  description["GlobalTableVersion"] = "2019.11.21";
  for (const auto& replica : *schema.record.Replicas) {
    Json shown = wire::encode(replica);
    shown["ReplicaStatus"] = "ACTIVE";
    shown["ReplicaArn"] = table_arn({schema.scope.account, replica.RegionName}, schema.name);
    if (const auto it = shown.find("TableClassOverride"); it != shown.end()) {
      shown["ReplicaTableClassSummary"] = {{"TableClass", *it}};
      shown.erase("TableClassOverride");
    }
    description["Replicas"].push_back(std::move(shown));
  }
}
}  // namespace emu::dynamodb
