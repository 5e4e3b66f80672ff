// GetShardIterator and GetRecords (H2).
#include "emulator/services/dynamodb/constraints.hpp"
#include "emulator/services/dynamodb/streams/record_page.hpp"
#include "emulator/services/dynamodb/streams/service.hpp"
#include "emulator/services/dynamodb/streams/shard_iterator.hpp"

namespace emu::dynamodb {
namespace {
constexpr std::string_view kIteratorTypes[] = {"AFTER_SEQUENCE_NUMBER", "LATEST", "AT_SEQUENCE_NUMBER",
                                               "TRIM_HORIZON"};
constexpr std::size_t kLongestIterator = 2048;  // this and what follows: the model
constexpr std::size_t kShortestArn = 37, kLongestArn = 1024, kShortestShard = 28, kLongestShard = 65,
                      kShortestSequence = 21, kLongestSequence = 40;
constexpr std::int64_t kMostRecords = 1000;  // GetRecords, API reference

struct GetShardIteratorInput {
  std::optional<std::string> StreamArn, ShardId, ShardIteratorType, SequenceNumber;
};
BOOST_DESCRIBE_STRUCT(GetShardIteratorInput, (), (StreamArn, ShardId, ShardIteratorType, SequenceNumber))
struct GetShardIteratorOutput {
  std::string ShardIterator;
};
BOOST_DESCRIBE_STRUCT(GetShardIteratorOutput, (), (ShardIterator))
struct GetRecordsInput {
  std::optional<std::string> ShardIterator;
  std::optional<int> Limit;
};
BOOST_DESCRIBE_STRUCT(GetRecordsInput, (), (ShardIterator, Limit))
struct GetRecordsOutput {
  Json Records;
  std::optional<std::string> NextShardIterator;
};
BOOST_DESCRIBE_STRUCT(GetRecordsOutput, (), (Records, NextShardIterator))

void check(const GetShardIteratorInput& in) {
  Constraints constraints;
  constraints.present(in.StreamArn.has_value(), "streamArn");
  constraints.length(in.StreamArn, "streamArn", kShortestArn, kLongestArn);
  constraints.present(in.ShardId.has_value(), "shardId");
  constraints.length(in.ShardId, "shardId", kShortestShard, kLongestShard);
  constraints.present(in.ShardIteratorType.has_value(), "shardIteratorType");
  constraints.enumerated(in.ShardIteratorType, "shardIteratorType", kIteratorTypes);
  constraints.length(in.SequenceNumber, "sequenceNumber", kShortestSequence, kLongestSequence);
  constraints.finish();
  const bool by_number = in.ShardIteratorType->ends_with("_SEQUENCE_NUMBER");
  if (by_number && !in.SequenceNumber)
    throw AwsError::validation(
        fmt::format("SequenceNumber must be specified for ShardIteratorType {}", *in.ShardIteratorType));
  if (!by_number && in.SequenceNumber)
    throw AwsError::validation(
        fmt::format("SequenceNumber must not be specified for ShardIteratorType {}", *in.ShardIteratorType));
  if (in.SequenceNumber && !parse_sequence(*in.SequenceNumber))
    throw AwsError::validation("Invalid SequenceNumber");
}

Result<std::uint64_t> position_of(Stream& stream, const GetShardIteratorInput& in, Time now) {
  if (in.ShardIteratorType == "TRIM_HORIZON") return kOldest;
  if (in.ShardIteratorType == "LATEST") return stream.latest();
  stream.trim(now);
  const auto at = *parse_sequence(*in.SequenceNumber);
  if (const auto trimmed = stream.trimmed(); trimmed > 0 && at <= trimmed) return trimmed_data();
  const auto from = std::max(at, stream.stored().Starting);
  if (from >= stream.latest()) return stream.latest();
  return in.ShardIteratorType == "AFTER_SEQUENCE_NUMBER" && from == at ? from + 1 : from;
}

Result<GetShardIteratorOutput> get_shard_iterator(DynamoDbStreams& service, Context&,
                                                  GetShardIteratorInput in) {
  check(in);
  const auto stream = stream_of(service.streams, *in.StreamArn);
  if (!stream) return stream.error();
  if (*in.ShardId != (*stream)->shard_id) return no_such_shard();
  const Time now = service.streams.clock.now();
  const auto position = position_of(**stream, in, now);
  if (!position) return position.error();
  return GetShardIteratorOutput{ShardIterator{(*stream)->arn, *position, now}.text()};
}

awaitable<Result<GetRecordsOutput>> get_records(DynamoDbStreams& service, Context&, GetRecordsInput in) {
  Constraints constraints;
  constraints.present(in.ShardIterator.has_value(), "shardIterator");
  constraints.length(in.ShardIterator, "shardIterator", 1, kLongestIterator);
  constraints.at_least(in.Limit, "limit", 1);
  constraints.at_most(in.Limit, "limit", kMostRecords);
  constraints.finish();
  const auto iterator = ShardIterator::parse(*in.ShardIterator);
  if (!iterator) throw AwsError::validation("Invalid ShardIterator");
  const auto stream = stream_of(service.streams, iterator->stream_arn);
  if (!stream) co_return stream.error();
  auto& clock = service.streams.clock;
  if (clock.now() - iterator->issued > kIteratorLifetime)
    co_return AwsError{"ExpiredIteratorException", "Iterator expired"};
  const auto most = static_cast<std::size_t>(in.Limit.value_or(kMostRecords));
  auto page = co_await read_page(service.loops, clock, *stream, iterator->position, most, RecordForm::api);
  if (!page) co_return std::move(page.error());
  GetRecordsOutput out{std::move(page->records), std::nullopt};
  if (!page->ended) out.NextShardIterator = ShardIterator{(*stream)->arn, page->next, clock.now()}.text();
  co_return out;
}

constexpr Operation kReading[] = {op<get_shard_iterator>("GetShardIterator"), op<get_records>("GetRecords")};
}  // namespace

std::span<const Operation> stream_read_operations() { return kReading; }
}  // namespace emu::dynamodb
