// ListStreams and DescribeStream (H2). A stream has one shard, from its enabling to its end.
#include "emulator/services/dynamodb/constraints.hpp"
#include "emulator/services/dynamodb/dynamodb.hpp"
#include "emulator/services/dynamodb/streams/service.hpp"
#include "emulator/services/dynamodb/streams/shard_iterator.hpp"

namespace emu::dynamodb {
namespace {
constexpr std::int64_t kMost = 100;                           // ListStreams, DescribeStream, API reference
constexpr std::size_t kShortestArn = 37, kLongestArn = 1024;  // of a stream: the model
constexpr std::size_t kShortestShard = 28, kLongestShard = 65;
constexpr std::string_view kFilterTypes[] = {"CHILD_SHARDS"};

struct ListStreamsInput {
  std::optional<std::string> TableName;
  std::optional<int> Limit;
  std::optional<std::string> ExclusiveStartStreamArn;
};
BOOST_DESCRIBE_STRUCT(ListStreamsInput, (), (TableName, Limit, ExclusiveStartStreamArn))
struct StreamShown {
  std::string StreamArn, TableName, StreamLabel;
};
BOOST_DESCRIBE_STRUCT(StreamShown, (), (StreamArn, TableName, StreamLabel))
struct ListStreamsOutput {
  std::vector<StreamShown> Streams;
  std::optional<std::string> LastEvaluatedStreamArn;
};
BOOST_DESCRIBE_STRUCT(ListStreamsOutput, (), (Streams, LastEvaluatedStreamArn))

struct ShardFilter {
  std::optional<std::string> Type, ShardId;
};
BOOST_DESCRIBE_STRUCT(ShardFilter, (), (Type, ShardId))
struct DescribeStreamInput {
  std::optional<std::string> StreamArn;
  std::optional<int> Limit;
  std::optional<std::string> ExclusiveStartShardId;
  std::optional<dynamodb::ShardFilter> ShardFilter;
};
BOOST_DESCRIBE_STRUCT(DescribeStreamInput, (), (StreamArn, Limit, ExclusiveStartShardId, ShardFilter))
struct SequenceNumberRange {
  std::string StartingSequenceNumber;
  std::optional<std::string> EndingSequenceNumber;
};
BOOST_DESCRIBE_STRUCT(SequenceNumberRange, (), (StartingSequenceNumber, EndingSequenceNumber))
struct Shard {
  std::string ShardId;
  dynamodb::SequenceNumberRange SequenceNumberRange;
};
BOOST_DESCRIBE_STRUCT(Shard, (), (ShardId, SequenceNumberRange))
struct StreamDescription {
  std::string StreamArn, StreamLabel, StreamStatus, StreamViewType;
  double CreationRequestDateTime = 0;
  std::string TableName;
  std::vector<KeySchemaElement> KeySchema;
  std::vector<Shard> Shards;
};
BOOST_DESCRIBE_STRUCT(StreamDescription, (),
                      (StreamArn, StreamLabel, StreamStatus, StreamViewType, CreationRequestDateTime,
                       TableName, KeySchema, Shards))
struct DescribeStreamOutput {
  dynamodb::StreamDescription StreamDescription;
};
BOOST_DESCRIBE_STRUCT(DescribeStreamOutput, (), (StreamDescription))

Result<ListStreamsOutput> list_streams(DynamoDbStreams& service, Context& context, ListStreamsInput in) {
  Constraints constraints;
  if (in.TableName) constraints.table_name(in.TableName, Layer::older);
  constraints.at_least(in.Limit, "limit", 1);
  constraints.at_most(in.Limit, "limit", kMost);
  constraints.length(in.ExclusiveStartStreamArn, "exclusiveStartStreamArn", kShortestArn, kLongestArn);
  constraints.finish();
  std::optional<StreamName> after;
  if (in.ExclusiveStartStreamArn && !(after = StreamName::parse(*in.ExclusiveStartStreamArn)))
    throw AwsError::validation("Invalid ExclusiveStartStreamArn");
  if (in.TableName) in.TableName = std::string(bare_name(*in.TableName));
  const auto most = static_cast<std::size_t>(in.Limit.value_or(kMost));
  ListStreamsOutput out;
  for (const auto& stream : service.streams.list(context.scope, in.TableName, after, most))
    out.Streams.push_back({stream->arn, stream->table, stream->label});
  if (out.Streams.size() == most) out.LastEvaluatedStreamArn = out.Streams.back().StreamArn;
  return out;
}

Shard shard_of(Stream& stream, const StoredStream& stored) {
  Shard out{stored.ShardId, {sequence_text(std::max(stored.Starting, stream.trimmed() + 1)), std::nullopt}};
  if (stored.Ending) out.SequenceNumberRange.EndingSequenceNumber = sequence_text(*stored.Ending);
  return out;
}

Result<DescribeStreamOutput> describe_stream(DynamoDbStreams& service, Context&, DescribeStreamInput in) {
  Constraints constraints;
  constraints.present(in.StreamArn.has_value(), "streamArn");
  constraints.length(in.StreamArn, "streamArn", kShortestArn, kLongestArn);
  constraints.at_least(in.Limit, "limit", 1);
  constraints.at_most(in.Limit, "limit", kMost);
  constraints.length(in.ExclusiveStartShardId, "exclusiveStartShardId", kShortestShard, kLongestShard);
  if (in.ShardFilter) {
    constraints.present(in.ShardFilter->Type.has_value(), "shardFilter.type");
    constraints.enumerated(in.ShardFilter->Type, "shardFilter.type", kFilterTypes);
    constraints.present(in.ShardFilter->ShardId.has_value(), "shardFilter.shardId");
    constraints.length(in.ShardFilter->ShardId, "shardFilter.shardId", kShortestShard, kLongestShard);
  }
  constraints.finish();
  const auto stream = stream_of(service.streams, *in.StreamArn);
  if (!stream) return stream.error();
  const auto stored = (*stream)->stored();
  StreamDescription out{(*stream)->arn,
                        (*stream)->label,
                        stored.Ending ? "DISABLED" : "ENABLED",
                        stored.StreamViewType,
                        static_cast<double>(epoch_ms(Time(Duration(stored.Created)))) / 1000,
                        (*stream)->table,
                        stored.KeySchema,
                        {}};
  // The one shard has no children, and none comes after it.
  if (!in.ExclusiveStartShardId && !in.ShardFilter) out.Shards.push_back(shard_of(**stream, stored));
  return DescribeStreamOutput{std::move(out)};
}

constexpr Operation kListing[] = {op<list_streams>("ListStreams"), op<describe_stream>("DescribeStream")};
}  // namespace

std::span<const Operation> stream_list_operations() { return kListing; }
}  // namespace emu::dynamodb
