#include "tests/services/dynamodb/dynamodb_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
std::string ompv(std::string_view text) {
  return "One or more parameter values were invalid: " + std::string(text);
}
Json index(std::string_view name, std::string_view attribute = "g") {
  return {{"IndexName", name},
          {"KeySchema", Json::array({{{"AttributeName", attribute}, {"KeyType", "HASH"}}})},
          {"Projection", {{"ProjectionType", "ALL"}}}};
}
const Json kThroughput{{"ReadCapacityUnits", 5}, {"WriteCapacityUnits", 6}};

class ChangeWorld : public DynamoWorld {
 public:
  ChangeWorld() { table(); }
  void provision() { update({{"BillingMode", "PROVISIONED"}, {"ProvisionedThroughput", kThroughput}}); }
  static Json input(Json more) {
    more["TableName"] = "Tab";
    return more;
  }
  Json update(Json more) { return call("UpdateTable", input(std::move(more)))["TableDescription"]; }
  std::string refusal_of(Json more) { return refusal("UpdateTable", input(std::move(more))); }
  Json table_now() { return call("DescribeTable", {{"TableName", "Tab"}})["Table"]; }
  static Json indexes(Json updates, bool defined = true) {
    Json out{{"GlobalSecondaryIndexUpdates", std::move(updates)}};
    if (defined)
      out["AttributeDefinitions"] = Json::array({{{"AttributeName", "g"}, {"AttributeType", "S"}}});
    return out;
  }
};
}  // namespace

TEST_CASE("one change per UpdateTable, in AWS's order of refusal") {
  ChangeWorld w;
  const Json sse{{"SSESpecification", {{"Enabled", true}}}}, table_class{{"TableClass", "STANDARD"}};
  const Json protection{{"DeletionProtectionEnabled", true}};
  const Json warm{{"WarmThroughput", {{"ReadUnitsPerSecond", 20000}}}};
  const auto both = [](Json a, const Json& b) {
    a.update(b);
    return a;
  };
  CHECK(w.refusal_of(both(sse, table_class)) ==
        ompv("Server-Side Encryption modification must be the only operation in the request"));
  CHECK(w.refusal_of(both(table_class, protection)) ==
        ompv("TableClass modification must be the only operation in the request"));
  CHECK(w.refusal_of(both(protection, warm)) ==
        ompv("DeletionProtection modification must be the only operation in the request"));
  const Json ceilings{{"OnDemandThroughput", {{"MaxReadRequestUnits", 10}}}};
  CHECK(w.refusal_of(both(ceilings, warm)) ==
        ompv("WarmThroughput must be the only operation in the request"));
  const Json stream{{"StreamSpecification", {{"StreamEnabled", true}, {"StreamViewType", "KEYS_ONLY"}}}};
  CHECK(w.refusal_of(both(ceilings, stream)) ==
        ompv("OnDemandThroughput can only be combined with BillingMode in an UpdateTable request"));
  const Json iops{{"BillingMode", "PROVISIONED"}, {"ProvisionedThroughput", kThroughput}};
  CHECK(w.refusal_of(both(stream, iops)) ==
        ompv("You cannot modify stream status while updating table IOPS"));
  const Json deletion = w.indexes(Json::array({{{"Delete", {{"IndexName", "by-g"}}}}}));
  CHECK(w.refusal_of(both(deletion, iops)) ==
        ompv("You cannot create or delete index while updating table IOPS"));
  CHECK(w.refusal_of(both(deletion, stream)) ==
        ompv("You cannot create or delete index while changing stream status"));
}

TEST_CASE("index updates are refused in AWS's words") {
  ChangeWorld w;
  CHECK(w.refusal_of(w.indexes(Json::array())) == ompv("List of GlobalSecondaryIndexUpdates is empty"));
  CHECK(w.refusal_of(w.indexes(Json::array({Json::object()}))) ==
        ompv("One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
             "GlobalSecondaryIndexUpdate.Delete must not be null"));
  CHECK(w.refusal_of(
            w.indexes(Json::array({{{"Create", index("by-g")}, {"Delete", {{"IndexName", "by-g"}}}}}))) ==
        ompv("Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate object"));
  CHECK(w.refusal_of(
            w.indexes(Json::array({{{"Create", index("by-g")}}, {{"Delete", {{"IndexName", "by-g"}}}}}))) ==
        ompv("Only one global secondary index update per index is allowed simultaneously. Index: by-g"));
  const auto two =
      w.fail("UpdateTable",
             w.input(w.indexes(Json::array({{{"Create", index("one")}}, {{"Create", index("two")}}}))));
  CHECK(two.code == "LimitExceededException");
  CHECK(two.message ==
        "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table");
  CHECK(w.refusal_of(w.indexes(Json::array({{{"Create", index("by-g")}}}), false)) ==
        ompv("AttributeDefinitions is not specified for index: by-g"));
  CHECK(w.refusal_of(w.indexes(Json::array({{{"Create", index("by-h", "h")}}}))) ==
        ompv("Some index key attributes are not defined in AttributeDefinitions. Keys: [h], "
             "AttributeDefinitions: [g]"));
  CHECK(w.refusal_of(w.indexes(Json::array({{{"Delete", {{"IndexName", "nope"}}}}}))) ==
        "Requested resource not found: Index: nope not found");
  w.update(w.indexes(Json::array({{{"Create", index("by-g")}}})));
  CHECK(w.refusal_of(w.indexes(Json::array({{{"Create", index("by-g")}}}))) ==
        "Attempting to create an index which already exists");
  CHECK(w.refusal_of(w.indexes(
            Json::array({{{"Update", {{"IndexName", "by-g"}, {"ProvisionedThroughput", kThroughput}}}}}))) ==
        ompv("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: by-g when "
             "BillingMode "
             "is PAY_PER_REQUEST"));
  CHECK(w.refusal_of(w.indexes(Json::array({{{"Update", {{"IndexName", "by-g"}}}}}))) ==
        ompv("The only Updates for index: by-g when TableThroughputMode is PAY_PER_REQUEST can be to "
             "OnDemandThroughput, WarmThroughput"));
  CHECK(w.refusal_of({{"BillingMode", "PROVISIONED"}, {"ProvisionedThroughput", kThroughput}}) ==
        ompv("ProvisionedThroughput must be specified for index: by-g"));
  auto all =
      w.indexes(Json::array({{{"Update", {{"IndexName", "by-g"}, {"ProvisionedThroughput", kThroughput}}}}}));
  all["BillingMode"] = "PROVISIONED";
  all["ProvisionedThroughput"] = kThroughput;
  w.update(all);
  CHECK(w.refusal_of(w.indexes(Json::array(
                         {{{"Update", {{"IndexName", "by-g"}, {"ProvisionedThroughput", kThroughput}}}}})))
            .starts_with("The provisioned throughput for the index by-g will not change."));
}

TEST_CASE("ceilings of on-demand tables are merged, removed with -1, and have a range") {
  ChangeWorld w;
  const auto set = [](std::string_view member, int value) {
    return Json{{"OnDemandThroughput", {{member, value}}}};
  };
  w.update(set("MaxReadRequestUnits", 100));
  w.update(set("MaxWriteRequestUnits", 50));
  CHECK(w.table_now()["OnDemandThroughput"] ==
        Json{{"MaxReadRequestUnits", 100}, {"MaxWriteRequestUnits", 50}});
  w.update(set("MaxReadRequestUnits", -1));
  CHECK(w.table_now()["OnDemandThroughput"] == Json{{"MaxWriteRequestUnits", 50}});
  CHECK(w.refusal_of(set("MaxWriteRequestUnits", 0)) ==
        ompv("Requested MaxWriteRequestUnits for OnDemandThroughput for table is outside of valid range"));
  w.provision();
  CHECK_FALSE(w.table_now().contains("OnDemandThroughput"));
  CHECK(w.refusal_of(set("MaxReadRequestUnits", 1)) ==
        ompv("MaxReadRequestUnits for OnDemandThroughput cannot be specified when the table BillingMode is "
             "PROVISIONED"));
}

TEST_CASE("warm throughput only grows") {
  ChangeWorld w;
  const auto made = w.update({{"WarmThroughput", {{"ReadUnitsPerSecond", 20000}}}});
  CHECK(made["WarmThroughput"]["Status"] == "UPDATING");
  CHECK(w.table_now()["WarmThroughput"] ==
        Json{{"ReadUnitsPerSecond", 20000}, {"WriteUnitsPerSecond", 4000}, {"Status", "ACTIVE"}});
  CHECK(
      w.refusal_of({{"WarmThroughput", {{"ReadUnitsPerSecond", 12000}}}}) ==
      ompv("Requested ReadUnitsPerSecond for WarmThroughput for table is lower than current WarmThroughput, "
           "decreasing WarmThroughput is not supported"));
}

TEST_CASE("encryption is switched on, described, and off again") {
  ChangeWorld w;
  const auto set = [](Json specification) { return Json{{"SSESpecification", std::move(specification)}}; };
  CHECK(w.refusal_of(set({{"Enabled", false}})) == ompv("Table is already encrypted by default"));
  CHECK(w.refusal_of(set({{"Enabled", false}, {"SSEType", "KMS"}})) ==
        ompv("SSEType can not be specified if Enabled is false"));
  CHECK(w.refusal_of(set({{"Enabled", true}, {"SSEType", "AES256"}})) ==
        ompv("SSEType AES256 is not supported"));
  CHECK(w.refusal_of(set({{"Enabled", true}, {"KMSMasterKeyId", "k"}})) ==
        ompv("SSEType KMS is required if KMSMasterKeyId is specified"));
  w.update(set({{"Enabled", true}}));
  CHECK(w.table_now()["SSEDescription"]["Status"] == "ENABLED");
  CHECK(w.table_now()["SSEDescription"]["SSEType"] == "KMS");
  CHECK(
      w.refusal_of(set({{"Enabled", true}})) ==
      ompv(
          "Table is already encrypted with given KMSMasterKeyId. Use KMSMasterKeyId parameter if you want to "
          "change Master Key"));
  w.update(set({{"Enabled", false}}));
  CHECK_FALSE(w.table_now().contains("SSEDescription"));
}

TEST_CASE("a stream's view type goes with switching it on only") {
  ChangeWorld w;
  const auto set = [](Json specification) { return Json{{"StreamSpecification", std::move(specification)}}; };
  CHECK(w.refusal_of(set({{"StreamEnabled", true}})) ==
        ompv("If stream is being enabled then UpdateViewType is required"));
  CHECK(w.refusal_of(set({{"StreamEnabled", false}})) == "Table has no stream to disable: TableName: Tab");
  w.update(set({{"StreamEnabled", true}, {"StreamViewType", "KEYS_ONLY"}}));
  CHECK(w.refusal_of(set({{"StreamEnabled", true}, {"StreamViewType", "KEYS_ONLY"}})) ==
        "Table already has an enabled stream: TableName: Tab");
  CHECK(w.refusal_of(set({{"StreamEnabled", false}, {"StreamViewType", "KEYS_ONLY"}})) ==
        ompv("If stream is being disabled, then UpdateViewType must not be specified"));
}

TEST_CASE("CreateTable judges throughput, encryption, policies, tags and many-part keys") {
  DynamoWorld w;
  const auto refusal = [&](std::string_view more) {
    auto in = Json::parse(R"({"TableName":"Tab","BillingMode":"PAY_PER_REQUEST",
      "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],
      "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]})");
    in.update(Json::parse(more));
    return w.refusal("CreateTable", in);
  };
  CHECK(refusal(R"({"OnDemandThroughput":{"MaxReadRequestUnits":-1}})") ==
        ompv("Requested MaxReadRequestUnits for OnDemandThroughput for table is outside of valid range"));
  CHECK(
      refusal(
          R"({"BillingMode":"PROVISIONED","ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":1},
                    "OnDemandThroughput":{"MaxWriteRequestUnits":1}})") ==
      ompv("MaxWriteRequestUnits for OnDemandThroughput cannot be specified when table BillingMode is "
           "PROVISIONED."));
  CHECK(refusal(R"({"WarmThroughput":{"ReadUnitsPerSecond":1}})") ==
        ompv("Requested ReadUnitsPerSecond for WarmThroughput for table is lower than initial throughput for "
             "OnDemand. See: "
             "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
             "on-demand-capacity-mode.html#on-demand-capacity-mode-initial"));
  CHECK(refusal(R"({"SSESpecification":{"Enabled":false,"SSEType":"KMS"}})") ==
        ompv("SSEType can not be specified if Enabled is false"));
  CHECK(refusal(R"({"ResourcePolicy":"{"})") ==
        ompv("Invalid policy document: This policy contains invalid Json"));
  CHECK(refusal(R"({"Tags":[{"Key":"aws:x","Value":""}]})") ==
        "Tag Key cannot be prefixed with aws:, Key: aws:x");
  CHECK(refusal(R"({"StreamSpecification":{"StreamEnabled":true}})") ==
        ompv("Table is being created with a stream enabled, UpdateViewType is required"));
  CHECK(refusal(R"({"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},
                    {"AttributeName":"pk","AttributeType":"S"}]})") == "Attribute Name is duplicated: pk");
  CHECK(
      refusal(
          R"({"KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"pk","KeyType":"RANGE"}],
                    "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},
                    {"AttributeName":"x","AttributeType":"S"}]})") ==
      "Both the Hash Key and the Range Key element in the KeySchema have the same name");
  const auto keys = [&](std::string_view schema) {
    return refusal(fmt::format(
        R"({{"AttributeDefinitions":[{{"AttributeName":"pk","AttributeType":"S"}},
           {{"AttributeName":"a","AttributeType":"S"}},{{"AttributeName":"b","AttributeType":"N"}},
           {{"AttributeName":"c","AttributeType":"S"}},{{"AttributeName":"d","AttributeType":"S"}},
           {{"AttributeName":"e","AttributeType":"S"}}],
           "GlobalSecondaryIndexes":[{{"IndexName":"gsi","Projection":{{"ProjectionType":"ALL"}},
           "KeySchema":{}}}]}})",
        schema));
  };
  CHECK(keys(R"([{"AttributeName":"a","KeyType":"HASH"},{"AttributeName":"b","KeyType":"RANGE"},
                 {"AttributeName":"c","KeyType":"HASH"}])") ==
        ompv("All HASH key attributes must precede RANGE key attributes in the KeySchema"));
  CHECK(keys(R"([{"AttributeName":"a","KeyType":"HASH"},{"AttributeName":"b","KeyType":"RANGE"},
                 {"AttributeName":"b","KeyType":"RANGE"}])") ==
        "The KeySchema contains multiple key attributes with the same name");
  CHECK(keys(R"([{"AttributeName":"a","KeyType":"HASH"},{"AttributeName":"b","KeyType":"HASH"},
                 {"AttributeName":"c","KeyType":"HASH"},{"AttributeName":"d","KeyType":"HASH"},
                 {"AttributeName":"e","KeyType":"HASH"}])") ==
        ompv("The KeySchema exceeds the maximum allowed number of HASH key attributes"));
}

TEST_CASE("a provisioned table's indexes need throughput, all that lack it named at once") {
  DynamoWorld w;
  auto in = Json::parse(R"({"TableName":"Tab","BillingMode":"PROVISIONED",
    "ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":1},
    "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"g","AttributeType":"S"}],
    "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]})");
  in["GlobalSecondaryIndexes"] = Json::array({index("one"), index("two")});
  CHECK(w.refusal("CreateTable", in) == ompv("ProvisionedThroughput must be specified for index: one,two"));
}
