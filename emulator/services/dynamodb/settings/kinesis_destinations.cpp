// Enable/Disable/Update/DescribeKinesisStreamingDestination (C13). Destinations are kept and described; there
// is no Kinesis in emu that a record could be put on.
#include <algorithm>

#include "emulator/services/dynamodb/constraints.hpp"
#include "emulator/services/dynamodb/rows.hpp"
#include "emulator/services/dynamodb/schema_edit.hpp"
#include "emulator/services/dynamodb/table_rules.hpp"

namespace emu::dynamodb {
namespace {
constexpr std::size_t kShortestArn = 37;
constexpr std::string_view kPrecisions[] = {"MICROSECOND", "MILLISECOND"};
constexpr std::string_view kBadState =
    "Table is not in a valid state to enable Kinesis Streaming Destination: ";

struct Configuration {
  std::optional<std::string> ApproximateCreationDateTimePrecision;
};
BOOST_DESCRIBE_STRUCT(Configuration, (), (ApproximateCreationDateTimePrecision))
struct DestinationInput {
  std::optional<std::string> TableName, StreamArn;
  std::optional<Configuration> EnableKinesisStreamingConfiguration;
};
BOOST_DESCRIBE_STRUCT(DestinationInput, (), (TableName, StreamArn, EnableKinesisStreamingConfiguration))
struct DestinationOutput {
  std::string TableName, StreamArn, DestinationStatus;
  std::optional<Configuration> EnableKinesisStreamingConfiguration;
};
BOOST_DESCRIBE_STRUCT(DestinationOutput, (),
                      (TableName, StreamArn, DestinationStatus, EnableKinesisStreamingConfiguration))
struct UpdateDestinationInput {
  std::optional<std::string> TableName, StreamArn;
  std::optional<Configuration> UpdateKinesisStreamingConfiguration;
};
BOOST_DESCRIBE_STRUCT(UpdateDestinationInput, (), (TableName, StreamArn, UpdateKinesisStreamingConfiguration))
struct UpdateDestinationOutput {
  std::string TableName, StreamArn, DestinationStatus;
  Configuration UpdateKinesisStreamingConfiguration;
};
BOOST_DESCRIBE_STRUCT(UpdateDestinationOutput, (),
                      (TableName, StreamArn, DestinationStatus, UpdateKinesisStreamingConfiguration))
struct DescribeDestinationsOutput {
  std::string TableName;
  std::vector<KinesisDestination> KinesisDataStreamDestinations;
};
BOOST_DESCRIBE_STRUCT(DescribeDestinationsOutput, (), (TableName, KinesisDataStreamDestinations))

AwsError bad_state(std::string_view why) { return AwsError::validation(fmt::format("{}{}", kBadState, why)); }

void check(const std::optional<std::string>& table, const std::optional<std::string>& stream,
           const std::optional<Configuration>& configuration, std::string_view member) {
  Constraints constraints;
  constraints.table_name(table, Layer::older);
  constraints.present(stream.has_value(), "streamArn");
  if (stream && stream->size() < kShortestArn)
    constraints.add(
        fmt::format("Value '{}' at 'streamArn' failed to satisfy constraint: Member must have "
                    "length greater than or equal to {}",
                    *stream, kShortestArn));
  if (configuration)
    constraints.enumerated(configuration->ApproximateCreationDateTimePrecision,
                           fmt::format("{}.approximateCreationDateTimePrecision", member), kPrecisions);
  constraints.finish();
}

KinesisDestination* find(TableRecord& record, std::string_view stream) {
  if (!record.KinesisDestinations) return nullptr;
  const auto it = std::ranges::find(*record.KinesisDestinations, stream, &KinesisDestination::StreamArn);
  return it == record.KinesisDestinations->end() ? nullptr : &*it;
}

Result<DestinationOutput> enable(DynamoDb& service, Context& context, DestinationInput in) {
  check(in.TableName, in.StreamArn, in.EnableKinesisStreamingConfiguration,
        "enableKinesisStreamingConfiguration");
  const auto table = service.table(context.scope, *in.TableName);
  if (!table) return table.error();
  const auto configuration = in.EnableKinesisStreamingConfiguration.value_or(Configuration{});
  const auto edited = edit_record(service, *table, [&](TableRecord& record) -> Result<Done> {
    auto& all =
        record.KinesisDestinations ? *record.KinesisDestinations : record.KinesisDestinations.emplace();
    if (std::ranges::find(all, "ACTIVE", &KinesisDestination::DestinationStatus) != all.end())
      return bad_state(
          "EnableKinesisStreamingDestination must be DISABLED or ENABLE_FAILED to perform ENABLE operation.");
    auto* destination = find(record, *in.StreamArn);
    if (!destination) destination = &all.emplace_back(*in.StreamArn);
    destination->DestinationStatus = "ACTIVE";
    destination->ApproximateCreationDateTimePrecision = configuration.ApproximateCreationDateTimePrecision;
    return Done{};
  });
  if (!edited) return edited.error();
  return DestinationOutput{(*edited)->name, *in.StreamArn, "ENABLING", configuration};
}

Result<DestinationOutput> disable(DynamoDb& service, Context& context, DestinationInput in) {
  check(in.TableName, in.StreamArn, in.EnableKinesisStreamingConfiguration,
        "enableKinesisStreamingConfiguration");
  if (in.EnableKinesisStreamingConfiguration)
    return AwsError::validation(
        "Stream cannot be disabled using EnableKinesisStreamingConfiguration parameters");
  const auto table = service.table(context.scope, *in.TableName);
  if (!table) return table.error();
  const auto edited = edit_record(service, *table, [&](TableRecord& record) -> Result<Done> {
    auto* destination = find(record, *in.StreamArn);
    if (!destination || destination->DestinationStatus != "ACTIVE")
      return bad_state("KinesisStreamingDestination must be ACTIVE to perform DISABLE operation.");
    destination->DestinationStatus = "DISABLED";
    return Done{};
  });
  if (!edited) return edited.error();
  return DestinationOutput{(*edited)->name, *in.StreamArn, "DISABLING", std::nullopt};
}

Result<Done> change_precision(TableRecord& record, std::string_view table, const std::string& stream,
                              const std::string& precision) {
  auto* destination = find(record, stream);
  if (!destination)
    return bad_state(fmt::format(
        "No streaming destination with streamArn: {} found for table with tableName: {}", stream, table));
  if (destination->DestinationStatus != "ACTIVE")
    return bad_state(
        fmt::format("Kinesis streaming is not in ACTIVE state. Updates are only allowed in ACTIVE "
                    "state. TableName: {}, kdsArn: {}",
                    table, stream));
  auto& current = destination->ApproximateCreationDateTimePrecision;
  if (current.value_or("MILLISECOND") == precision)
    return AwsError::validation(
        fmt::format("Invalid Request: Precision is already set to the desired value of {} for tableId: {}, "
                    "kdsArn: {}",
                    precision, record.TableId, stream));
  current = precision;
  return Done{};
}

Result<UpdateDestinationOutput> update(DynamoDb& service, Context& context, UpdateDestinationInput in) {
  check(in.TableName, in.StreamArn, in.UpdateKinesisStreamingConfiguration,
        "updateKinesisStreamingConfiguration");
  const auto configuration = in.UpdateKinesisStreamingConfiguration.value_or(Configuration{});
  if (!configuration.ApproximateCreationDateTimePrecision)
    return AwsError::validation(
        "Streaming destination cannot be updated with given parameters: "
        "UpdateKinesisStreamingConfiguration cannot be null or contain only null values");
  const auto table = service.table(context.scope, *in.TableName);
  if (!table) return table.error();
  const auto edited = edit_record(service, *table, [&](TableRecord& record) {
    return change_precision(record, table->schema->name, *in.StreamArn,
                            *configuration.ApproximateCreationDateTimePrecision);
  });
  if (!edited) return edited.error();
  return UpdateDestinationOutput{(*edited)->name, *in.StreamArn, "UPDATING", configuration};
}

Result<DescribeDestinationsOutput> describe_destinations(DynamoDb& service, Context& context,
                                                         TableNameInput in) {
  check_required_name(in.TableName);
  const auto table = service.table(context.scope, *in.TableName);
  if (!table) return table.error();
  return DescribeDestinationsOutput{table->schema->name, table->schema->record.KinesisDestinations.value_or(
                                                             std::vector<KinesisDestination>{})};
}

constexpr std::string_view kWithoutEffect[] = {"StreamArn"};  // nothing arrives there
constexpr Operation kKinesis[] = {
    op<enable>("EnableKinesisStreamingDestination").ignoring(kWithoutEffect),
    op<disable>("DisableKinesisStreamingDestination"),
    op<update>("UpdateKinesisStreamingDestination"),
    op<describe_destinations>("DescribeKinesisStreamingDestination"),
};
}  // namespace

std::span<const Operation> kinesis_operations() { return kKinesis; }
}  // namespace emu::dynamodb
