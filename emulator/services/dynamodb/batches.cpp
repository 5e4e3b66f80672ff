// BatchGetItem and BatchWriteItem (C8, C9).
#include <algorithm>
#include <set>

#include "emulator/services/dynamodb/constraints.hpp"
#include "emulator/services/dynamodb/item_inputs.hpp"
#include "emulator/services/dynamodb/keys.hpp"
#include "emulator/services/dynamodb/rows.hpp"
#include "emulator/services/dynamodb/show.hpp"
#include "emulator/services/dynamodb/writes.hpp"

namespace emu::dynamodb {
namespace {
constexpr std::size_t kMaxReads = 100, kMaxWrites = 25;  // keys and requests per call, API reference
constexpr std::size_t kMaxReply = 16 << 20;              // bytes of items in one BatchGetItem reply

struct KeysAndAttributes {
  std::vector<GivenItem> Keys;
  std::optional<std::vector<std::string>> AttributesToGet;
  std::optional<bool> ConsistentRead;
  std::optional<std::string> ProjectionExpression;
  std::optional<Names> ExpressionAttributeNames;
};
BOOST_DESCRIBE_STRUCT(KeysAndAttributes, (),
                      (Keys, AttributesToGet, ConsistentRead, ProjectionExpression, ExpressionAttributeNames))
using Reads = std::map<std::string, KeysAndAttributes>;
struct BatchGetItemInput {
  std::optional<Reads> RequestItems;
  std::optional<std::string> ReturnConsumedCapacity;
};
BOOST_DESCRIBE_STRUCT(BatchGetItemInput, (), (RequestItems, ReturnConsumedCapacity))
struct BatchGetItemOutput {
  std::map<std::string, std::vector<ItemText>> Responses;
  Reads UnprocessedKeys;
  std::optional<std::vector<dynamodb::ConsumedCapacity>> ConsumedCapacity;
};
BOOST_DESCRIBE_STRUCT(BatchGetItemOutput, (), (Responses, UnprocessedKeys, ConsumedCapacity))

struct PutRequest {
  GivenItem Item;
};
BOOST_DESCRIBE_STRUCT(PutRequest, (), (Item))
struct DeleteRequest {
  GivenItem Key;
};
BOOST_DESCRIBE_STRUCT(DeleteRequest, (), (Key))
struct WriteRequest {
  std::optional<dynamodb::PutRequest> PutRequest;
  std::optional<dynamodb::DeleteRequest> DeleteRequest;
  const GivenItem& subject() const { return PutRequest ? PutRequest->Item : DeleteRequest->Key; }
};
BOOST_DESCRIBE_STRUCT(WriteRequest, (), (PutRequest, DeleteRequest))
using Writes = std::map<std::string, std::vector<WriteRequest>>;
struct BatchWriteItemInput {
  std::optional<Writes> RequestItems;
  std::optional<std::string> ReturnConsumedCapacity, ReturnItemCollectionMetrics;
};
BOOST_DESCRIBE_STRUCT(BatchWriteItemInput, (),
                      (RequestItems, ReturnConsumedCapacity, ReturnItemCollectionMetrics))
struct BatchWriteItemOutput {
  Writes UnprocessedItems;
  std::optional<std::map<std::string, std::vector<dynamodb::ItemCollectionMetrics>>> ItemCollectionMetrics;
  std::optional<std::vector<dynamodb::ConsumedCapacity>> ConsumedCapacity;
};
BOOST_DESCRIBE_STRUCT(BatchWriteItemOutput, (), (UnprocessedItems, ItemCollectionMetrics, ConsumedCapacity))

AwsError duplicates() { return AwsError::validation("Provided list of item keys contains duplicates"); }

// Tables are named by their names, or their ARNs.
template <class Requests>
bool good_names(const Requests& requests) {
  return std::ranges::all_of(requests, [](const auto& entry) {
    const std::string& name = entry.first;
    return name.starts_with("arn:") ||
           (name.size() >= 3 && name.size() <= 255 && std::ranges::all_of(name, is_name_character));
  });
}
std::string bad_names(std::string_view requests) {
  return fmt::format(
      "Value '{}' at 'requestItems' failed to satisfy constraint: Map keys must satisfy constraint: [Member "
      "must have length less than or equal to 255, Member must have length greater than or equal to 3, "
      "Member "
      "must satisfy regular expression pattern: [a-zA-Z0-9_.-]+]",
      requests);
}

struct Read {
  Table table;
  const KeysAndAttributes* request;
  std::optional<BoundPaths> projection;
};

void check_reads(const BatchGetItemInput& in, const Voice& voice) {
  Constraints constraints;
  constraints.present(in.RequestItems.has_value(), "requestItems");
  if (in.RequestItems && !good_names(*in.RequestItems))
    constraints.add(bad_names(json_text(wire::encode(*in.RequestItems))));
  constraints.enumerated(in.ReturnConsumedCapacity, "returnConsumedCapacity", kReturnConsumedCapacity);
  constraints.finish();
  if (in.RequestItems->empty())
    throw AwsError::validation(
        fmt::format("{}Value at 'RequestItems' failed to satisfy constraint: Member must have length greater "
                    "than or equal to 1",
                    kDetected));
  std::size_t keys = 0;
  bool expressions = false, legacy = false;
  for (const auto& [name, request] : *in.RequestItems) {
    const auto bound = [&](std::string_view rule) {
      throw AwsError::validation(fmt::format(
          "{}Value at 'RequestItems.{}.member.Keys' failed to satisfy constraint: Member must have length {}",
          kDetected, name, rule));
    };
    if (request.Keys.size() > kMaxReads) bound("less than or equal to 100");
    if (request.Keys.empty()) bound("greater than or equal to 1");
    keys += request.Keys.size();
    expressions |= request.ProjectionExpression.has_value();
    legacy |= request.AttributesToGet.has_value();
  }
  if (keys > kMaxReads) throw AwsError::validation("Too many items requested for the BatchGetItem call");
  refuse_mixture(voice, {{"AttributesToGet", legacy}}, {{"ProjectionExpression", expressions}});
}

std::vector<Read> prepare_reads(DynamoDb& service, const BatchGetItemInput& in) {
  std::vector<Read> out;
  const Voice voice = service.voice(Layer::current);
  static const std::optional<GivenValues> kNoValues;
  for (const auto& [name, request] : *in.RequestItems) {
    for (const auto& key : request.Keys) voice.judge(key);
    for (std::size_t j = 1; j < request.Keys.size(); ++j)
      for (std::size_t i = 0; i < j; ++i)
        if (request.Keys[i].item == request.Keys[j].item) throw duplicates();
    Read read{{}, &request, legacy_projection(request.AttributesToGet)};
    RequestExpressions expressions(service, voice, request.ExpressionAttributeNames, kNoValues,
                                   request.ProjectionExpression.has_value(), false);
    if (auto parsed = expressions.projection(request.ProjectionExpression))
      read.projection = std::move(parsed);
    expressions.finish();
    out.push_back(std::move(read));
  }
  return out;
}

Result<BatchGetItemOutput> batch_get_item(DynamoDb& service, Context& context, BatchGetItemInput in) {
  check_reads(in, service.voice(Layer::current));
  auto reads = prepare_reads(service, in);
  auto read = reads.begin();
  for (const auto& [name, request] : *in.RequestItems) {
    auto table = service.data_table(context.scope, name);
    if (!table) return table.error();
    read++->table = std::move(*table);
  }
  for (const auto& r : reads)
    for (const auto& key : r.request->Keys) check_lookup(*r.table.schema, key.item);

  BatchGetItemOutput out;
  std::size_t bytes = 0;
  read = reads.begin();
  for (auto& [name, request] : *in.RequestItems) {
    const auto& [table, unused, projection] = *read++;
    auto& items = out.Responses[name];
    Cost cost;
    for (std::size_t i = 0; i < request.Keys.size(); ++i) {
      auto shown = show(service, *table.schema, request.Keys[i].item, projection);
      const auto size = shown ? shown->billed : 0;
      if (bytes + size > kMaxReply) {  // what does not fit is the client's to ask again
        auto rest = request;
        rest.Keys.erase(rest.Keys.begin(), rest.Keys.begin() + static_cast<std::ptrdiff_t>(i));
        out.UnprocessedKeys.emplace(name, std::move(rest));
        break;
      }
      bytes += size;
      cost.table += read_units(size, request.ConsistentRead.value_or(false));
      if (shown) items.push_back(std::move(shown->item));
    }
    if (auto capacity = consumed(*table.schema, cost, in.ReturnConsumedCapacity)) {
      if (!out.ConsumedCapacity) out.ConsumedCapacity.emplace();
      out.ConsumedCapacity->push_back(std::move(*capacity));
    }
  }
  return out;
}

// "{T=[WriteRequest(putRequest=PutRequest(item={…}))]}", as AWS echoes a structure in a constraint's text.
std::string echo(const Item& item) {
  std::string out;
  for (const auto& [name, value] : item)
    out += fmt::format("{}{}={}", out.empty() ? "" : ", ", name, json_text(encode_json(value)));
  return fmt::format("{{{}}}", out);
}
std::string echo(const WriteRequest& request) {  // not judged yet: it may hold both kinds, or none
  std::string out;
  if (request.PutRequest)
    out = fmt::format("putRequest=PutRequest(item={})", echo(request.PutRequest->Item.item));
  if (request.DeleteRequest)
    out += fmt::format("{}deleteRequest=DeleteRequest(key={})", out.empty() ? "" : ", ",
                       echo(request.DeleteRequest->Key.item));
  return fmt::format("WriteRequest({})", out);
}
std::string echo(const Writes& writes) {
  std::string out;
  for (const auto& [name, requests] : writes) {
    std::string list;
    for (const auto& r : requests) list += fmt::format("{}{}", list.empty() ? "" : ", ", echo(r));
    out += fmt::format("{}{}=[{}]", out.empty() ? "" : ", ", name, list);
  }
  return fmt::format("{{{}}}", out);
}

void check_writes(const BatchWriteItemInput& in, const Voice& voice) {
  Constraints constraints;
  constraints.present(in.RequestItems.has_value(), "requestItems");
  constraints.enumerated(in.ReturnConsumedCapacity, "returnConsumedCapacity", kReturnConsumedCapacity);
  constraints.enumerated(in.ReturnItemCollectionMetrics, "returnItemCollectionMetrics",
                         kReturnItemCollectionMetrics);
  constraints.finish();
  if (!good_names(*in.RequestItems)) {
    constraints.add(bad_names(echo(*in.RequestItems)));
    constraints.finish();
  }
  if (in.RequestItems->empty())
    throw AwsError::validation("The requestItems parameter is required for BatchWriteItem");
  std::size_t requests = 0;
  for (const auto& [name, list] : *in.RequestItems)
    for (const auto& r : list)
      if (r.PutRequest.has_value() == r.DeleteRequest.has_value())
        throw AwsError::validation(
            "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
            "supported datatypes");
  for (const auto& [name, list] : *in.RequestItems) {
    if (list.empty() || list.size() > kMaxWrites)
      throw AwsError::validation(fmt::format(
          "{}Value '{}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: "
          "[Member must have length less than or equal to 25, Member must have length greater than or "
          "equal to 1]",
          kDetected, echo(*in.RequestItems)));
    requests += list.size();
  }
  if (requests > kMaxWrites)
    throw AwsError::validation("Too many items requested for the BatchWriteItem call");
  for (const auto& [name, list] : *in.RequestItems)
    for (const auto& r : list) {
      voice.judge(r.subject());
      if (r.PutRequest) check_item_size(r.subject().item);
    }
}

void check_keys(const Schema& schema, const std::vector<WriteRequest>& requests) {
  std::set<storage::Bytes> rows;
  for (const auto& r : requests) {
    const Item& item = r.subject().item;
    if (r.PutRequest) {
      check_batch_put(schema, item);
    } else {
      check_lookup(schema, item);
    }
    if (!rows.insert(item_row(schema, item).bytes()).second) throw duplicates();
  }
}

// One table's share, in one Batch.
Result<Cost> apply(DynamoDb& service, const Table& table, const std::vector<WriteRequest>& requests,
                   bool needs_old) {
  std::vector<storage::Key> keys;
  std::vector<RowOf> rows;
  for (const auto& r : requests) keys.push_back(item_row(*table.schema, r.subject().item));
  for (const auto& key : keys) rows.push_back({table.core.get(), key.bytes()});
  const RowLocks hold(service.stripes, rows);
  Cost total;
  storage::Batch batch;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const Item& item = requests[i].subject().item;
    const bool put = requests[i].PutRequest.has_value();
    const auto decide = [&](const Schema&, const Item*, Item&) -> Result<const Item*> {
      return put ? &item : nullptr;
    };
    const auto staged = stage_change(service, *table.core, batch, keys[i],
                                     {.key = item, .needs_old = needs_old || !put}, decide);
    if (!staged) return staged.error();
    add(total, staged->cost);
  }
  commit(service, batch, *table.core);
  return total;
}

Result<BatchWriteItemOutput> batch_write_item(DynamoDb& service, Context& context, BatchWriteItemInput in) {
  check_writes(in, service.voice(Layer::older));
  std::vector<Table> tables;
  for (const auto& [name, requests] : *in.RequestItems) {
    auto table = service.data_table(context.scope, name);
    if (!table) return table.error();
    tables.push_back(std::move(*table));
  }
  auto table = tables.begin();
  for (const auto& [name, requests] : *in.RequestItems) check_keys(*table++->schema, requests);

  BatchWriteItemOutput out;
  table = tables.begin();
  for (const auto& [name, requests] : *in.RequestItems) {
    const Schema& schema = *table->schema;
    auto cost = apply(service, *table, requests, wanted(in.ReturnConsumedCapacity));
    if (!cost) return std::move(cost.error());
    if (auto capacity = consumed(schema, *cost, in.ReturnConsumedCapacity)) {
      if (!out.ConsumedCapacity) out.ConsumedCapacity.emplace();
      out.ConsumedCapacity->push_back(std::move(*capacity));
    }
    for (const auto& r : requests)
      if (auto metrics = collection_metrics(schema, r.subject().item, in.ReturnItemCollectionMetrics)) {
        if (!out.ItemCollectionMetrics) out.ItemCollectionMetrics.emplace();
        (*out.ItemCollectionMetrics)[name].push_back(std::move(*metrics));
      }
    ++table;
  }
  return out;
}

constexpr Operation kBatches[] = {
    op<batch_get_item>("BatchGetItem"),
    op<batch_write_item>("BatchWriteItem"),
};
}  // namespace

std::span<const Operation> batch_operations() { return kBatches; }
}  // namespace emu::dynamodb
