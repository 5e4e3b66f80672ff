// Inputs and outputs of the single-item operations, as the wire spells them; shared by items.cpp,
// update_item.cpp and legacy.cpp.
#pragma once
#include "emulator/services/dynamodb/capacity.hpp"
#include "emulator/services/dynamodb/expression/bindings.hpp"
#include "emulator/services/dynamodb/item_text.hpp"
#include "emulator/services/dynamodb/legacy.hpp"

namespace emu::dynamodb {
using expression::Names;

struct PutItemInput {
  std::optional<std::string> TableName;
  std::optional<GivenItem> Item;
  std::optional<LegacyConditions> Expected;
  std::optional<std::string> ReturnValues, ReturnConsumedCapacity, ReturnItemCollectionMetrics,
      ConditionalOperator, ConditionExpression;
  std::optional<Names> ExpressionAttributeNames;
  std::optional<GivenValues> ExpressionAttributeValues;
  std::optional<std::string> ReturnValuesOnConditionCheckFailure;
};
BOOST_DESCRIBE_STRUCT(PutItemInput, (),
                      (TableName, Item, Expected, ReturnValues, ReturnConsumedCapacity,
                       ReturnItemCollectionMetrics, ConditionalOperator, ConditionExpression,
                       ExpressionAttributeNames, ExpressionAttributeValues,
                       ReturnValuesOnConditionCheckFailure))

struct DeleteItemInput {
  std::optional<std::string> TableName;
  std::optional<GivenItem> Key;
  std::optional<LegacyConditions> Expected;
  std::optional<std::string> ConditionalOperator, ReturnValues, ReturnConsumedCapacity,
      ReturnItemCollectionMetrics, ConditionExpression;
  std::optional<Names> ExpressionAttributeNames;
  std::optional<GivenValues> ExpressionAttributeValues;
  std::optional<std::string> ReturnValuesOnConditionCheckFailure;
};
BOOST_DESCRIBE_STRUCT(DeleteItemInput, (),
                      (TableName, Key, Expected, ConditionalOperator, ReturnValues, ReturnConsumedCapacity,
                       ReturnItemCollectionMetrics, ConditionExpression, ExpressionAttributeNames,
                       ExpressionAttributeValues, ReturnValuesOnConditionCheckFailure))

struct UpdateItemInput {
  std::optional<std::string> TableName;
  std::optional<GivenItem> Key;
  std::optional<LegacyUpdates> AttributeUpdates;
  std::optional<LegacyConditions> Expected;
  std::optional<std::string> ConditionalOperator, ReturnValues, ReturnConsumedCapacity,
      ReturnItemCollectionMetrics, UpdateExpression, ConditionExpression;
  std::optional<Names> ExpressionAttributeNames;
  std::optional<GivenValues> ExpressionAttributeValues;
  std::optional<std::string> ReturnValuesOnConditionCheckFailure;
};
BOOST_DESCRIBE_STRUCT(UpdateItemInput, (),
                      (TableName, Key, AttributeUpdates, Expected, ConditionalOperator, ReturnValues,
                       ReturnConsumedCapacity, ReturnItemCollectionMetrics, UpdateExpression,
                       ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues,
                       ReturnValuesOnConditionCheckFailure))

struct WriteOutput {
  std::optional<Item> Attributes;
  std::optional<dynamodb::ConsumedCapacity> ConsumedCapacity;
  std::optional<dynamodb::ItemCollectionMetrics> ItemCollectionMetrics;
};
BOOST_DESCRIBE_STRUCT(WriteOutput, (), (Attributes, ConsumedCapacity, ItemCollectionMetrics))

struct GetItemInput {
  std::optional<std::string> TableName;
  std::optional<GivenItem> Key;
  std::optional<std::vector<std::string>> AttributesToGet;
  std::optional<bool> ConsistentRead;
  std::optional<std::string> ReturnConsumedCapacity, ProjectionExpression;
  std::optional<Names> ExpressionAttributeNames;
};
BOOST_DESCRIBE_STRUCT(GetItemInput, (),
                      (TableName, Key, AttributesToGet, ConsistentRead, ReturnConsumedCapacity,
                       ProjectionExpression, ExpressionAttributeNames))
struct GetItemOutput {
  std::optional<ItemText> Item;
  std::optional<dynamodb::ConsumedCapacity> ConsumedCapacity;
};
BOOST_DESCRIBE_STRUCT(GetItemOutput, (), (Item, ConsumedCapacity))
}  // namespace emu::dynamodb
