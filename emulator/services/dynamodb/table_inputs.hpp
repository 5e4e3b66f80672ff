// Inputs of the table operations and TableDescription, as the wire spells them.
#pragma once
#include "emulator/services/dynamodb/dynamodb.hpp"
#include "emulator/services/dynamodb/replicas/replicas.hpp"

namespace emu::dynamodb {
struct IndexInput {
  std::optional<std::string> IndexName;
  std::optional<std::vector<KeySchemaElement>> KeySchema;
  std::optional<dynamodb::Projection> Projection;
  std::optional<dynamodb::ProvisionedThroughput> ProvisionedThroughput;
  std::optional<dynamodb::OnDemandThroughput> OnDemandThroughput;
  std::optional<dynamodb::WarmThroughput> WarmThroughput;
};
BOOST_DESCRIBE_STRUCT(IndexInput, (),
                      (IndexName, KeySchema, Projection, ProvisionedThroughput, OnDemandThroughput,
                       WarmThroughput))

struct CreateTableInput {
  std::optional<std::vector<AttributeDefinition>> AttributeDefinitions;
  std::optional<std::string> TableName;
  std::optional<std::vector<KeySchemaElement>> KeySchema;
  std::optional<std::vector<IndexInput>> LocalSecondaryIndexes, GlobalSecondaryIndexes;
  std::optional<std::string> BillingMode;
  std::optional<dynamodb::ProvisionedThroughput> ProvisionedThroughput;
  std::optional<dynamodb::StreamSpecification> StreamSpecification;
  std::optional<dynamodb::SSESpecification> SSESpecification;
  std::optional<std::vector<Tag>> Tags;
  std::optional<std::string> TableClass;
  std::optional<bool> DeletionProtectionEnabled;
  std::optional<dynamodb::WarmThroughput> WarmThroughput;
  std::optional<std::string> ResourcePolicy;
  std::optional<dynamodb::OnDemandThroughput> OnDemandThroughput;
  std::optional<Json> GlobalTableSourceArn, GlobalTableSettingsReplicationMode;
};
BOOST_DESCRIBE_STRUCT(CreateTableInput, (),
                      (AttributeDefinitions, TableName, KeySchema, LocalSecondaryIndexes,
                       GlobalSecondaryIndexes, BillingMode, ProvisionedThroughput, StreamSpecification,
                       SSESpecification, Tags, TableClass, DeletionProtectionEnabled, WarmThroughput,
                       ResourcePolicy, OnDemandThroughput, GlobalTableSourceArn,
                       GlobalTableSettingsReplicationMode))

struct IndexDeletion {
  std::string IndexName;
};
BOOST_DESCRIBE_STRUCT(IndexDeletion, (), (IndexName))
struct IndexUpdate {
  std::optional<IndexInput> Update, Create;
  std::optional<IndexDeletion> Delete;
};
BOOST_DESCRIBE_STRUCT(IndexUpdate, (), (Update, Create, Delete))

}  // namespace emu::dynamodb
namespace emu::wire {
template <>
inline constexpr std::string_view kModelName<dynamodb::IndexInput> = "GlobalSecondaryIndex";
template <>
inline constexpr std::string_view kModelName<dynamodb::IndexUpdate> = "GlobalSecondaryIndexUpdate";
template <>
inline constexpr std::string_view kModelName<dynamodb::IndexDeletion> = "DeleteGlobalSecondaryIndexAction";
}  // namespace emu::wire
namespace emu::dynamodb {
struct UpdateTableInput {
  std::optional<std::vector<AttributeDefinition>> AttributeDefinitions;
  std::optional<std::string> TableName, BillingMode;
  std::optional<dynamodb::ProvisionedThroughput> ProvisionedThroughput;
  std::optional<std::vector<IndexUpdate>> GlobalSecondaryIndexUpdates;
  std::optional<dynamodb::StreamSpecification> StreamSpecification;
  std::optional<dynamodb::SSESpecification> SSESpecification;
  std::optional<std::vector<ReplicaUpdate>> ReplicaUpdates;
  std::optional<std::string> TableClass;
  std::optional<bool> DeletionProtectionEnabled;
  std::optional<Json> MultiRegionConsistency, GlobalTableWitnessUpdates;
  std::optional<dynamodb::OnDemandThroughput> OnDemandThroughput;
  std::optional<dynamodb::WarmThroughput> WarmThroughput;
  std::optional<Json> GlobalTableSettingsReplicationMode;
};
BOOST_DESCRIBE_STRUCT(UpdateTableInput, (),
                      (AttributeDefinitions, TableName, BillingMode, ProvisionedThroughput,
                       GlobalSecondaryIndexUpdates, StreamSpecification, SSESpecification, ReplicaUpdates,
                       TableClass, DeletionProtectionEnabled, MultiRegionConsistency,
                       GlobalTableWitnessUpdates, OnDemandThroughput, WarmThroughput,
                       GlobalTableSettingsReplicationMode))

struct TableNameInput {
  std::optional<std::string> TableName;
};
BOOST_DESCRIBE_STRUCT(TableNameInput, (), (TableName))

// The description is made as a document: most members are there only sometimes (C2).
struct TableDescriptionOutput {
  Json TableDescription;
};
BOOST_DESCRIBE_STRUCT(TableDescriptionOutput, (), (TableDescription))

// Used by the resource type too (resources.cpp).
Result<TableDescriptionOutput> create_table(DynamoDb& service, Context& context, CreateTableInput in);
Result<TableDescriptionOutput> update_table(DynamoDb& service, Context& context, UpdateTableInput in);
Result<TableDescriptionOutput> delete_table(DynamoDb& service, Context& context, TableNameInput in);
}  // namespace emu::dynamodb
