// ImportTable, DescribeImport, ListImports (C1). An import that fails before it reads anything makes no
// table.
#include "emulator/services/dynamodb/rows.hpp"
#include "emulator/services/dynamodb/table_rules.hpp"
#include "emulator/services/dynamodb/transfers/transfer.hpp"

namespace emu::dynamodb {
namespace {
constexpr std::int64_t kMaxListed = 25;  // PageSize
constexpr std::string_view kFormats[] = {"DYNAMODB_JSON", "ION", "CSV"};
constexpr std::string_view kCompressions[] = {"ZSTD", "GZIP", "NONE"};

struct S3BucketSource {
  std::optional<std::string> S3BucketOwner, S3Bucket, S3KeyPrefix;
};
BOOST_DESCRIBE_STRUCT(S3BucketSource, (), (S3BucketOwner, S3Bucket, S3KeyPrefix))
struct ImportInput {
  std::optional<std::string> ClientToken;
  std::optional<dynamodb::S3BucketSource> S3BucketSource;
  std::optional<std::string> InputFormat;
  std::optional<Json> InputFormatOptions;
  std::optional<std::string> InputCompressionType;
  std::optional<Json> TableCreationParameters;
};
BOOST_DESCRIBE_STRUCT(ImportInput, (),
                      (ClientToken, S3BucketSource, InputFormat, InputFormatOptions, InputCompressionType,
                       TableCreationParameters))
struct ImportOutput {
  Json ImportTableDescription;
};
BOOST_DESCRIBE_STRUCT(ImportOutput, (), (ImportTableDescription))
struct DescribeImportInput {
  std::optional<std::string> ImportArn;
};
BOOST_DESCRIBE_STRUCT(DescribeImportInput, (), (ImportArn))
struct ListImportsInput {
  std::optional<std::string> TableArn;
  std::optional<int> PageSize;
  std::optional<std::string> NextToken;
};
BOOST_DESCRIBE_STRUCT(ListImportsInput, (), (TableArn, PageSize, NextToken))
struct ListImportsOutput {
  std::vector<Json> ImportSummaryList;
  std::optional<std::string> NextToken;
};
BOOST_DESCRIBE_STRUCT(ListImportsOutput, (), (ImportSummaryList, NextToken))

CreateTableInput table_of(const ImportInput& in) {
  Json parameters = *in.TableCreationParameters;
  return wire::decode(wire::Tag<CreateTableInput>{}, parameters, "TableCreationParameters");
}

void check(const ImportInput& in) {
  Constraints constraints;
  constraints.present(in.S3BucketSource.has_value(), "s3BucketSource");
  if (in.S3BucketSource) {
    constrain_bucket(constraints, in.S3BucketSource->S3Bucket, "s3BucketSource.s3Bucket");
    constrain_owner(constraints, in.S3BucketSource->S3BucketOwner, "s3BucketSource.s3BucketOwner");
  }
  constraints.present(in.InputFormat.has_value(), "inputFormat");
  constraints.enumerated(in.InputFormat, "inputFormat", kFormats);
  constraints.enumerated(in.InputCompressionType, "inputCompressionType", kCompressions);
  constraints.present(in.TableCreationParameters.has_value(), "tableCreationParameters");
  constraints.finish();
  if (in.InputFormatOptions && *in.InputFormat != "CSV")
    throw AwsError::validation(fmt::format(
        "Invalid Request: Unsupported InputFormatOptions for the given input format: {}.", *in.InputFormat));
  check_new_table(table_of(in));
}

Result<ImportOutput> import_table(DynamoDb& service, Context& context, ImportInput in) {
  check(in);
  const auto request = wire::encode(in);
  if (auto before = repeated(service, context.scope, kImport, in.ClientToken, request)) {
    if (!*before) return std::move(before->error());
    return ImportOutput{std::move(**before)};
  }
  const auto table = *table_of(in).TableName;
  if (service.tables.find(context.scope, table))
    return AwsError{"ResourceInUseException", fmt::format("Table already exists: {}", table)};
  const Time now = service.clock.now();
  Json description = request;
  description["ImportArn"] = new_transfer_arn(service, kImport, context.scope, table);
  description["ImportStatus"] = "IN_PROGRESS";
  description["TableArn"] = table_arn(context.scope, table);
  description["TableId"] = service.ids.uuid();
  description["InputCompressionType"] = in.InputCompressionType.value_or("NONE");
  description["StartTime"] = epoch_seconds(now);
  if (!in.ClientToken) description["ClientToken"] = service.ids.uuid();
  Json ended = description;
  fail_for_want_of_s3(ended, kImport, now);
  for (const auto* none : {"ErrorCount", "ProcessedItemCount", "ImportedItemCount", "ProcessedSizeBytes"})
    ended[none] = 0;
  service.transfers.put(context.scope, description["ImportArn"].get_ref<const std::string&>(),
                        {request, ended});
  return ImportOutput{std::move(description)};
}

Result<ImportOutput> describe_import(DynamoDb& service, Context& context, DescribeImportInput in) {
  auto description = describe_transfer(service, context.scope, kImport, in.ImportArn);
  if (!description) return std::move(description.error());
  return ImportOutput{std::move(*description)};
}

Result<ListImportsOutput> list_imports(DynamoDb& service, Context& context, ListImportsInput in) {
  Constraints constraints;
  constraints.at_least(in.PageSize, "pageSize", 1);
  constraints.at_most(in.PageSize, "pageSize", kMaxListed);
  constraints.finish();
  auto page = list_transfers(
      service, context.scope, kImport,
      [&](const Json& i) { return !in.TableArn || i["TableArn"] == *in.TableArn; },
      static_cast<std::size_t>(in.PageSize.value_or(kMaxListed)), in.NextToken);
  ListImportsOutput out{{}, std::move(page.next)};
  for (const auto& i : page.descriptions) {
    Json summary = Json::object();
    for (const auto* member :
         {"ImportArn", "ImportStatus", "TableArn", "S3BucketSource", "InputFormat", "StartTime", "EndTime"})
      summary[member] = i[member];
    out.ImportSummaryList.push_back(std::move(summary));
  }
  return out;
}

constexpr Operation kImports[] = {
    op<import_table>("ImportTable"),
    op<describe_import>("DescribeImport"),
    op<list_imports>("ListImports"),
};
}  // namespace

std::span<const Operation> import_operations() { return kImports; }
}  // namespace emu::dynamodb
