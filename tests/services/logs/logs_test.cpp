#include "emulator/services/logs/logs.hpp"

#include "tests/support/world.hpp"

namespace emu {
using namespace test;

namespace {
struct LogsWorld : World {
  logs::Logs logs{disk, clock};
  Json groups(Json input = Json::object()) {
    return call(logs, "DescribeLogGroups", std::move(input))["logGroups"];
  }
  const ResourceType& type() { return logs.resource_types().front(); }
};
}  // namespace

TEST_CASE("a log group shows its ARNs, its time of creation and no retention") {
  LogsWorld w;
  w.call(w.logs, "CreateLogGroup", {{"logGroupName", "/aws/lambda/f"}});
  CHECK(w.groups() ==
        Json::array({{{"logGroupName", "/aws/lambda/f"},
                      {"creationTime", 1767225600000},
                      {"metricFilterCount", 0},
                      {"storedBytes", 0},
                      {"logGroupClass", "STANDARD"},
                      {"arn", "arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/f:*"},
                      {"logGroupArn", "arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/f"}}}));
}

TEST_CASE("a log group that exists is not created again") {
  LogsWorld w;
  w.call(w.logs, "CreateLogGroup", {{"logGroupName", "g"}});
  const auto e = w.fail(w.logs, "CreateLogGroup", {{"logGroupName", "g"}});
  CHECK(e.code == "ResourceAlreadyExistsException");
  CHECK(e.message == "The specified log group already exists");
}

TEST_CASE("a log group's name is checked as AWS checks it") {
  LogsWorld w;
  const auto e = w.fail(w.logs, "CreateLogGroup", {{"logGroupName", "a b"}});
  CHECK(e.code == "InvalidParameterException");
  CHECK(e.message ==
        "1 validation error detected: Value 'a b' at 'logGroupName' failed to satisfy constraint: Member "
        "must satisfy "
        "regular expression pattern: [\\.\\-_/#A-Za-z0-9]+");
  CHECK(w.fail(w.logs, "CreateLogGroup", {{"logGroupName", std::string(513, 'x')}}).code ==
        "InvalidParameterException");
}

TEST_CASE("log groups are found by prefix or by pattern, page by page") {
  LogsWorld w;
  for (const auto* name : {"a/One", "a/two", "b/one"})
    w.call(w.logs, "CreateLogGroup", {{"logGroupName", name}});
  CHECK(w.groups({{"logGroupNamePrefix", "a/"}}).size() == 2);
  CHECK(w.groups({{"logGroupNamePattern", "one"}}).size() == 2);
  CHECK(w.fail(w.logs, "DescribeLogGroups", {{"logGroupNamePrefix", "a"}, {"logGroupNamePattern", "b"}})
            .message == "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
  const auto page = w.call(w.logs, "DescribeLogGroups", {{"limit", 2}});
  CHECK(page["logGroups"].size() == 2);
  const auto rest = w.call(w.logs, "DescribeLogGroups", {{"limit", 2}, {"nextToken", page["nextToken"]}});
  CHECK(rest["logGroups"][0]["logGroupName"] == "b/one");
  CHECK_FALSE(rest.contains("nextToken"));
  CHECK(w.fail(w.logs, "DescribeLogGroups", {{"limit", 51}}).message ==
        "1 validation error detected: Value '51' at 'limit' failed to satisfy constraint: Member must have "
        "value less "
        "than or equal to 50");
}

TEST_CASE("a retention is one of the days AWS knows, and can be taken away") {
  LogsWorld w;
  w.call(w.logs, "CreateLogGroup", {{"logGroupName", "g"}});
  w.call(w.logs, "PutRetentionPolicy", {{"logGroupName", "g"}, {"retentionInDays", 14}});
  CHECK(w.groups()[0]["retentionInDays"] == 14);
  CHECK(w.fail(w.logs, "PutRetentionPolicy", {{"logGroupName", "g"}, {"retentionInDays", 2}}).code ==
        "InvalidParameterException");
  w.call(w.logs, "DeleteRetentionPolicy", {{"logGroupName", "g"}});
  CHECK_FALSE(w.groups()[0].contains("retentionInDays"));
}

TEST_CASE("a log group that does not exist is not found") {
  LogsWorld w;
  for (const auto* operation : {"DeleteLogGroup", "DeleteRetentionPolicy"}) {
    const auto e = w.fail(w.logs, operation, {{"logGroupName", "g"}});
    CHECK(e.code == "ResourceNotFoundException");
    CHECK(e.message == "The specified log group does not exist.");
  }
}

TEST_CASE("log groups outlive a restart, deleted ones do not") {
  LogsWorld w;
  for (const auto* name : {"kept", "gone"}) w.call(w.logs, "CreateLogGroup", {{"logGroupName", name}});
  w.call(w.logs, "DeleteLogGroup", {{"logGroupName", "gone"}});
  logs::Logs again(w.disk, w.clock);
  again.load();
  const auto groups = w.call(again, "DescribeLogGroups")["logGroups"];
  CHECK(groups.size() == 1);
  CHECK(groups[0]["logGroupName"] == "kept");
}

TEST_CASE("tags of a log group are listed by its ARN") {
  LogsWorld w;
  w.call(w.logs, "CreateLogGroup", {{"logGroupName", "g"}, {"tags", {{"a", "1"}}}});
  const auto arn = w.groups()[0]["logGroupArn"];
  w.call(w.logs, "TagResource", {{"resourceArn", arn}, {"tags", {{"b", "2"}}}});
  w.call(w.logs, "UntagResource", {{"resourceArn", arn}, {"tagKeys", {"a"}}});
  CHECK(w.call(w.logs, "ListTagsForResource", {{"resourceArn", arn}})["tags"] == Json{{"b", "2"}});
}

TEST_CASE("a log group resource is named, kept up to date and removed") {
  LogsWorld w;
  ResourceRequest request{
      "Group", "stack", "stack-Group-X", {{"LogGroupName", "/g"}, {"RetentionInDays", "7"}}};
  const auto made = w.run(w.type().create(w.logs, w.context, request));
  REQUIRE(made);
  CHECK(made->physical_id == "/g");
  CHECK(made->attributes["Arn"] == "arn:aws:logs:us-east-1:000000000000:log-group:/g:*");
  CHECK(w.groups()[0]["retentionInDays"] == 7);
  request.properties.erase("RetentionInDays");
  REQUIRE(w.run(w.type().update(w.logs, w.context, *made, request)));
  CHECK_FALSE(w.groups()[0].contains("retentionInDays"));
  REQUIRE(w.run(w.type().remove(w.logs, w.context, *made)));
  CHECK(w.groups().empty());
}

TEST_CASE("a log group resource with an impossible retention leaves nothing behind") {
  LogsWorld w;
  CHECK_FALSE(
      w.run(w.type().create(w.logs, w.context, {"Group", "stack", "named", {{"RetentionInDays", 2}}})));
  CHECK(w.groups().empty());
}

TEST_CASE("log groups are found by their names or ARNs") {
  LogsWorld w;
  for (const auto* name : {"a", "b", "c"}) w.call(w.logs, "CreateLogGroup", {{"logGroupName", name}});
  const auto found =
      w.groups({{"logGroupIdentifiers", {"c", "arn:aws:logs:us-east-1:000000000000:log-group:a", "none"}}});
  REQUIRE(found.size() == 2);
  CHECK(found[0]["logGroupName"] == "a");
  CHECK(found[1]["logGroupName"] == "c");
}
}  // namespace emu
