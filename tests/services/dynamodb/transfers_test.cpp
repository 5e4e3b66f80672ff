#include "tests/services/dynamodb/dynamodb_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
constexpr std::string_view kArn = "arn:aws:dynamodb:us-east-1:000000000000:table/Tab";

class TransferWorld : public DynamoWorld {
 public:
  TransferWorld() { table(); }
  void recovery() {
    call(
        "UpdateContinuousBackups",
        {{"TableName", "Tab"}, {"PointInTimeRecoverySpecification", {{"PointInTimeRecoveryEnabled", true}}}});
  }
  static Json with(Json base, Json more) {
    base.update(more);
    return base;
  }
  static Json exporting(Json more = Json::object()) {
    return with({{"TableArn", kArn}, {"S3Bucket", "a-bucket"}}, std::move(more));
  }
  static Json importing(Json more = Json::object()) {
    return with(Json::parse(R"({"S3BucketSource":{"S3Bucket":"a-bucket"},"InputFormat":"DYNAMODB_JSON",
      "TableCreationParameters":{"TableName":"Imported","BillingMode":"PAY_PER_REQUEST",
        "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],
        "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]}})"),
                std::move(more));
  }
};
}  // namespace

TEST_CASE("an export is in progress in the reply and has failed for want of a bucket when described") {
  TransferWorld w;
  w.recovery();
  const auto made =
      w.call("ExportTableToPointInTime", w.exporting({{"ClientToken", "t"}}))["ExportDescription"];
  CHECK(made["ExportStatus"] == "IN_PROGRESS");
  CHECK(made["ExportFormat"] == "DYNAMODB_JSON");
  CHECK(made["S3SseAlgorithm"] == "AES256");
  const auto described = w.call("DescribeExport", {{"ExportArn", made["ExportArn"]}})["ExportDescription"];
  CHECK(described["ExportStatus"] == "FAILED");
  CHECK(described["FailureCode"] == "S3NoSuchBucket");
  CHECK(w.call("ExportTableToPointInTime",
               w.exporting({{"ClientToken", "t"}}))["ExportDescription"]["ExportArn"] == made["ExportArn"]);
  const auto other =
      w.fail("ExportTableToPointInTime", w.exporting({{"ClientToken", "t"}, {"S3Prefix", "p"}}));
  CHECK(other.code == "ExportConflictException");
  CHECK(other.message == "Export conflict: Duplicate request detected with conflicting parameters");
}

TEST_CASE("exports are listed latest first, page by page, while their table is there") {
  TransferWorld w;
  w.recovery();
  for (int i = 0; i < 3; ++i) {
    w.advance(1s);
    w.call("ExportTableToPointInTime", w.exporting());
  }
  const auto page = w.call("ListExports", {{"TableArn", kArn}, {"MaxResults", 2}});
  CHECK(page["ExportSummaries"].size() == 2);
  CHECK(page["ExportSummaries"][0]["ExportArn"] > page["ExportSummaries"][1]["ExportArn"]);
  const auto rest =
      w.call("ListExports", {{"TableArn", kArn}, {"MaxResults", 2}, {"NextToken", page["NextToken"]}});
  CHECK(rest["ExportSummaries"].size() == 1);
  CHECK_FALSE(rest.contains("NextToken"));
  w.call("DeleteTable", {{"TableName", "Tab"}});
  CHECK(w.call("ListExports", {{"TableArn", kArn}})["ExportSummaries"].empty());
  CHECK(w.call("ListExports")["ExportSummaries"].size() == 3);
}

TEST_CASE("what cannot be exported is refused at once, in AWS's words") {
  TransferWorld w;
  const auto fault = [&](Json more) {
    return w.fail("ExportTableToPointInTime", w.exporting(std::move(more)));
  };
  CHECK(fault(Json::object()).message == "Point in time recovery is not enabled for table 'Tab'");
  w.recovery();
  CHECK(fault({{"TableArn", "Tab"}}).message ==
        "One or more parameter values were invalid: tableArn is not a valid ARN");
  CHECK(fault({{"TableArn", std::string(kArn) + "x"}}).message ==
        "Table not found: " + std::string(kArn) + "x");
  CHECK(fault({{"TableArn", std::string(kArn) + "/index/i"}}).message ==
        "Invalid Request: Table ARN is invalid.");
  const double now = epoch_seconds(w.clock.now());
  CHECK(fault({{"ExportTime", now + 3600}}).code == "InvalidExportTimeException");
  CHECK(fault({{"ExportTime", now - 3600}}).message == "Export Time is invalid");
  CHECK(fault({{"ExportType", "INCREMENTAL_EXPORT"}}).message ==
        "Invalid Request: Incremental Export Specification expected when export type is set as Incremental "
        "Export");
  CHECK(fault({{"IncrementalExportSpecification", Json::object()}}).message ==
        "Invalid Request: Export Type expected to be Incremental Export when incremental export "
        "specification is "
        "provided");
  CHECK(fault({{"ExportType", "INCREMENTAL_EXPORT"}, {"IncrementalExportSpecification", Json::object()}})
            .message == "Invalid Request: ExportFromTime must be provided in IncrementalExportSpecification");
  CHECK(fault({{"ExportType", "INCREMENTAL_EXPORT"},
               {"IncrementalExportSpecification", {{"ExportFromTime", now}}}})
            .message ==
        "Difference between export period from time and export period to time is less than 15 minutes");
  CHECK(fault({{"S3SseKmsKeyId", "k"}}).message ==
        "Invalid Request: KMS Key Id is not supported for this encryption type");
  CHECK(w.refusal("DescribeExport", {{"ExportArn", std::string(kArn) + "/import/01767225600000-00c0ffee"}}) ==
        "Invalid Export ARN");
  CHECK(
      w.fail("DescribeExport", {{"ExportArn", std::string(kArn) + "/export/01767225600000-00c0ffee"}}).code ==
      "ExportNotFoundException");
}

TEST_CASE("an import has failed when described, and has made no table") {
  TransferWorld w;
  const auto made = w.call("ImportTable", w.importing())["ImportTableDescription"];
  CHECK(made["ImportStatus"] == "IN_PROGRESS");
  CHECK(made["TableArn"] == "arn:aws:dynamodb:us-east-1:000000000000:table/Imported");
  const auto described =
      w.call("DescribeImport", {{"ImportArn", made["ImportArn"]}})["ImportTableDescription"];
  CHECK(described["ImportStatus"] == "FAILED");
  CHECK(described["FailureCode"] == "S3NoSuchBucket");
  CHECK(described["ImportedItemCount"] == 0);
  CHECK(w.fail("DescribeTable", {{"TableName", "Imported"}}).code == "ResourceNotFoundException");
  const auto listed = w.call("ListImports", {{"TableArn", made["TableArn"]}})["ImportSummaryList"];
  REQUIRE(listed.size() == 1);
  CHECK(listed[0]["ImportArn"] == made["ImportArn"]);
  auto taken = w.importing();
  taken["TableCreationParameters"]["TableName"] = "Tab";
  CHECK(w.refusal("ImportTable", taken) == "Table already exists: Tab");
  CHECK(w.refusal("ImportTable", w.importing({{"InputFormatOptions", Json::object()}})) ==
        "Invalid Request: Unsupported InputFormatOptions for the given input format: DYNAMODB_JSON.");
  CHECK(
      w.fail("DescribeImport", {{"ImportArn", std::string(kArn) + "/import/01767225600000-00c0ffee"}}).code ==
      "ImportNotFoundException");
}
