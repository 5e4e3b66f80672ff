// UpdateTimeToLive's structs and function, which the resource type uses too.
#pragma once
#include "emulator/services/dynamodb/table_inputs.hpp"

namespace emu::dynamodb {
struct TimeToLiveSpecification {
  bool Enabled = false;
  std::string AttributeName;
};
BOOST_DESCRIBE_STRUCT(TimeToLiveSpecification, (), (Enabled, AttributeName))
struct UpdateTimeToLiveInput {
  std::optional<std::string> TableName;
  dynamodb::TimeToLiveSpecification TimeToLiveSpecification;
};
BOOST_DESCRIBE_STRUCT(UpdateTimeToLiveInput, (), (TableName, TimeToLiveSpecification))
struct UpdateTimeToLiveOutput {
  dynamodb::TimeToLiveSpecification TimeToLiveSpecification;
};
BOOST_DESCRIBE_STRUCT(UpdateTimeToLiveOutput, (), (TimeToLiveSpecification))

// Reads every item when it switches on, so never on a loop.
Result<UpdateTimeToLiveOutput> update_time_to_live(DynamoDb& service, Context& context,
                                                   UpdateTimeToLiveInput in);
}  // namespace emu::dynamodb
