#include "emulator/services/lambda/mappings/rules.hpp"

#include <algorithm>

#include "emulator/api/pattern.hpp"
#include "emulator/services/lambda/errors.hpp"

namespace emu::lambda {
namespace {
// The API's model.
constexpr int kLargestBatch = 10'000, kLongestWindow = 300, kMostRetries = 10'000, kOldestRecord = 604'800;
constexpr int kMostParallel = 10, kLongestTumbling = 900, kLeastConcurrency = 2, kMostConcurrency = 1000;
constexpr int kLeastPollers = 1, kMostMinimumPollers = 200, kMostPollers = 2000;
constexpr int kLeastAge = 60, kQueueBatch = 10, kStreamBatch = 100;
constexpr std::size_t kLongestPattern = 4096, kMostFilters = 10;  // G.4: five, ten by quota
constexpr std::string_view kReports = "ReportBatchItemFailures";

template <class In>
void check_common(const In& in, Violations& out) {
  const auto range = [&](const std::optional<int>& value, const char* path, int least, int most) {
    if (value) out.range(*value, path, least, most);
  };
  range(in.BatchSize, "batchSize", 1, kLargestBatch);
  range(in.MaximumBatchingWindowInSeconds, "maximumBatchingWindowInSeconds", 0, kLongestWindow);
  range(in.ParallelizationFactor, "parallelizationFactor", 1, kMostParallel);
  range(in.MaximumRetryAttempts, "maximumRetryAttempts", -1, kMostRetries);
  range(in.MaximumRecordAgeInSeconds, "maximumRecordAgeInSeconds", -1, kOldestRecord);
  range(in.TumblingWindowInSeconds, "tumblingWindowInSeconds", 0, kLongestTumbling);
  if (in.ScalingConfig)
    range(in.ScalingConfig->MaximumConcurrency, "scalingConfig.maximumConcurrency", kLeastConcurrency,
          kMostConcurrency);
  if (in.ProvisionedPollerConfig) {
    range(in.ProvisionedPollerConfig->MinimumPollers, "provisionedPollerConfig.minimumPollers", kLeastPollers,
          kMostMinimumPollers);
    range(in.ProvisionedPollerConfig->MaximumPollers, "provisionedPollerConfig.maximumPollers", kLeastPollers,
          kMostPollers);
  }
  if (in.FunctionResponseTypes)
    for (const auto& type : *in.FunctionResponseTypes)
      if (type != kReports)
        out.add(fmt::format("[{}]", type), "functionResponseTypes",
                "Member must satisfy constraint: [Member must satisfy enum value set: "
                "[ReportBatchItemFailures], Member must not be null]");
  if (in.FilterCriteria && in.FilterCriteria->Filters)
    for (const auto& filter : *in.FilterCriteria->Filters)
      if (filter.Pattern)
        out.longest(*filter.Pattern, "filterCriteria.filters.1.member.pattern", kLongestPattern);
}

std::vector<std::string> patterns_of(const FilterCriteria& criteria) {
  std::vector<std::string> out;
  if (!criteria.Filters) return out;
  if (criteria.Filters->size() > kMostFilters)
    throw invalid_parameter("You can specify a maximum of 10 filters for each event source mapping.");
  for (const auto& filter : *criteria.Filters) {
    out.push_back(filter.Pattern.value_or(""));
    if (!Pattern::compile(out.back())) throw invalid_parameter("Invalid filter pattern definition.");
  }
  return out;
}

void refuse_member(bool given, std::string_view name) {
  if (given)
    throw invalid_parameter(
        fmt::format("Unsupported {} parameter for given event source mapping type.", name));
}

// Members of kinds of sources that emu does not have.
template <class In>
void refuse_foreign(const In& in) {
  const auto given = [](const std::optional<Json>& member) { return member && !member->empty(); };
  refuse_member(given(in.SourceAccessConfigurations), "SourceAccessConfigurations");
  refuse_member(given(in.AmazonManagedKafkaEventSourceConfig), "AmazonManagedKafkaEventSourceConfig");
  refuse_member(given(in.SelfManagedKafkaEventSourceConfig), "SelfManagedKafkaEventSourceConfig");
  refuse_member(given(in.DocumentDBEventSourceConfig), "DocumentDBEventSourceConfig");
  refuse_member(given(in.LoggingConfig), "LoggingConfig");
}

// {} takes it back.
std::optional<ProvisionedPollers> pollers_of(const ProvisionedPollerConfig& config) {
  refuse_member(config.PollerGroupName.has_value(), "PollerGroupName");
  if (!config.MinimumPollers && !config.MaximumPollers) return std::nullopt;
  const ProvisionedPollers defaults;
  const ProvisionedPollers out{
      config.MinimumPollers.value_or(defaults.least),
      config.MaximumPollers.value_or(std::max(defaults.most, config.MinimumPollers.value_or(0)))};
  if (out.least > out.most)
    throw invalid_parameter("MinimumPollers must be less than or equal to MaximumPollers.");
  return out;
}

template <class In>
void apply_to_queue(const In& in, SourceKind kind, Mapping& mapping) {
  refuse_member(in.DestinationConfig.has_value(), "DestinationConfig");
  refuse_member(in.ParallelizationFactor.has_value(), "ParallelizationFactor");
  refuse_member(in.MaximumRetryAttempts.has_value(), "MaximumRetryAttempts");
  refuse_member(in.MaximumRecordAgeInSeconds.has_value(), "MaximumRecordAgeInSeconds");
  refuse_member(in.BisectBatchOnFunctionError.has_value(), "BisectBatchOnFunctionError");
  refuse_member(in.TumblingWindowInSeconds.value_or(0) > 0, "TumblingWindowInSeconds");
  if (in.ScalingConfig) mapping.maximum_concurrency = in.ScalingConfig->MaximumConcurrency;
  if (in.ProvisionedPollerConfig) mapping.pollers = pollers_of(*in.ProvisionedPollerConfig);
  if (mapping.pollers && mapping.maximum_concurrency)
    throw invalid_parameter(
        "ScalingConfig and ProvisionedPollerConfig are mutually exclusive and cannot be set together.");
  if (kind == SourceKind::fifo_queue && mapping.window_s > 0)
    throw invalid_parameter("Batching window is not supported for FIFO queues");
  if (kind == SourceKind::fifo_queue && mapping.batch_size > kQueueBatch)
    throw invalid_parameter("Maximum batch size for FIFO queues is 10");
  if (mapping.batch_size > kQueueBatch && mapping.window_s == 0)
    throw invalid_parameter(
        "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10");
}

template <class In>
void apply_to_stream(const In& in, Mapping& mapping) {
  refuse_member(in.ScalingConfig && in.ScalingConfig->MaximumConcurrency, "ScalingConfig");
  refuse_member(in.ProvisionedPollerConfig && pollers_of(*in.ProvisionedPollerConfig),
                "ProvisionedPollerConfig");
  auto& stream = *mapping.stream;
  const auto take = [](const auto& from, auto& into) {
    if (from) into = *from;
  };
  take(in.ParallelizationFactor, stream.parallelization);
  take(in.MaximumRetryAttempts, stream.retries);
  take(in.MaximumRecordAgeInSeconds, stream.longest_age_s);
  take(in.BisectBatchOnFunctionError, stream.bisect);
  take(in.TumblingWindowInSeconds, stream.tumbling_window_s);
  if (stream.longest_age_s >= 0 && stream.longest_age_s < kLeastAge)
    throw invalid_parameter(
        "MaximumRecordAgeInSeconds must be either -1 (infinite) or between 60 and 604800.");
  if (in.DestinationConfig) {
    refuse_member(in.DestinationConfig->OnSuccess && in.DestinationConfig->OnSuccess->Destination,
                  "DestinationConfig");
    const auto& failure = in.DestinationConfig->OnFailure;
    stream.on_failure = failure ? failure->Destination.value_or("") : "";
  }
}

template <class In>
void apply_any(const In& in, SourceKind kind, Mapping& mapping) {
  refuse_foreign(in);
  const auto take = [](const auto& from, auto& into) {
    if (from) into = *from;
  };
  take(in.BatchSize, mapping.batch_size);
  take(in.MaximumBatchingWindowInSeconds, mapping.window_s);
  take(in.KMSKeyArn, mapping.kms_key_arn);
  take(in.Enabled, mapping.enabled);
  if (in.MetricsConfig) mapping.metrics = in.MetricsConfig;
  if (in.FunctionResponseTypes)
    mapping.reports_failures =
        std::ranges::find(*in.FunctionResponseTypes, kReports) != in.FunctionResponseTypes->end();
  if (in.FilterCriteria) mapping.filters = patterns_of(*in.FilterCriteria);
  if (kind == SourceKind::stream)
    apply_to_stream(in, mapping);
  else
    apply_to_queue(in, kind, mapping);
}
}  // namespace

void check_ranges(const CreateMappingInput& in) {
  Violations out;
  check_common(in, out);
  const auto& position = in.StartingPosition;
  if (position && *position != "LATEST" && *position != "AT_TIMESTAMP" && *position != "TRIM_HORIZON")
    out.add(*position, "startingPosition",
            "Member must satisfy enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]");
  out.raise();
}

void check_ranges(const UpdateMappingInput& in) {
  Violations out;
  check_common(in, out);
  out.raise();
}

void apply(const CreateMappingInput& in, SourceKind kind, Mapping& mapping) {
  const auto given = [](const std::optional<Json>& member) { return member && !member->empty(); };
  refuse_member(given(in.Topics), "Topics");
  refuse_member(given(in.Queues), "Queues");
  if (in.Tags) mapping.tags = *in.Tags;
  if (kind == SourceKind::stream) {
    if (!in.StartingPosition)
      throw invalid_parameter(
          "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: "
          "Member must not be null.");
    if (*in.StartingPosition == "AT_TIMESTAMP" || in.StartingPositionTimestamp)
      throw invalid_parameter(
          fmt::format("Unsupported starting position for arn type: {}", mapping.source_arn));
    mapping.stream.emplace().starting_position = *in.StartingPosition;
    mapping.batch_size = kStreamBatch;
    mapping.last_result = "No records processed";
  } else {
    refuse_member(in.StartingPosition || in.StartingPositionTimestamp, "StartingPosition");
  }
  apply_any(in, kind, mapping);
}

void apply(const UpdateMappingInput& in, SourceKind kind, Mapping& mapping) { apply_any(in, kind, mapping); }
}  // namespace emu::lambda
