// A stack as it is kept on disk (Space::stacks, by account, region and name), written after every resource so
// that a crash forgets none. Used by Stacks and Deployment.
#pragma once
#include "emulator/api/records.hpp"

namespace emu::deploy {
struct StoredResource {
  std::string LogicalId, Type, PhysicalId;
  Json Attributes = Json::object(), Properties = Json::object();
  std::string DeletionPolicy, ReplacePolicy;  // empty: Delete
};
BOOST_DESCRIBE_STRUCT(StoredResource, (),
                      (LogicalId, Type, PhysicalId, Attributes, Properties, DeletionPolicy, ReplacePolicy))

struct StoredOutput {
  std::string Key, Value, Description, ExportName;
};
BOOST_DESCRIBE_STRUCT(StoredOutput, (), (Key, Value, Description, ExportName))

struct StoredStack {
  std::string Name, Id, Status, StatusReason;
  std::int64_t CreatedMs = 0, UpdatedMs = 0;
  std::map<std::string, Json> Parameters;
  std::vector<StoredResource> Resources;  // in the order they came to be: each after what it depends on
  std::vector<StoredResource> Replaced;   // still there, to be deleted when the update is through
  std::vector<StoredOutput> Outputs;
};
BOOST_DESCRIBE_STRUCT(StoredStack, (),
                      (Name, Id, Status, StatusReason, CreatedMs, UpdatedMs, Parameters, Resources, Replaced,
                       Outputs))
}  // namespace emu::deploy
