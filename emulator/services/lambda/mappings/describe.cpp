#include "emulator/services/lambda/mappings/describe.hpp"

#include <fmt/format.h>

#include "emulator/services/lambda/name.hpp"

namespace emu::lambda {
namespace {
void add_stream(MappingOutput& out, const Mapping& mapping) {
  const auto& stream = *mapping.stream;
  out.StartingPosition = stream.starting_position;
  out.ParallelizationFactor = stream.parallelization;
  out.MaximumRetryAttempts = stream.retries;
  out.MaximumRecordAgeInSeconds = stream.longest_age_s;
  out.TumblingWindowInSeconds = stream.tumbling_window_s;
  out.BisectBatchOnFunctionError = stream.bisect;
  out.DestinationConfig.emplace().OnFailure.emplace();
  if (!stream.on_failure.empty()) out.DestinationConfig->OnFailure->Destination = stream.on_failure;
  out.LastProcessingResult = mapping.last_result;
}
}  // namespace

std::string mapping_arn(const Scope& scope, std::string_view uuid) {
  return fmt::format("arn:aws:lambda:{}:{}:event-source-mapping:{}", scope.region, scope.account, uuid);
}

MappingOutput describe(const Scope& scope, const Mapping& mapping) {
  MappingOutput out;
  out.UUID = mapping.uuid;
  out.EventSourceMappingArn = mapping_arn(scope, mapping.uuid);
  out.EventSourceArn = mapping.source_arn;
  out.FunctionArn = function_arn(scope, mapping.function, mapping.qualifier);
  out.BatchSize = mapping.batch_size;
  out.MaximumBatchingWindowInSeconds = mapping.window_s;
  if (mapping.reports_failures) out.FunctionResponseTypes.emplace_back("ReportBatchItemFailures");
  out.State = mapping.state;
  out.StateTransitionReason = mapping.stream ? "User action" : "USER_INITIATED";  // as recorded
  out.LastModified = static_cast<double>(mapping.modified_us) / 1e6;
  if (!mapping.filters.empty()) {
    auto& filters = out.FilterCriteria.emplace().Filters.emplace();
    for (const auto& pattern : mapping.filters) filters.push_back({pattern});
  }
  if (mapping.maximum_concurrency)
    out.ScalingConfig.emplace().MaximumConcurrency = mapping.maximum_concurrency;
  if (!mapping.kms_key_arn.empty()) out.KMSKeyArn = mapping.kms_key_arn;
  if (mapping.pollers) {
    auto& pollers = out.ProvisionedPollerConfig.emplace();
    pollers.MinimumPollers = mapping.pollers->least;
    pollers.MaximumPollers = mapping.pollers->most;
  }
  out.MetricsConfig = mapping.metrics;
  if (mapping.stream) add_stream(out, mapping);
  return out;
}
}  // namespace emu::lambda
