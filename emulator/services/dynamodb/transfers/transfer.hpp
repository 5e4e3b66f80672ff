// Exports to S3 and imports from there (C1). emu has no S3, so each is recorded and has failed for want of
// its bucket by the time it is described; what AWS refuses at once is refused at once.
#pragma once
#include "emulator/services/dynamodb/constraints.hpp"
#include "emulator/services/dynamodb/dynamodb.hpp"

namespace emu::dynamodb {
// "export" or "import": what ARNs and errors call it.
struct TransferKind {
  std::string_view noun, title;  // "export", "Export"
  std::string path() const { return fmt::format("/{}/", noun); }
};
inline constexpr TransferKind kExport{"export", "Export"}, kImport{"import", "Import"};

void constrain_bucket(Constraints& constraints, const std::optional<std::string>& bucket,
                      std::string_view path);
void constrain_owner(Constraints& constraints, const std::optional<std::string>& owner,
                     std::string_view path);
std::string new_transfer_arn(DynamoDb& service, const TransferKind& kind, const Scope& scope,
                             std::string_view table);
// Adds how it ended: without a bucket.
void fail_for_want_of_s3(Json& description, const TransferKind& kind, Time now);
// The description of a request that was made before with this token; an error if it was another request.
std::optional<Result<Json>> repeated(DynamoDb& service, const Scope& scope, const TransferKind& kind,
                                     const std::optional<std::string>& token, const Json& request);
Result<Json> describe_transfer(DynamoDb& service, const Scope& scope, const TransferKind& kind,
                               const std::optional<std::string>& arn);

// A page of descriptions, latest first.
struct TransferPage {
  std::vector<Json> descriptions;
  std::optional<std::string> next;
};
TransferPage list_transfers(DynamoDb& service, const Scope& scope, const TransferKind& kind,
                            const std::function<bool(const Json&)>& wanted, std::size_t limit,
                            const std::optional<std::string>& token);
}  // namespace emu::dynamodb
