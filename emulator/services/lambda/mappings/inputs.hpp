// What the operations on event source mappings are given and answer, spelled as the wire spells it
// (spec-lambda G.1). Used by the operations, their rules, and deployments.
#pragma once
#include "emulator/services/lambda/mappings/record.hpp"

namespace emu::lambda {
struct FilterOfSource {
  std::optional<std::string> Pattern;
};
BOOST_DESCRIBE_STRUCT(FilterOfSource, (), (Pattern))
struct FilterCriteria {
  std::optional<std::vector<FilterOfSource>> Filters;
};
BOOST_DESCRIBE_STRUCT(FilterCriteria, (), (Filters))
struct ScalingConfig {
  std::optional<int> MaximumConcurrency;
};
BOOST_DESCRIBE_STRUCT(ScalingConfig, (), (MaximumConcurrency))
struct ProvisionedPollerConfig {
  std::optional<int> MinimumPollers, MaximumPollers;
  std::optional<std::string> PollerGroupName;  // of Kafka
};
BOOST_DESCRIBE_STRUCT(ProvisionedPollerConfig, (), (MinimumPollers, MaximumPollers, PollerGroupName))
struct Destination {
  std::optional<std::string> Destination;
};
BOOST_DESCRIBE_STRUCT(Destination, (), (Destination))
struct DestinationConfig {
  std::optional<lambda::Destination> OnSuccess, OnFailure;
};
BOOST_DESCRIBE_STRUCT(DestinationConfig, (), (OnSuccess, OnFailure))

struct CreateMappingInput {
  std::string FunctionName;
  std::optional<std::string> EventSourceArn, StartingPosition, KMSKeyArn;
  std::optional<bool> Enabled, BisectBatchOnFunctionError;
  std::optional<int> BatchSize, MaximumBatchingWindowInSeconds, ParallelizationFactor,
      MaximumRecordAgeInSeconds, MaximumRetryAttempts, TumblingWindowInSeconds;
  std::optional<double> StartingPositionTimestamp;
  std::optional<lambda::FilterCriteria> FilterCriteria;
  std::optional<lambda::DestinationConfig> DestinationConfig;
  std::optional<lambda::ScalingConfig> ScalingConfig;
  std::optional<std::vector<std::string>> FunctionResponseTypes;
  std::optional<std::map<std::string, std::string>> Tags;
  std::optional<lambda::ProvisionedPollerConfig> ProvisionedPollerConfig;
  std::optional<Json> MetricsConfig;
  std::optional<Json> LoggingConfig, Topics, Queues, SourceAccessConfigurations, SelfManagedEventSource,
      AmazonManagedKafkaEventSourceConfig, SelfManagedKafkaEventSourceConfig,
      DocumentDBEventSourceConfig;  // of other kinds of sources
};
BOOST_DESCRIBE_STRUCT(CreateMappingInput, (),
                      (FunctionName, EventSourceArn, StartingPosition, KMSKeyArn, Enabled,
                       BisectBatchOnFunctionError, BatchSize, MaximumBatchingWindowInSeconds,
                       ParallelizationFactor, MaximumRecordAgeInSeconds, MaximumRetryAttempts,
                       TumblingWindowInSeconds, StartingPositionTimestamp, FilterCriteria, DestinationConfig,
                       ScalingConfig, FunctionResponseTypes, Tags, MetricsConfig, ProvisionedPollerConfig,
                       LoggingConfig, Topics, Queues, SourceAccessConfigurations, SelfManagedEventSource,
                       AmazonManagedKafkaEventSourceConfig, SelfManagedKafkaEventSourceConfig,
                       DocumentDBEventSourceConfig))

struct UpdateMappingInput {
  std::string UUID;
  std::optional<std::string> FunctionName, KMSKeyArn;
  std::optional<bool> Enabled, BisectBatchOnFunctionError;
  std::optional<int> BatchSize, MaximumBatchingWindowInSeconds, ParallelizationFactor,
      MaximumRecordAgeInSeconds, MaximumRetryAttempts, TumblingWindowInSeconds;
  std::optional<lambda::FilterCriteria> FilterCriteria;
  std::optional<lambda::DestinationConfig> DestinationConfig;
  std::optional<lambda::ScalingConfig> ScalingConfig;
  std::optional<std::vector<std::string>> FunctionResponseTypes;
  std::optional<lambda::ProvisionedPollerConfig> ProvisionedPollerConfig;
  std::optional<Json> MetricsConfig;
  std::optional<Json> LoggingConfig, SourceAccessConfigurations, AmazonManagedKafkaEventSourceConfig,
      SelfManagedKafkaEventSourceConfig, DocumentDBEventSourceConfig;
};
BOOST_DESCRIBE_STRUCT(UpdateMappingInput, (),
                      (UUID, FunctionName, KMSKeyArn, Enabled, BisectBatchOnFunctionError, BatchSize,
                       MaximumBatchingWindowInSeconds, ParallelizationFactor, MaximumRecordAgeInSeconds,
                       MaximumRetryAttempts, TumblingWindowInSeconds, FilterCriteria, DestinationConfig,
                       ScalingConfig, FunctionResponseTypes, MetricsConfig, ProvisionedPollerConfig,
                       LoggingConfig, SourceAccessConfigurations, AmazonManagedKafkaEventSourceConfig,
                       SelfManagedKafkaEventSourceConfig, DocumentDBEventSourceConfig))

struct MappingOutput {
  std::string UUID, EventSourceMappingArn, EventSourceArn, FunctionArn;
  int BatchSize = 0, MaximumBatchingWindowInSeconds = 0;
  std::vector<std::string> FunctionResponseTypes;
  std::string State, StateTransitionReason;
  double LastModified = 0;
  std::optional<std::string> StartingPosition, LastProcessingResult, KMSKeyArn;
  std::optional<int> ParallelizationFactor, MaximumRetryAttempts, MaximumRecordAgeInSeconds,
      TumblingWindowInSeconds;
  std::optional<bool> BisectBatchOnFunctionError;
  std::optional<lambda::DestinationConfig> DestinationConfig;
  std::optional<lambda::FilterCriteria> FilterCriteria;
  std::optional<lambda::ScalingConfig> ScalingConfig;
  std::optional<lambda::ProvisionedPollerConfig> ProvisionedPollerConfig;
  std::optional<Json> MetricsConfig;
};
BOOST_DESCRIBE_STRUCT(MappingOutput, (),
                      (UUID, EventSourceMappingArn, EventSourceArn, FunctionArn, BatchSize,
                       MaximumBatchingWindowInSeconds, FunctionResponseTypes, State, StateTransitionReason,
                       LastModified, StartingPosition, LastProcessingResult, KMSKeyArn, ParallelizationFactor,
                       MaximumRetryAttempts, MaximumRecordAgeInSeconds, TumblingWindowInSeconds,
                       BisectBatchOnFunctionError, DestinationConfig, FilterCriteria, ScalingConfig,
                       ProvisionedPollerConfig, MetricsConfig))
}  // namespace emu::lambda
