// A DynamoDB service in memory behind its dispatcher, and what each of its replies must be: 200, 400 or 413
// of the right shape. Used by dynamodb_request_fuzz.cpp and by tests/services/dynamodb/bad_requests_test.cpp.
#pragma once
#include "emulator/api/dispatch.hpp"
#include "emulator/base/digest.hpp"
#include "emulator/base/virtual_clock.hpp"
#include "emulator/services/dynamodb/dynamodb.hpp"
#include "emulator/services/dynamodb/streams/service.hpp"
#include "storage/memory_engine.hpp"
#include "tests/fuzz/dynamodb_requests.hpp"

namespace emu::test {
class DynamoDoor {
 public:
  DynamoDoor() {
    db_.load();
    for (std::size_t i = 0; i < 2; ++i) send({"CreateTable", std::string(kRecipes[i].input)});
    const auto arns = Json::parse(send({"ListStreams", "{}"}).body);
    words_[0].second = arns["Streams"][0]["StreamArn"].get<std::string>();
    const auto shards = Json::parse(send({"DescribeStream", R"({"StreamArn":"A-STREAM"})"}).body);
    words_[1].second = shards["StreamDescription"]["Shards"][0]["ShardId"].get<std::string>();
    const auto start = R"({"StreamArn":"A-STREAM","ShardId":"A-SHARD","ShardIteratorType":"TRIM_HORIZON"})";
    words_[2].second =
        Json::parse(send({"GetShardIterator", start}).body)["ShardIterator"].get<std::string>();
  }

  http::Response send(Asked asked) {
    for (const auto& [word, meaning] : words_)
      if (const auto at = asked.body.find(word); at != std::string::npos && !meaning.empty())
        asked.body.replace(at, word.size(), meaning);
    http::Request request{"POST", "/", {}, std::move(asked.body), "", "HTTP/1.1"};
    request.headers.add("X-Amz-Target", fmt::format("{}.{}", prefix(asked.operation), asked.operation));
    request.headers.add("Content-Type", "application/x-amz-json-1.0");
    std::optional<http::Response> reply;
    auto go = [&]() -> awaitable<void> { reply.emplace(co_await dispatcher_.handle(std::move(request))); };
    asio::co_spawn(loops_.next(), go, [](std::exception_ptr thrown) {
      if (thrown) std::rethrow_exception(thrown);
    });
    for (int slices = 0; !reply && slices < 100; ++slices)
      clock_.run(loops_.first(), clock_.now() + std::chrono::milliseconds(100));
    return reply ? std::move(*reply) : http::Response{0, {}, "no reply"};
  }

  std::vector<Requests::Row> rows() const {
    std::vector<Requests::Row> out;
    for (const Service* service : services_)
      for (const auto& row : service->operations()) {
        out.push_back({std::string(row.name), {}});
        for (const auto member : row.members()) out.back().members.emplace_back(member);
      }
    return out;
  }

 private:
  std::string_view prefix(std::string_view operation) const {
    const bool streams =
        std::ranges::find(streams_.operations(), operation, &Operation::name) != streams_.operations().end();
    return streams ? streams_.target_prefix() : db_.target_prefix();
  }

  // What recipes cannot know, and what it is here.
  std::pair<std::string_view, std::string> words_[3] = {
      {"A-STREAM", ""}, {"A-SHARD", ""}, {"AN-ITERATOR", ""}};
  Loops loops_{1, 0};
  VirtualClock clock_{Time{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}}};
  storage::MemoryEngine disk_;
  Ids ids_{42};
  dynamodb::DynamoDb db_{disk_, clock_, loops_, ids_};
  dynamodb::DynamoDbStreams streams_{db_.streams, loops_};
  Service* services_[2] = {&db_, &streams_};
  Dispatcher dispatcher_{services_, clock_, ids_, false};
};

// What is wrong with a reply; empty if nothing is.
inline std::string fault_of(const http::Response& reply) {
  if (reply.headers.get("x-amz-crc32") != std::to_string(crc32(reply.body))) return "a wrong checksum";
  if (reply.status == 413) return reply.body.empty() ? "" : "a 413 with a body";
  const auto body = Json::parse(reply.body, nullptr, false);
  if (reply.status == 200) return reply.body.empty() || body.is_object() ? "" : "a 200 that is no object";
  if (reply.status != 400) return fmt::format("status {}", reply.status);
  if (!body.is_object() || !body.contains("__type")) return "an error that is none";
  const auto type = body["__type"].get<std::string>();
  if (type.find('#') == std::string::npos) return "an error without namespace";
  const bool silent =
      type.ends_with("#SerializationException") || type.ends_with("#UnknownOperationException");
  const auto* key = body.contains("message") ? "message" : "Message";
  if (!silent && body.value(key, "").empty()) return "an error without message";
  return "";
}
}  // namespace emu::test
