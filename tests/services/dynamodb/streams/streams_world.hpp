// A DynamoWorld with the Streams service beside it, and short ways to say what its tests say often.
#pragma once
#include "emulator/services/dynamodb/streams/service.hpp"
#include "tests/services/dynamodb/dynamodb_world.hpp"

namespace emu::test {
class StreamsWorld : public DynamoWorld {
 public:
  dynamodb::DynamoDbStreams streams{db.streams, loops};

  Json ask(std::string_view operation, Json input = Json::object()) {
    return World::call(streams, operation, std::move(input));
  }
  AwsError refused(std::string_view operation, Json input) {
    return World::fail(streams, operation, std::move(input));
  }

  // A table with hash key id (S) and a stream; the stream's ARN.
  std::string streamed(std::string_view name = "Tab", std::string_view view = "NEW_AND_OLD_IMAGES") {
    return call(
        "CreateTable",
        {{"TableName", name},
         {"AttributeDefinitions", Json::parse(R"([{"AttributeName":"id","AttributeType":"S"}])")},
         {"KeySchema", Json::parse(R"([{"AttributeName":"id","KeyType":"HASH"}])")},
         {"BillingMode", "PAY_PER_REQUEST"},
         {"StreamSpecification",
          {{"StreamEnabled", true}, {"StreamViewType", view}}}})["TableDescription"]["LatestStreamArn"];
  }
  Json enable(std::string_view view, std::string_view name = "Tab") {
    return call("UpdateTable", {{"TableName", name},
                                {"StreamSpecification",
                                 {{"StreamEnabled", true}, {"StreamViewType", view}}}})["TableDescription"];
  }
  Json disable(std::string_view name = "Tab") {
    return call("UpdateTable", {{"TableName", name},
                                {"StreamSpecification", {{"StreamEnabled", false}}}})["TableDescription"];
  }
  void remove(std::string_view id, std::string_view name = "Tab") {
    call("DeleteItem", {{"TableName", name}, {"Key", {{"id", S(id)}}}});
  }

  Json description(const std::string& arn) {
    return ask("DescribeStream", {{"StreamArn", arn}})["StreamDescription"];
  }
  Json range(const std::string& arn) { return description(arn)["Shards"][0]["SequenceNumberRange"]; }
  Json iterator_input(const std::string& arn, std::string_view type, Json number = {}) {
    Json in{{"StreamArn", arn},
            {"ShardId", description(arn)["Shards"][0]["ShardId"]},
            {"ShardIteratorType", type}};
    if (!number.is_null()) in["SequenceNumber"] = std::move(number);
    return in;
  }
  Json iterator(const std::string& arn, std::string_view type = "TRIM_HORIZON", Json number = {}) {
    return ask("GetShardIterator", iterator_input(arn, type, std::move(number)))["ShardIterator"];
  }
  Json page(const Json& from, int limit = 1000) {
    return ask("GetRecords", {{"ShardIterator", from}, {"Limit", limit}});
  }
  // Everything the stream holds.
  Json records(const std::string& arn) { return page(iterator(arn))["Records"]; }
  static std::vector<std::string> ids_of(const Json& records) {
    std::vector<std::string> out;
    for (const auto& r : records) out.push_back(r["dynamodb"]["Keys"]["id"]["S"]);
    return out;
  }
};
}  // namespace emu::test
