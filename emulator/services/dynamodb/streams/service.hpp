// The DynamoDB Streams service: a second API beside DynamoDB's, signed with the same name. It reads what the
// writers of tables left in Streams (streams.hpp) and erases what is older than a day.
#pragma once
#include "emulator/api/service.hpp"
#include "emulator/base/loops.hpp"
#include "emulator/services/dynamodb/streams/streams.hpp"

namespace emu::dynamodb {
class DynamoDbStreams final : public Service {
 public:
  DynamoDbStreams(Streams& streams_, Loops& loops_) : streams(streams_), loops(loops_) {}
  std::string_view name() const override { return "dynamodb"; }
  std::string_view title() const override { return "dynamodbstreams"; }
  Protocol protocol() const override { return Protocol::json10; }
  std::string_view target_prefix() const override { return "DynamoDBStreams_20120810"; }
  bool checksums() const override { return true; }
  std::span<const Operation> operations() const override;
  std::string error_type(const AwsError& e) const override;
  awaitable<void> run() override;

  Streams& streams;
  Loops& loops;
};

// The stream with this ARN, or the errors that every operation has for it.
Result<SharedStream> stream_of(const Streams& streams, std::string_view arn);
AwsError no_such_shard();
std::span<const Operation> stream_list_operations();
std::span<const Operation> stream_read_operations();
}  // namespace emu::dynamodb
