#include "tests/services/dynamodb/dynamodb_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
Json recovery(bool on, Json more = Json::object()) {
  Json out{{"TableName", "Tab"}, {"PointInTimeRecoverySpecification", {{"PointInTimeRecoveryEnabled", on}}}};
  out["PointInTimeRecoverySpecification"].update(more);
  return out;
}
Json to_time(Json more) {
  Json out{{"SourceTableName", "Tab"}, {"TargetTableName", "Restored"}};
  out.update(more);
  return out;
}

class RecoveryWorld : public DynamoWorld {
 public:
  RecoveryWorld() {
    table();
    put({{"pk", S("first")}, {"n", N("1")}});
    call("UpdateContinuousBackups", recovery(true));
  }
  double now() const { return epoch_seconds(clock.now()); }
  Json restored_at(double time, std::string_view pk) {
    call("RestoreTableToPointInTime", to_time({{"RestoreDateTime", time}}));
    auto item = get({{"pk", S(pk)}}, "Restored");
    call("DeleteTable", {{"TableName", "Restored"}});
    return item;
  }
  std::size_t before_images() const {
    std::size_t rows = 0;
    disk.scan(storage::prefix(storage::Key(storage::Space::before_images)),
              [&](auto, auto) { return ++rows > 0; });
    return rows;
  }
};
}  // namespace

TEST_CASE("point-in-time recovery reaches back to its start, not to the present") {
  DynamoWorld w;
  w.table();
  const auto described = [&] {
    return w.call("DescribeContinuousBackups",
                  {{"TableName", "Tab"}})["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"];
  };
  CHECK(described() == Json{{"PointInTimeRecoveryStatus", "DISABLED"}});
  const double start = epoch_seconds(w.clock.now());
  w.call(
      "UpdateContinuousBackups",
      {{"TableName", "Tab"}, {"PointInTimeRecoverySpecification", {{"PointInTimeRecoveryEnabled", true}}}});
  w.advance(1h);
  CHECK(described() == Json{{"PointInTimeRecoveryStatus", "ENABLED"},
                            {"RecoveryPeriodInDays", 35},
                            {"EarliestRestorableDateTime", start},
                            {"LatestRestorableDateTime", start + 3600 - 300}});
  const auto fault = w.fail("DescribeContinuousBackups", {{"TableName", "nope"}});
  CHECK(fault.code == "TableNotFoundException");
  CHECK(fault.message == "Table not found: nope");
}

TEST_CASE("a table is restored to what it was at any restorable second") {
  RecoveryWorld w;
  const double start = w.now();
  w.advance(10s);
  w.put({{"pk", S("first")}, {"n", N("2")}});
  w.put({{"pk", S("second")}});
  w.advance(10s);
  w.put({{"pk", S("first")}, {"n", N("3")}});
  w.call("DeleteItem", {{"TableName", "Tab"}, {"Key", {{"pk", S("second")}}}});
  w.advance(10min);
  CHECK(w.restored_at(start, "first")["n"] == N("1"));
  CHECK(w.restored_at(start, "second").is_null());
  CHECK(w.restored_at(start + 15, "first")["n"] == N("2"));
  CHECK(w.restored_at(start + 15, "second") == Json{{"pk", S("second")}});
  CHECK(w.restored_at(start + 25, "first")["n"] == N("3"));
  CHECK(w.restored_at(start + 25, "second").is_null());
  CHECK(w.get({{"pk", S("first")}})["n"] == N("3"));
}

TEST_CASE("the latest restorable time is that of switching on at first, then lies five minutes back") {
  RecoveryWorld w;
  w.put({{"pk", S("first")}, {"n", N("2")}});
  w.call("RestoreTableToPointInTime", to_time({{"UseLatestRestorableTime", true}}));
  CHECK(w.get({{"pk", S("first")}}, "Restored")["n"] == N("1"));
  w.call("DeleteTable", {{"TableName", "Restored"}});
  w.advance(10min);
  w.put({{"pk", S("first")}, {"n", N("3")}});
  const auto made =
      w.call("RestoreTableToPointInTime", to_time({{"UseLatestRestorableTime", true}}))["TableDescription"];
  CHECK(w.get({{"pk", S("first")}}, "Restored")["n"] == N("2"));
  CHECK(made["TableStatus"] == "CREATING");
  CHECK(made["RestoreSummary"] ==
        Json{{"SourceTableArn", "arn:aws:dynamodb:us-east-1:000000000000:table/Tab"},
             {"RestoreDateTime", w.now() - 300},
             {"RestoreInProgress", true}});
  const auto described = w.call("DescribeTable", {{"TableName", "Restored"}})["Table"];
  CHECK(described["TableStatus"] == "ACTIVE");
  CHECK_FALSE(described.contains("RestoreSummary"));
}

TEST_CASE("what cannot be restored is refused in AWS's words and order") {
  RecoveryWorld w;
  const auto fault = [&](Json more) { return w.fail("RestoreTableToPointInTime", to_time(std::move(more))); };
  CHECK(
      fault(Json::object()).message ==
      "Invalid Request: Either one of RestoreDateTime or UseLatestRestorableTime must be specified, but not "
      "both");
  CHECK(fault({{"RestoreDateTime", 1.0}, {"UseLatestRestorableTime", true}})
            .message.starts_with(
                "Invalid Request: Both RestoreDateTime and UseLatestRestorableTime cannot be set"));
  CHECK(fault({{"SourceTableArn", "arn:aws:dynamodb:us-east-1:000000000000:table/Tab"}}).message ==
        "Must provide exactly one of: sourceTableArn, sourceTableName");
  CHECK(fault({{"TargetTableName", "b d"}, {"UseLatestRestorableTime", true}}).message ==
        "1 validation error detected: Value 'b d' at 'targetTableName' failed to satisfy constraint: Member "
        "must "
        "satisfy regular expression pattern: [a-zA-Z0-9_.-]+");
  auto refused = fault({{"SourceTableName", "nope"}, {"UseLatestRestorableTime", true}});
  CHECK(refused.code == "TableNotFoundException");
  CHECK(refused.message == "Table not found: nope");
  refused = fault({{"RestoreDateTime", w.now() - 3600}});
  CHECK(refused.code == "InvalidRestoreTimeException");
  CHECK(refused.message ==
        "RestoreDateTime '2025-12-31T23:00:00Z' must be within EarliestRestorableDateTime "
        "'2026-01-01T00:00:00Z' and LatestRestorableDateTime '2026-01-01T00:00:00Z'");
  refused = fault({{"TargetTableName", "Tab"}, {"UseLatestRestorableTime", true}});
  CHECK(refused.code == "TableAlreadyExistsException");
  CHECK(refused.message == "Table already exists: Tab");
  w.call("UpdateContinuousBackups", recovery(false));
  refused = fault({{"TargetTableName", "Tab"}, {"UseLatestRestorableTime", true}});
  CHECK(refused.code == "PointInTimeRecoveryUnavailableException");
  CHECK(refused.message == "Point in time recovery is not enabled for table 'Tab'");
}

TEST_CASE("a recovery period has bounds, and none when recovery is switched off") {
  RecoveryWorld w;
  CHECK(w.refusal("UpdateContinuousBackups", recovery(true, {{"RecoveryPeriodInDays", 36}})) ==
        "1 validation error detected: Value '36' at 'pointInTimeRecoverySpecification.recoveryPeriodInDays' "
        "failed to satisfy constraint: Member must have value less than or equal to 35");
  CHECK(w.refusal("UpdateContinuousBackups", recovery(false, {{"RecoveryPeriodInDays", 5}})) ==
        "Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery.");
}

TEST_CASE("before-images are kept while recovery is on, for its period") {
  RecoveryWorld w;
  CHECK(w.before_images() == 0);
  w.call("UpdateContinuousBackups", recovery(true, {{"RecoveryPeriodInDays", 1}}));
  w.put({{"pk", S("a")}});
  CHECK(w.before_images() == 1);
  w.start(w.db.run());
  w.advance(23h);
  w.put({{"pk", S("b")}});
  CHECK(w.before_images() == 2);
  w.advance(2h);
  CHECK(w.before_images() == 1);
  w.call("UpdateContinuousBackups", recovery(false));
  CHECK(w.before_images() == 0);
  w.put({{"pk", S("c")}});
  CHECK(w.before_images() == 0);
}

TEST_CASE("a period that grows again does not bring back what was let go") {
  RecoveryWorld w;
  w.call("UpdateContinuousBackups", recovery(true, {{"RecoveryPeriodInDays", 1}}));
  w.advance(24h * 3);
  const double now = w.now();
  const auto grown = w.call("UpdateContinuousBackups", recovery(true, {{"RecoveryPeriodInDays", 35}}));
  CHECK(
      grown["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]["EarliestRestorableDateTime"] ==
      now - 86400);
}

TEST_CASE("a deleted table with recovery leaves a system backup of 35 days that can be restored") {
  RecoveryWorld w;
  w.call("DeleteTable", {{"TableName", "Tab"}});
  CHECK(w.call("ListBackups")["BackupSummaries"].empty());
  const auto listed = w.call("ListBackups", {{"BackupType", "SYSTEM"}})["BackupSummaries"];
  REQUIRE(listed.size() == 1);
  CHECK(listed[0]["BackupName"] == "Tab$DeletedTableBackup");
  CHECK(listed[0]["BackupExpiryDateTime"] == w.now() + 35 * 86400);
  CHECK(listed[0]["BackupArn"].get<std::string>().ends_with("-00000000"));
  CHECK(w.refusal("DeleteBackup", {{"BackupArn", listed[0]["BackupArn"]}})
            .starts_with("Invalid Request: User is not allowed to delete the system backup with arn "));
  w.call("RestoreTableFromBackup", {{"TargetTableName", "Tab"}, {"BackupArn", listed[0]["BackupArn"]}});
  CHECK(w.get({{"pk", S("first")}})["n"] == N("1"));
  w.advance(24h * 36);
  w.start(w.db.run());
  w.advance(1h);
  CHECK(w.call("ListBackups", {{"BackupType", "ALL"}})["BackupSummaries"].empty());
}
