// What a restored table is: the source's record with the overrides of the request, without what a restore
// loses (C12). Pure; refuses in AWS's words.
#pragma once
#include "emulator/services/dynamodb/table_inputs.hpp"

namespace emu::dynamodb {
struct RestoreOverrides {
  std::optional<std::string> BillingModeOverride;
  std::optional<std::vector<IndexInput>> GlobalSecondaryIndexOverride, LocalSecondaryIndexOverride;
  std::optional<ProvisionedThroughput> ProvisionedThroughputOverride;
  std::optional<OnDemandThroughput> OnDemandThroughputOverride;
  std::optional<SSESpecification> SSESpecificationOverride;
};
// Identities and times are the caller's to give.
Result<TableRecord> restored_record(const TableRecord& source, const RestoreOverrides& overrides);
}  // namespace emu::dynamodb
