// Query and Scan.
#include <algorithm>

#include "emulator/services/dynamodb/constraints.hpp"
#include "emulator/services/dynamodb/item_text.hpp"
#include "emulator/services/dynamodb/key_condition.hpp"
#include "emulator/services/dynamodb/legacy.hpp"
#include "emulator/services/dynamodb/page.hpp"
#include "emulator/services/dynamodb/reading.hpp"
#include "emulator/services/dynamodb/rows.hpp"

namespace emu::dynamodb {
namespace {
using expression::Names;

struct QueryInput {
  std::optional<std::string> TableName, IndexName, Select;
  std::optional<std::vector<std::string>> AttributesToGet;
  std::optional<int> Limit;
  std::optional<bool> ConsistentRead;
  std::optional<LegacyConditions> KeyConditions, QueryFilter;
  std::optional<std::string> ConditionalOperator;
  std::optional<bool> ScanIndexForward;
  std::optional<GivenItem> ExclusiveStartKey;
  std::optional<std::string> ReturnConsumedCapacity, ProjectionExpression, FilterExpression,
      KeyConditionExpression;
  std::optional<Names> ExpressionAttributeNames;
  std::optional<GivenValues> ExpressionAttributeValues;
};
BOOST_DESCRIBE_STRUCT(QueryInput, (),
                      (TableName, IndexName, Select, AttributesToGet, Limit, ConsistentRead, KeyConditions,
                       QueryFilter, ConditionalOperator, ScanIndexForward, ExclusiveStartKey,
                       ReturnConsumedCapacity, ProjectionExpression, FilterExpression, KeyConditionExpression,
                       ExpressionAttributeNames, ExpressionAttributeValues))

struct ScanInput {
  std::optional<std::string> TableName, IndexName;
  std::optional<std::vector<std::string>> AttributesToGet;
  std::optional<int> Limit;
  std::optional<std::string> Select;
  std::optional<LegacyConditions> ScanFilter;
  std::optional<std::string> ConditionalOperator;
  std::optional<GivenItem> ExclusiveStartKey;
  std::optional<std::string> ReturnConsumedCapacity;
  std::optional<int> TotalSegments, Segment;
  std::optional<std::string> ProjectionExpression, FilterExpression;
  std::optional<Names> ExpressionAttributeNames;
  std::optional<GivenValues> ExpressionAttributeValues;
  std::optional<bool> ConsistentRead;
};
BOOST_DESCRIBE_STRUCT(ScanInput, (),
                      (TableName, IndexName, AttributesToGet, Limit, Select, ScanFilter, ConditionalOperator,
                       ExclusiveStartKey, ReturnConsumedCapacity, TotalSegments, Segment,
                       ProjectionExpression, FilterExpression, ExpressionAttributeNames,
                       ExpressionAttributeValues, ConsistentRead))

struct ReadOutput {
  std::optional<ItemText> Items;  // the list
  std::int64_t Count = 0, ScannedCount = 0;
  std::optional<Item> LastEvaluatedKey;
  std::optional<dynamodb::ConsumedCapacity> ConsumedCapacity;
};
BOOST_DESCRIBE_STRUCT(ReadOutput, (), (Items, Count, ScannedCount, LastEvaluatedKey, ConsumedCapacity))

template <class In>
void constrain(const In& in, Layer layer) {
  Constraints constraints;
  constraints.table_name(in.TableName, layer);
  constraints.enumerated(in.Select, "select", kSelect);
  constraints.conditional_operator(in.ConditionalOperator, layer);
  constraints.enumerated(in.ReturnConsumedCapacity, "returnConsumedCapacity", kReturnConsumedCapacity);
  if (layer == Layer::older) {
    constraints.at_least(in.Limit, "limit", 1);
  } else if (in.Limit && *in.Limit < 1) {
    constraints.add(
        "Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1");
  }
  if constexpr (std::is_same_v<In, ScanInput>) {
    constraints.at_least(in.TotalSegments, "totalSegments", 1);
    constraints.at_most(in.TotalSegments, "totalSegments", 1'000'000);
    constraints.at_least(in.Segment, "segment", 0);
    constraints.at_most(in.Segment, "segment", 999'999);
  }
  constraints.finish();
}

void check_segments(const ScanInput& in) {
  if (in.TotalSegments && !in.Segment)
    throw AwsError::validation(
        "The Segment parameter is required but was not present in the request when parameter TotalSegments "
        "is present");
  if (in.Segment && !in.TotalSegments)
    throw AwsError::validation(
        "The TotalSegments parameter is required but was not present in the request when Segment parameter "
        "is present");
  if (in.Segment && *in.Segment >= *in.TotalSegments)
    throw AwsError::validation(fmt::format(
        "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: {} is "
        "not less than TotalSegments: {}",
        *in.Segment, *in.TotalSegments));
}

template <class In>
Reading reading_of(const In& in) {
  return {in.IndexName, in.Select, in.ConsistentRead.value_or(false), in.AttributesToGet.has_value(),
          in.ProjectionExpression.has_value()};
}

struct Prepared {
  std::optional<BoundCondition> filter, key;
  std::optional<BoundPaths> projection;
  std::vector<KeyTest> tests;
};

Prepared prepare(DynamoDb& service, const Voice& voice, const QueryInput& in) {
  refuse_mixture(voice,
                 {{"AttributesToGet", in.AttributesToGet.has_value()},
                  {"QueryFilter", in.QueryFilter.has_value()},
                  {"ConditionalOperator", in.ConditionalOperator.has_value()},
                  {"KeyConditions", in.KeyConditions && in.KeyConditionExpression}},
                 {{"ProjectionExpression", in.ProjectionExpression.has_value()},
                  {"FilterExpression", in.FilterExpression.has_value()},
                  {"KeyConditionExpression", in.KeyConditionExpression.has_value()}});
  check_select(reading_of(in), voice.layer == Layer::older ? "" : kDetected);
  if (in.ExclusiveStartKey) judge_start(voice, *in.ExclusiveStartKey);
  Prepared out;
  out.projection = legacy_projection(in.AttributesToGet);
  out.filter = legacy_condition(voice, "queryFilter", in.QueryFilter, in.ConditionalOperator);
  out.key = legacy_key_condition(voice, in.KeyConditions);
  if (!in.KeyConditionExpression && !out.key)
    throw AwsError::validation(
        "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.");
  const bool values = in.FilterExpression || in.KeyConditionExpression;
  RequestExpressions expressions(service, voice, in.ExpressionAttributeNames, in.ExpressionAttributeValues,
                                 values || in.ProjectionExpression, values,
                                 "FilterExpression and KeyConditionExpression are null");
  if (auto parsed = expressions.condition(in.KeyConditionExpression, "KeyConditionExpression"))
    out.key = std::move(parsed);
  out.tests = key_tests(*out.key, {voice, "KeyConditionExpression"});
  if (auto parsed = expressions.condition(in.FilterExpression, "FilterExpression"))
    out.filter = std::move(parsed);
  if (auto parsed = expressions.projection(in.ProjectionExpression)) out.projection = std::move(parsed);
  expressions.finish();
  return out;
}

Prepared prepare(DynamoDb& service, const Voice& voice, const ScanInput& in) {
  refuse_mixture(voice,
                 {{"AttributesToGet", in.AttributesToGet.has_value()},
                  {"ScanFilter", in.ScanFilter.has_value()},
                  {"ConditionalOperator", in.ConditionalOperator.has_value()}},
                 {{"ProjectionExpression", in.ProjectionExpression.has_value()},
                  {"FilterExpression", in.FilterExpression.has_value()}});
  check_segments(in);
  check_select(reading_of(in), "");
  if (in.ExclusiveStartKey) judge_start(voice, *in.ExclusiveStartKey);
  Prepared out;
  out.projection = legacy_projection(in.AttributesToGet);
  out.filter = legacy_condition(voice, "scanFilter", in.ScanFilter, in.ConditionalOperator);
  const bool values = in.FilterExpression.has_value();
  RequestExpressions expressions(service, voice, in.ExpressionAttributeNames, in.ExpressionAttributeValues,
                                 values || in.ProjectionExpression, values, "FilterExpression is null");
  if (auto parsed = expressions.condition(in.FilterExpression, "FilterExpression"))
    out.filter = std::move(parsed);
  if (auto parsed = expressions.projection(in.ProjectionExpression)) out.projection = std::move(parsed);
  expressions.finish();
  return out;
}

PageRequest page_request(const SharedSchema& schema, const Reading& reading, const Prepared& prepared,
                         std::optional<std::int64_t> limit) {
  PageRequest request{schema, schema_index(*schema, reading), {}};
  if (limit) request.limit = static_cast<std::size_t>(*limit);
  request.filter = prepared.filter ? &*prepared.filter : nullptr;
  request.projection = prepared.projection ? &*prepared.projection : nullptr;
  request.count_only = reading.select == "COUNT";
  request.as_text = true;
  request.fetch = needs_table(request.index, reading, request.projection, request.filter);
  return request;
}

ReadOutput reply(const Schema& schema, const PageRequest& request, const Reading& reading,
                 const std::optional<std::string>& mode, Page page) {
  ReadOutput out;
  if (!request.count_only) {
    if (!page.text.empty()) page.text.pop_back();  // the last comma
    out.Items = ItemText{"[" + page.text + "]"};
  }
  out.Count = page.count;
  out.ScannedCount = page.scanned;
  out.LastEvaluatedKey = std::move(page.last_key);
  const auto units = read_units(page.bytes, reading.consistent);
  const double fetched = page.fetched_units * (reading.consistent ? 1.0 : 0.5);
  out.ConsumedCapacity =
      consumed(schema, request.index ? Cost{fetched, {{request.index, units}}} : Cost{units, {}}, mode);
  return out;
}

awaitable<Result<ReadOutput>> query(DynamoDb& service, Context& context, QueryInput in) {
  const Voice voice = service.voice(Layer::current);
  constrain(in, voice.layer);
  const auto prepared = prepare(service, voice, in);
  const auto table = service.data_table(context.scope, *in.TableName);
  if (!table) co_return table.error();
  const Schema& schema = *table->schema;
  const auto reading = reading_of(in);
  check_index_read(schema, reading);
  auto request = page_request(table->schema, reading, prepared, in.Limit);
  const KeyShape& shape = request.index ? request.index->key : schema.key;
  if (in.ExclusiveStartKey) check_start(schema, request.index, in.ExclusiveStartKey->item, StartOf::query);
  const auto key = fit(shape, prepared.tests);
  if (in.ExclusiveStartKey) check_start_bounds(shape, in.ExclusiveStartKey->item, key);
  check_projection(schema, request.index, request.projection);
  check_filter(shape, request.filter, in.QueryFilter ? "QueryFilter" : "Filter Expression");
  check_all_attributes(request.index, reading);
  request.rows = rows(schema, request.index ? request.index->slot : 0, key);
  request.forward = in.ScanIndexForward.value_or(true);
  if (in.ExclusiveStartKey) start_after(request, in.ExclusiveStartKey->item);
  auto page = co_await read_page(service, request);
  co_return reply(schema, request, reading, in.ReturnConsumedCapacity, std::move(page));
}

awaitable<Result<ReadOutput>> scan(DynamoDb& service, Context& context, ScanInput in) {
  const Voice voice = service.voice(Layer::older);
  constrain(in, voice.layer);
  const auto prepared = prepare(service, voice, in);
  const auto table = service.data_table(context.scope, *in.TableName);
  if (!table) co_return table.error();
  const Schema& schema = *table->schema;
  const auto reading = reading_of(in);
  check_index_read(schema, reading);
  auto request = page_request(table->schema, reading, prepared, in.Limit);
  const unsigned slot = request.index ? request.index->slot : 0;
  request.rows =
      in.Segment ? segment_rows(schema, slot, *in.Segment, *in.TotalSegments) : slot_rows(schema, slot);
  if (in.ExclusiveStartKey) {
    check_start(schema, request.index, in.ExclusiveStartKey->item, StartOf::scan);
    const auto whole = request.rows;
    start_after(request, in.ExclusiveStartKey->item);
    if (in.Segment && !within(whole, request.rows))
      throw AwsError::validation(fmt::format(
          "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey "
          "with correct Segment. TotalSegments: {} Segment: {}",
          *in.TotalSegments, *in.Segment));
  }
  check_projection(schema, request.index, request.projection);
  check_all_attributes(request.index, reading);
  auto page = co_await read_page(service, request);
  co_return reply(schema, request, reading, in.ReturnConsumedCapacity, std::move(page));
}

constexpr Operation kQueries[] = {
    op<query>("Query"),
    op<scan>("Scan"),
};
}  // namespace

std::span<const Operation> query_operations() { return kQueries; }
}  // namespace emu::dynamodb
