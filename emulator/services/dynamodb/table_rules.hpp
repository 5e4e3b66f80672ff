// What CreateTable and UpdateTable refuse, in AWS's order and words (C2, C4). They throw; nothing is changed.
#pragma once
#include "emulator/services/dynamodb/constraints.hpp"
#include "emulator/services/dynamodb/table_inputs.hpp"

namespace emu::dynamodb {
void check_new_table(const CreateTableInput& in);
void check_required_name(const std::optional<std::string>& name);
// One index against the table it is to belong to.
struct IndexSetting {
  const std::vector<KeySchemaElement>& table_key;
  const std::vector<AttributeDefinition>& definitions;
  bool pays_per_request;
};
// Model constraints of a name that is to be given to something; `path` is the member's.
void constrain_new_name(Constraints& constraints, const std::optional<std::string>& name,
                        std::string_view path);
void constrain_throughput(Constraints& constraints, const std::optional<ProvisionedThroughput>& throughput,
                          const std::string& path);
// Model constraints of one index; `at` is the path to its members.
void constrain_index(Constraints& constraints, const IndexInput& index, const std::string& at, bool global);
void check_index(const IndexInput& index, bool global, const IndexSetting& setting);
AwsError keys_not_defined(const std::vector<KeySchemaElement>& keys,
                          const std::vector<AttributeDefinition>& defined);
AwsError throughput_on_demand();
void check_throughput(const ProvisionedThroughput& given, std::string_view suffix);
void check_tags(const std::vector<Tag>& tags);
void check_tag_count(std::size_t count);
// `what` they are for, as the text says it: "table", "index : by-day".
void check_ceilings(const OnDemandThroughput& given, std::string_view what, bool removable);
void check_warmth(const WarmThroughput& given, const std::optional<ProvisionedThroughput>& provisioned,
                  bool on_demand, std::string_view what);
void check_encryption(const SSESpecification& given);
IndexRecord index_record(const IndexInput& in, bool global, unsigned slot);
}  // namespace emu::dynamodb
