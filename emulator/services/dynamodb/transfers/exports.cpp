// ExportTableToPointInTime, DescribeExport, ListExports (C1, C12).
#include "emulator/services/dynamodb/backups/backups.hpp"
#include "emulator/services/dynamodb/backups/continuous.hpp"
#include "emulator/services/dynamodb/rows.hpp"
#include "emulator/services/dynamodb/transfers/transfer.hpp"

namespace emu::dynamodb {
namespace {
constexpr std::int64_t kMaxListed = 25;                                      // MaxResults
constexpr double kShortestPeriod = 15 * 60.0, kLongestPeriod = 24 * 3600.0;  // of an incremental export
constexpr std::string_view kFormats[] = {"DYNAMODB_JSON", "ION"};
constexpr std::string_view kTypes[] = {"INCREMENTAL_EXPORT", "FULL_EXPORT"};
constexpr std::string_view kViews[] = {"NEW_AND_OLD_IMAGES", "NEW_IMAGE"};
constexpr std::string_view kAlgorithms[] = {"AES256", "KMS"};

struct IncrementalExportSpecification {
  std::optional<double> ExportFromTime, ExportToTime;
  std::optional<std::string> ExportViewType;
};
BOOST_DESCRIBE_STRUCT(IncrementalExportSpecification, (), (ExportFromTime, ExportToTime, ExportViewType))
struct ExportInput {
  std::optional<std::string> TableArn;
  std::optional<double> ExportTime;
  std::optional<std::string> ClientToken, S3Bucket, S3BucketOwner, S3Prefix, S3SseAlgorithm, S3SseKmsKeyId,
      ExportFormat, ExportType;
  std::optional<dynamodb::IncrementalExportSpecification> IncrementalExportSpecification;
};
BOOST_DESCRIBE_STRUCT(ExportInput, (),
                      (TableArn, ExportTime, ClientToken, S3Bucket, S3BucketOwner, S3Prefix, S3SseAlgorithm,
                       S3SseKmsKeyId, ExportFormat, ExportType, IncrementalExportSpecification))
struct ExportOutput {
  Json ExportDescription;
};
BOOST_DESCRIBE_STRUCT(ExportOutput, (), (ExportDescription))
struct DescribeExportInput {
  std::optional<std::string> ExportArn;
};
BOOST_DESCRIBE_STRUCT(DescribeExportInput, (), (ExportArn))
struct ListExportsInput {
  std::optional<std::string> TableArn;
  std::optional<int> MaxResults;
  std::optional<std::string> NextToken;
};
BOOST_DESCRIBE_STRUCT(ListExportsInput, (), (TableArn, MaxResults, NextToken))
struct ListExportsOutput {
  std::vector<Json> ExportSummaries;
  std::optional<std::string> NextToken;
};
BOOST_DESCRIBE_STRUCT(ListExportsOutput, (), (ExportSummaries, NextToken))

void invalid_request(std::string_view text) {
  throw AwsError::validation(fmt::format("Invalid Request: {}", text));
}

void check_table_arn(const std::string& arn) {
  if (!arn.starts_with("arn:")) throw invalid_parameters("tableArn is not a valid ARN");
  if (arn.contains("/index/") || !arn.contains(":table/")) invalid_request("Table ARN is invalid.");
}

void check(const ExportInput& in) {
  Constraints constraints;
  constraints.present(in.TableArn.has_value(), "tableArn");
  constrain_bucket(constraints, in.S3Bucket, "s3Bucket");
  constrain_owner(constraints, in.S3BucketOwner, "s3BucketOwner");
  constraints.enumerated(in.S3SseAlgorithm, "s3SseAlgorithm", kAlgorithms);
  constraints.enumerated(in.ExportFormat, "exportFormat", kFormats);
  constraints.enumerated(in.ExportType, "exportType", kTypes);
  if (in.IncrementalExportSpecification)
    constraints.enumerated(in.IncrementalExportSpecification->ExportViewType,
                           "incrementalExportSpecification.exportViewType", kViews);
  constraints.finish();
  check_table_arn(*in.TableArn);
  const auto& part = in.IncrementalExportSpecification;
  if (part && !in.ExportType)
    invalid_request(
        "Export Type expected to be Incremental Export when incremental export specification is provided");
  if (part && in.ExportType == "FULL_EXPORT")  // AWS's own blank before the comma
    invalid_request(
        "When Export Type is Full Export , Incremental Export Specification should not be provided");
  if (!part && in.ExportType == "INCREMENTAL_EXPORT")
    invalid_request(
        "Incremental Export Specification expected when export type is set as Incremental Export");
  if (part && !part->ExportFromTime)
    invalid_request("ExportFromTime must be provided in IncrementalExportSpecification");
  if (in.S3SseKmsKeyId && in.S3SseAlgorithm != "KMS")
    invalid_request("KMS Key Id is not supported for this encryption type");
}

Result<Done> check_times(const ExportInput& in, const TableRecord& record, const RecoveryWindow& window,
                         double now) {
  const auto refuse = [](std::string text) {
    return AwsError{"InvalidExportTimeException", std::move(text)};
  };
  if (const auto& part = in.IncrementalExportSpecification) {
    const double from = *part->ExportFromTime, to = part->ExportToTime.value_or(window.latest);
    const auto shown = [](double t) { return iso8601(time_at(t)); };
    if (from < record.CreationDateTime)
      return refuse(
          fmt::format("Incremental export period from time cannot be less than the table creation time : {}",
                      shown(from)));
    if (to > now)
      return refuse(fmt::format(
          "Incremental export period to time cannot be greater than the current time : {}", shown(to)));
    if (to - from < kShortestPeriod)
      return refuse(
          "Difference between export period from time and export period to time is less than 15 minutes");
    if (to - from > kLongestPeriod)
      return refuse(
          "Difference between export period from time and export period to time is greater than 24 hours");
  }
  if (!in.ExportTime) return Done{};
  if (*in.ExportTime > now || *in.ExportTime < window.earliest) return refuse("Export Time is invalid");
  if (*in.ExportTime > window.latest)
    return refuse("Point in Time Recovery is not available for specified export time");
  return Done{};
}

Result<ExportOutput> export_table(DynamoDb& service, Context& context, ExportInput in) {
  check(in);
  const auto request = wire::encode(in);
  if (auto before = repeated(service, context.scope, kExport, in.ClientToken, request)) {
    if (!*before) return std::move(before->error());
    return ExportOutput{std::move(**before)};
  }
  const auto table = service.tables.find(context.scope, *in.TableArn);
  if (!table) return no_table_to_back_up(*in.TableArn);
  const Schema& schema = *table->schema;
  const Time now = service.clock.now();
  const auto window = recovery_window(schema.record, now);
  if (!window) return no_recovery(schema.name);
  if (auto fits = check_times(in, schema.record, *window, epoch_seconds(now)); !fits)
    return std::move(fits.error());
  Json description = request;
  description["TableArn"] = schema.arn;
  description["TableId"] = schema.record.TableId;
  description["ExportArn"] = new_transfer_arn(service, kExport, context.scope, schema.name);
  description["ExportStatus"] = "IN_PROGRESS";
  description["StartTime"] = epoch_seconds(now);
  if (!in.IncrementalExportSpecification)
    description["ExportTime"] = in.ExportTime.value_or(epoch_seconds(now));
  description["ExportFormat"] = in.ExportFormat.value_or("DYNAMODB_JSON");
  description["S3SseAlgorithm"] = in.S3SseAlgorithm.value_or("AES256");
  if (!in.ClientToken) description["ClientToken"] = service.ids.uuid();
  Json ended = description;
  fail_for_want_of_s3(ended, kExport, now);
  service.transfers.put(context.scope, description["ExportArn"].get_ref<const std::string&>(),
                        {request, ended});
  return ExportOutput{std::move(description)};
}

Result<ExportOutput> describe_export(DynamoDb& service, Context& context, DescribeExportInput in) {
  auto description = describe_transfer(service, context.scope, kExport, in.ExportArn);
  if (!description) return std::move(description.error());
  return ExportOutput{std::move(*description)};
}

// Of a table only while it is there: one of the same name has exported nothing yet.
Result<ListExportsOutput> list_exports(DynamoDb& service, Context& context, ListExportsInput in) {
  Constraints constraints;
  constraints.at_least(in.MaxResults, "maxResults", 1);
  constraints.at_most(in.MaxResults, "maxResults", kMaxListed);
  constraints.finish();
  std::string table_id;
  if (in.TableArn) {
    check_table_arn(*in.TableArn);
    const auto table = service.tables.find(context.scope, *in.TableArn);
    if (!table) return ListExportsOutput{};
    table_id = table->schema->record.TableId;
  }
  auto page = list_transfers(
      service, context.scope, kExport,
      [&](const Json& e) { return table_id.empty() || e["TableId"] == table_id; },
      static_cast<std::size_t>(in.MaxResults.value_or(kMaxListed)), in.NextToken);
  ListExportsOutput out{{}, std::move(page.next)};
  for (const auto& e : page.descriptions)
    out.ExportSummaries.push_back({{"ExportArn", e["ExportArn"]},
                                   {"ExportStatus", e["ExportStatus"]},
                                   {"ExportType", e.value("ExportType", "FULL_EXPORT")}});
  return out;
}

constexpr Operation kExports[] = {
    op<export_table>("ExportTableToPointInTime"),
    op<describe_export>("DescribeExport"),
    op<list_exports>("ListExports"),
};
}  // namespace

std::span<const Operation> export_operations() { return kExports; }
}  // namespace emu::dynamodb
