// What a table is, as its operations' wire structs and as its row on disk (Space::tables,
// Records<TableRecord>), and Schema: the record made ready for use, immutable and shared by the requests that
// look at it.
#pragma once
#include <array>
#include <map>
#include <memory>

#include "emulator/api/context.hpp"
#include "emulator/services/dynamodb/model_names.hpp"
#include "emulator/services/dynamodb/value.hpp"

namespace emu::dynamodb {
struct KeySchemaElement {
  std::string AttributeName, KeyType;
};
BOOST_DESCRIBE_STRUCT(KeySchemaElement, (), (AttributeName, KeyType))
struct AttributeDefinition {
  std::string AttributeName, AttributeType;
};
BOOST_DESCRIBE_STRUCT(AttributeDefinition, (), (AttributeName, AttributeType))
struct Projection {
  std::optional<std::string> ProjectionType;
  std::optional<std::vector<std::string>> NonKeyAttributes;
};
BOOST_DESCRIBE_STRUCT(Projection, (), (ProjectionType, NonKeyAttributes))
struct ProvisionedThroughput {
  std::int64_t ReadCapacityUnits = 0, WriteCapacityUnits = 0;
  friend bool operator==(const ProvisionedThroughput&, const ProvisionedThroughput&) = default;
};
BOOST_DESCRIBE_STRUCT(ProvisionedThroughput, (), (ReadCapacityUnits, WriteCapacityUnits))
struct OnDemandThroughput {
  std::optional<std::int64_t> MaxReadRequestUnits, MaxWriteRequestUnits;
};
BOOST_DESCRIBE_STRUCT(OnDemandThroughput, (), (MaxReadRequestUnits, MaxWriteRequestUnits))
struct StreamSpecification {
  bool StreamEnabled = false;
  std::optional<std::string> StreamViewType;
};
BOOST_DESCRIBE_STRUCT(StreamSpecification, (), (StreamEnabled, StreamViewType))
struct SSESpecification {
  std::optional<bool> Enabled;
  std::optional<std::string> SSEType, KMSMasterKeyId;
};
BOOST_DESCRIBE_STRUCT(SSESpecification, (), (Enabled, SSEType, KMSMasterKeyId))
struct Tag {
  std::string Key, Value;
};
BOOST_DESCRIBE_STRUCT(Tag, (), (Key, Value))

struct WarmThroughput {
  std::optional<std::int64_t> ReadUnitsPerSecond, WriteUnitsPerSecond;
};
BOOST_DESCRIBE_STRUCT(WarmThroughput, (), (ReadUnitsPerSecond, WriteUnitsPerSecond))
struct KinesisDestination {
  std::string StreamArn, DestinationStatus;
  std::optional<std::string> ApproximateCreationDateTimePrecision;
};
BOOST_DESCRIBE_STRUCT(KinesisDestination, (),
                      (StreamArn, DestinationStatus, ApproximateCreationDateTimePrecision))
struct PolicyRecord {
  std::string Policy, RevisionId;
};
BOOST_DESCRIBE_STRUCT(PolicyRecord, (), (Policy, RevisionId))
struct InsightsRecord {
  std::string Mode;
  double Since = 0;
};
BOOST_DESCRIBE_STRUCT(InsightsRecord, (), (Mode, Since))
struct ReplicaRecord {
  std::string RegionName;
  std::optional<std::string> KMSMasterKeyId, TableClassOverride;
  std::optional<Json> ProvisionedThroughputOverride, OnDemandThroughputOverride, GlobalSecondaryIndexes;
};
BOOST_DESCRIBE_STRUCT(ReplicaRecord, (),
                      (RegionName, KMSMasterKeyId, TableClassOverride, ProvisionedThroughputOverride,
                       OnDemandThroughputOverride, GlobalSecondaryIndexes))

struct IndexRecord {
  std::string IndexName;
  std::vector<KeySchemaElement> KeySchema;
  dynamodb::Projection Projection;
  std::optional<dynamodb::ProvisionedThroughput> ProvisionedThroughput;
  std::optional<dynamodb::OnDemandThroughput> OnDemandThroughput;
  std::optional<dynamodb::WarmThroughput> WarmThroughput;
  bool Global = false;
  unsigned Slot = 0;  // of its rows; never used again within the table
};
BOOST_DESCRIBE_STRUCT(IndexRecord, (),
                      (IndexName, KeySchema, Projection, ProvisionedThroughput, OnDemandThroughput,
                       WarmThroughput, Global, Slot))

struct TableRecord {
  std::string TableId;          // the UUID that clients see
  std::uint64_t StorageId = 0;  // the first part of the keys of its items
  unsigned NextSlot = 1;        // 0 is the table itself
  double CreationDateTime = 0;
  std::vector<AttributeDefinition> AttributeDefinitions;
  std::vector<KeySchemaElement> KeySchema;
  std::vector<IndexRecord> Indexes;
  std::optional<std::string> BillingMode;  // none: never given
  dynamodb::ProvisionedThroughput ProvisionedThroughput;
  std::optional<double> LastIncreaseDateTime, LastDecreaseDateTime, LastUpdateToPayPerRequestDateTime;
  std::optional<dynamodb::OnDemandThroughput> OnDemandThroughput;
  std::optional<dynamodb::StreamSpecification> StreamSpecification;
  std::optional<std::string> LatestStreamLabel;
  std::optional<dynamodb::SSESpecification> SSESpecification;
  std::optional<std::string> TableClass;
  bool DeletionProtectionEnabled = false;
  std::map<std::string, std::string> Tags;
  std::optional<std::string> TimeToLiveAttribute;
  std::optional<double> PointInTimeRecoverySince;
  std::optional<int> RecoveryPeriodInDays;
  std::optional<dynamodb::WarmThroughput> WarmThroughput;
  std::optional<std::vector<KinesisDestination>> KinesisDestinations;
  std::optional<std::map<std::string, PolicyRecord>> ResourcePolicies;  // by ARN: the table's, its stream's
  std::optional<std::map<std::string, InsightsRecord>> ContributorInsights;  // by index; "": the table itself
  std::optional<std::vector<ReplicaRecord>> Replicas;
};
BOOST_DESCRIBE_STRUCT(TableRecord, (),
                      (TableId, StorageId, NextSlot, CreationDateTime, AttributeDefinitions, KeySchema,
                       Indexes, BillingMode, ProvisionedThroughput, LastIncreaseDateTime,
                       LastDecreaseDateTime, LastUpdateToPayPerRequestDateTime, OnDemandThroughput,
                       StreamSpecification, LatestStreamLabel, SSESpecification, TableClass,
                       DeletionProtectionEnabled, Tags, TimeToLiveAttribute, PointInTimeRecoverySince,
                       RecoveryPeriodInDays, WarmThroughput, KinesisDestinations, ResourcePolicies,
                       ContributorInsights, Replicas))

struct KeyPart {
  std::string name;
  Type type;
};
// A table or LSI has one hash part and at most one range part; a GSI up to four of each (E7).
class KeyParts {  // a list of them without an allocation: every write asks for some
 public:
  void add(const KeyPart& part) { parts_.at(size_++) = &part; }
  auto begin() const { return parts_.begin(); }
  auto end() const { return parts_.begin() + size_; }
  std::size_t size() const { return size_; }

 private:
  std::array<const KeyPart*, 8> parts_{};
  unsigned char size_ = 0;
};
struct KeyShape {
  std::vector<KeyPart> hash, range;
  const KeyPart* find(std::string_view name) const;
  KeyParts parts() const;  // hash parts, then range parts
};

struct Index {
  std::string name;
  KeyShape key;
  bool global = false;
  unsigned slot = 0;
  bool projects_all = false;
  std::vector<std::string> projected;  // otherwise: index keys, table keys and what INCLUDE lists; sorted
  bool has(std::string_view attribute) const;
};

struct Schema {
  Scope scope;
  std::string name, arn;
  TableRecord record;
  KeyShape key;
  std::vector<Index> indexes;
  const Index* index(std::string_view index_name) const;
  bool has_local_indexes() const;
  // Whether what a write leaves beside the item's row depends on the item before it.
  bool reads_before_writes() const {
    return !indexes.empty() || record.StreamSpecification || record.TimeToLiveAttribute;
  }
  bool pays_per_request() const { return record.BillingMode == "PAY_PER_REQUEST"; }
};
using SharedSchema = std::shared_ptr<const Schema>;

// What was asked for, or what a table or index of its billing begins with: both members are there.
WarmThroughput warm_throughput(const std::optional<WarmThroughput>& given,
                               const ProvisionedThroughput& provisioned, bool on_demand);
std::string table_arn(const Scope& scope, std::string_view name);
SharedSchema make_schema(const Scope& scope, std::string name, TableRecord record);
}  // namespace emu::dynamodb
