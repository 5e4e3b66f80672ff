// Global tables of version 2019.11.21: a table's replicas are kept and described as if they were there;
// nothing is copied to another region (C1).
#pragma once
#include "emulator/services/dynamodb/schema.hpp"

namespace emu::dynamodb {
struct ReplicaDeletion {
  std::string RegionName;
};
BOOST_DESCRIBE_STRUCT(ReplicaDeletion, (), (RegionName))
struct ReplicaUpdate {
  std::optional<ReplicaRecord> Create, Update;
  std::optional<ReplicaDeletion> Delete;
};
BOOST_DESCRIBE_STRUCT(ReplicaUpdate, (), (Create, Update, Delete))

// What UpdateTable refuses before it looks at the table; throws.
void check_replica_updates(const std::vector<ReplicaUpdate>& updates, const Scope& scope);
Result<Done> change_replicas(TableRecord& record, const std::vector<ReplicaUpdate>& updates,
                             std::string_view table);
// Adds Replicas and GlobalTableVersion to a table's description, if it has any.
void describe_replicas(Json& description, const Schema& schema);
}  // namespace emu::dynamodb
