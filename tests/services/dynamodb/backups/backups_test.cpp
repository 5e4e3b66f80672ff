#include "tests/services/dynamodb/dynamodb_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
constexpr std::string_view kUnknown =
    "arn:aws:dynamodb:us-east-1:000000000000:table/Tab/backup/01767225600000-00c0ffee";

// A table with one GSI, time to live, a stream and tags, and 1,200 items.
class BackupWorld : public DynamoWorld {
 public:
  BackupWorld() {
    call("CreateTable", Json::parse(R"({"TableName":"Tab","BillingMode":"PAY_PER_REQUEST",
      "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"g","AttributeType":"S"}],
      "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],"DeletionProtectionEnabled":false,
      "GlobalSecondaryIndexes":[{"IndexName":"by-g","Projection":{"ProjectionType":"KEYS_ONLY"},
        "KeySchema":[{"AttributeName":"g","KeyType":"HASH"}]}],
      "StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_IMAGE"},
      "Tags":[{"Key":"k","Value":"v"}]})"));
    call("UpdateTimeToLive",
         {{"TableName", "Tab"}, {"TimeToLiveSpecification", {{"Enabled", true}, {"AttributeName", "ttl"}}}});
    for (int i = 0; i < 1200; ++i) put({{"pk", S(std::to_string(i))}, {"g", S("group")}});
  }
  Json backup(std::string_view name = "one") {
    return call("CreateBackup", {{"TableName", "Tab"}, {"BackupName", name}})["BackupDetails"];
  }
  Json restore(const Json& arn, Json more = Json::object()) {
    Json in{{"TargetTableName", "Restored"}, {"BackupArn", arn}};
    in.update(more);
    return call("RestoreTableFromBackup", in)["TableDescription"];
  }
  std::string restore_refusal(const Json& arn, Json more) {
    Json in{{"TargetTableName", "Restored"}, {"BackupArn", arn}};
    in.update(more);
    return refusal("RestoreTableFromBackup", in);
  }
};
}  // namespace

TEST_CASE("a backup is CREATING in the reply and AVAILABLE when described") {
  BackupWorld w;
  const auto made = w.backup();
  CHECK(made["BackupStatus"] == "CREATING");
  CHECK(made["BackupType"] == "USER");
  CHECK(made["BackupCreationDateTime"] == 1767225600.0);
  CHECK(made["BackupArn"].get<std::string>().starts_with(
      "arn:aws:dynamodb:us-east-1:000000000000:table/Tab/backup/01767225600000-"));
  CHECK_FALSE(made.contains("BackupExpiryDateTime"));
  const auto described = w.call("DescribeBackup", {{"BackupArn", made["BackupArn"]}})["BackupDescription"];
  CHECK(described["BackupDetails"]["BackupStatus"] == "AVAILABLE");
  CHECK(described["BackupDetails"]["BackupSizeBytes"] == made["BackupSizeBytes"]);
  CHECK(described["SourceTableDetails"]["ItemCount"] == 1200);
  CHECK(described["SourceTableDetails"]["BillingMode"] == "PAY_PER_REQUEST");
  CHECK(described["SourceTableFeatureDetails"] == Json::parse(R"({
    "GlobalSecondaryIndexes":[{"IndexName":"by-g","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],
      "Projection":{"ProjectionType":"KEYS_ONLY"},
      "ProvisionedThroughput":{"ReadCapacityUnits":0,"WriteCapacityUnits":0}}],
    "StreamDescription":{"StreamEnabled":true,"StreamViewType":"NEW_IMAGE"},
    "TimeToLiveDescription":{"TimeToLiveStatus":"ENABLED","AttributeName":"ttl"}})"));
}

TEST_CASE(
    "a restored table has the items of the backup, not the stream, tags and time to live of the table") {
  BackupWorld w;
  const auto arn = w.backup()["BackupArn"];
  w.put({{"pk", S("0")}, {"g", S("changed")}});
  w.put({{"pk", S("later")}});
  const auto made = w.restore(arn);
  CHECK(made["TableStatus"] == "CREATING");
  CHECK(made["RestoreSummary"]["SourceBackupArn"] == arn);
  CHECK(made["RestoreSummary"]["RestoreInProgress"] == true);
  const auto table = w.call("DescribeTable", {{"TableName", "Restored"}})["Table"];
  CHECK(table["TableStatus"] == "ACTIVE");
  CHECK(table["ItemCount"] == 1200);
  CHECK_FALSE(table.contains("StreamSpecification"));
  CHECK_FALSE(table.contains("LatestStreamArn"));
  CHECK(w.get({{"pk", S("0")}}, "Restored")["g"] == S("group"));
  CHECK(w.call("Query", {{"TableName", "Restored"},
                         {"IndexName", "by-g"},
                         {"Select", "COUNT"},
                         {"KeyConditionExpression", "g = :g"},
                         {"ExpressionAttributeValues", {{":g", S("group")}}}})["Count"] == 1200);
  CHECK(w.call("ListTagsOfResource", {{"ResourceArn", table["TableArn"]}})["Tags"].empty());
  CHECK(w.call("DescribeTimeToLive",
               {{"TableName", "Restored"}})["TimeToLiveDescription"]["TimeToLiveStatus"] == "DISABLED");
}

TEST_CASE("a backup outlives its table and a restart, until it is deleted") {
  BackupWorld w;
  const auto arn = w.backup()["BackupArn"];
  w.call("DeleteTable", {{"TableName", "Tab"}});
  dynamodb::DynamoDb again(w.disk, w.clock, w.loops, w.ids);
  again.load();
  w.call(again, "RestoreTableFromBackup", {{"TargetTableName", "Tab"}, {"BackupArn", arn}});
  CHECK(w.call(again, "DescribeTable", {{"TableName", "Tab"}})["Table"]["ItemCount"] == 1200);
  CHECK(w.call(again, "DeleteBackup",
               {{"BackupArn", arn}})["BackupDescription"]["BackupDetails"]["BackupStatus"] == "DELETED");
  const auto gone = w.fail(again, "DescribeBackup", {{"BackupArn", arn}});
  CHECK(gone.code == "BackupNotFoundException");
  CHECK(gone.message == "Backup not found: " + arn.get<std::string>());
  w.call(again, "DeleteTable", {{"TableName", "Tab"}});
  std::size_t rows = 0;
  w.disk.scan(storage::prefix(storage::Key(storage::Space::items)), [&](auto, auto) { return ++rows > 0; });
  CHECK(rows == 0);
}

TEST_CASE("backups are listed by time, of a table, a time range, a kind, page by page") {
  BackupWorld w;
  w.table("Other");
  w.backup("one");
  w.advance(10s);
  w.call("CreateBackup", {{"TableName", "Other"}, {"BackupName", "two"}});
  w.advance(10s);
  w.backup("three");
  const auto names = [&](Json in) {
    std::vector<std::string> out;
    for (const auto& b : w.call("ListBackups", std::move(in))["BackupSummaries"])
      out.push_back(b["BackupName"]);
    return out;
  };
  using Names = std::vector<std::string>;
  CHECK(names(Json::object()) == Names{"one", "two", "three"});
  CHECK(names({{"TableName", "Tab"}}) == Names{"one", "three"});
  CHECK(names({{"TableName", "nope"}}).empty());
  CHECK(names({{"BackupType", "SYSTEM"}}).empty());
  CHECK(names({{"TimeRangeLowerBound", 1767225610.0}, {"TimeRangeUpperBound", 1767225620.0}}) ==
        Names{"two"});
  const auto page = w.call("ListBackups", {{"Limit", 2}});
  CHECK(page["BackupSummaries"].size() == 2);
  CHECK(names({{"ExclusiveStartBackupArn", page["LastEvaluatedBackupArn"]}}) == Names{"three"});
  CHECK_FALSE(w.call("ListBackups", {{"Limit", 3}}).contains("LastEvaluatedBackupArn"));
  CHECK(
      w.refusal("ListBackups", {{"TimeRangeLowerBound", 2.0}, {"TimeRangeUpperBound", 1.0}}) ==
      "One or more parameter values were invalid: Time range lower bound must be less than or equal to upper "
      "bound");
}

TEST_CASE("what is no backup is refused in AWS's words") {
  BackupWorld w;
  auto fault = w.fail("CreateBackup", {{"TableName", "nope"}, {"BackupName", "one"}});
  CHECK(fault.code == "TableNotFoundException");
  CHECK(fault.message == "Table not found: nope");
  CHECK(
      w.refusal("CreateBackup", {{"TableName", "Tab"}, {"BackupName", "b"}}) ==
      "1 validation error detected: Value 'b' at 'backupName' failed to satisfy constraint: Member must have "
      "length greater than or equal to 3");
  CHECK(w.refusal("DescribeBackup", {{"BackupArn", "short"}}) ==
        "1 validation error detected: Value 'short' at 'backupArn' failed to satisfy constraint: Member must "
        "have length greater than or equal to 37");
  CHECK(w.refusal("DeleteBackup", {{"BackupArn", "arn:aws:dynamodb:us-east-1:000000000000:table/Tab"}}) ==
        "Invalid Backup ARN");
  fault = w.fail("RestoreTableFromBackup", {{"TargetTableName", "Restored"}, {"BackupArn", kUnknown}});
  CHECK(fault.code == "BackupNotFoundException");
  fault =
      w.fail("RestoreTableFromBackup", {{"TargetTableName", "Tab"}, {"BackupArn", w.backup()["BackupArn"]}});
  CHECK(fault.code == "TableAlreadyExistsException");
  CHECK(fault.message == "Table already exists: Tab");
}

TEST_CASE("a restore may change billing and leave out indexes, but bring no new ones") {
  BackupWorld w;
  const auto arn = w.backup()["BackupArn"];
  const Json throughput{{"ReadCapacityUnits", 3}, {"WriteCapacityUnits", 4}};
  CHECK(w.restore_refusal(arn, {{"ProvisionedThroughputOverride", throughput}}) ==
        "Invalid Request: Cannot override ProvisionedThroughput unless BillingMode is PROVISIONED");
  CHECK(w.restore_refusal(arn, {{"BillingModeOverride", "PROVISIONED"}}) ==
        "Invalid Request: Must override ProvisionedThroughput if BillingMode is overridden to PROVISIONED");
  CHECK(w.restore_refusal(arn, {{"BillingModeOverride", "PAY_PER_REQUEST"},
                                {"ProvisionedThroughputOverride", throughput}}) ==
        "Invalid Request: Cannot override ProvisionedThroughput if BillingMode is overridden to "
        "PAY_PER_REQUEST");
  CHECK(w.restore_refusal(
            arn, {{"BillingModeOverride", "PROVISIONED"}, {"ProvisionedThroughputOverride", throughput}}) ==
        "Invalid Request: Must specify provisioned throughput for index by-g");
  CHECK(w.restore_refusal(arn, {{"OnDemandThroughputOverride", {{"MaxReadRequestUnits", 0}}}}) ==
        "Invalid Request: Requested MaxReadRequestUnits for OnDemandThroughput is outside of valid range");
  const Json fresh = Json::parse(R"([{"IndexName":"new","Projection":{"ProjectionType":"ALL"},
    "KeySchema":[{"AttributeName":"g","KeyType":"HASH"}]}])");
  CHECK(w.restore_refusal(arn, {{"GlobalSecondaryIndexOverride", fresh}}) ==
        "Invalid Request: Index new does not match a secondary index that existed in the source table and "
        "cannot "
        "be created during the restore operation");
  w.restore(arn, {{"BillingModeOverride", "PROVISIONED"},
                  {"ProvisionedThroughputOverride", throughput},
                  {"GlobalSecondaryIndexOverride", Json::array()}});
  const auto table = w.call("DescribeTable", {{"TableName", "Restored"}})["Table"];
  CHECK_FALSE(table.contains("GlobalSecondaryIndexes"));
  CHECK(table["AttributeDefinitions"].size() == 1);
  CHECK(table["ProvisionedThroughput"]["WriteCapacityUnits"] == 4);
}
