// DescribeTimeToLive, UpdateTimeToLive (G): in force at once, with the expiry rows of the items that are
// there.
#include "emulator/services/dynamodb/ttl/time_to_live.hpp"

#include "emulator/services/dynamodb/item_walk.hpp"
#include "emulator/services/dynamodb/rows.hpp"
#include "emulator/services/dynamodb/table_rules.hpp"
#include "emulator/services/dynamodb/ttl/expiry.hpp"

namespace emu::dynamodb {
namespace {
constexpr std::size_t kMaxAttributeName = 255;  // B1

struct TimeToLiveDescription {
  std::string TimeToLiveStatus;
  std::optional<std::string> AttributeName;
};
BOOST_DESCRIBE_STRUCT(TimeToLiveDescription, (), (TimeToLiveStatus, AttributeName))
struct DescribeTimeToLiveOutput {
  dynamodb::TimeToLiveDescription TimeToLiveDescription;
};
BOOST_DESCRIBE_STRUCT(DescribeTimeToLiveOutput, (), (TimeToLiveDescription))

Result<DescribeTimeToLiveOutput> describe_time_to_live(DynamoDb& service, Context& context,
                                                       TableNameInput in) {
  check_required_name(in.TableName);
  const auto table = service.table(context.scope, *in.TableName);
  if (!table) return table.error();
  const auto& attribute = table->schema->record.TimeToLiveAttribute;
  return DescribeTimeToLiveOutput{{attribute ? "ENABLED" : "DISABLED", attribute}};
}

void check(const UpdateTimeToLiveInput& in) {
  check_required_name(in.TableName);
  const auto& name = in.TimeToLiveSpecification.AttributeName;
  if (!name.empty() && name.size() <= kMaxAttributeName) return;
  throw AwsError::validation(fmt::format(
      "{}Value '{}' at 'timeToLiveSpecification.attributeName' failed to satisfy constraint: Member must "
      "have length {}",
      kDetected, name, name.empty() ? "greater than or equal to 1" : "less than or equal to 255"));
}

Result<Done> change(TableRecord& record, const TimeToLiveSpecification& wanted) {
  const auto& current = record.TimeToLiveAttribute;
  if (!wanted.Enabled && !current) return AwsError::validation("TimeToLive is already disabled");
  if (wanted.Enabled && current == wanted.AttributeName)
    return AwsError::validation("TimeToLive is already enabled");
  if (current != wanted.AttributeName && current)
    return AwsError::validation(fmt::format(
        "TimeToLive is active on a different AttributeName: current AttributeName is {}", *current));
  record.TimeToLiveAttribute = wanted.Enabled ? std::optional(wanted.AttributeName) : std::nullopt;
  return Done{};
}

// Rows before the schema when switching on, after it when switching off: a crash between leaves only rows
// that nobody reads and the next switching on erases.
void fill_expiry_rows(DynamoDb& service, const Schema& schema) {
  service.disk.erase(expiry_rows(schema));
  walk_items(service, schema, [&](storage::Batch& batch, const storage::Key& row, const Item& item) {
    stage_expiry(batch, schema, row, nullptr, &item);
  });
}

awaitable<Result<UpdateTimeToLiveOutput>> update_time_to_live_blocking(DynamoDb& service, Context& context,
                                                                       UpdateTimeToLiveInput in) {
  auto work = [&service, &context, held = std::move(in)]() mutable {
    return update_time_to_live(service, context, std::move(held));
  };
  co_return co_await service.loops.blocking(std::move(work));
}

constexpr Operation kTimeToLive[] = {
    op<describe_time_to_live>("DescribeTimeToLive"),
    op<update_time_to_live_blocking>("UpdateTimeToLive"),
};
}  // namespace

Result<UpdateTimeToLiveOutput> update_time_to_live(DynamoDb& service, Context& context,
                                                   UpdateTimeToLiveInput in) {
  check(in);
  const auto& wanted = in.TimeToLiveSpecification;
  const auto table = service.table(context.scope, *in.TableName);
  if (!table) return table.error();
  return table->core->alone([&](Core& core) -> Result<UpdateTimeToLiveOutput> {
    if (!core.schema) return no_such_table(*in.TableName);
    TableRecord record = core.schema->record;
    if (auto done = change(record, wanted); !done) return std::move(done.error());
    const auto schema = make_schema(core.schema->scope, core.schema->name, std::move(record));
    if (wanted.Enabled) fill_expiry_rows(service, *schema);
    service.replace_schema(core, schema);
    if (!wanted.Enabled) service.disk.erase(expiry_rows(*schema));
    return UpdateTimeToLiveOutput{wanted};
  });
}

std::span<const Operation> time_to_live_operations() { return kTimeToLive; }
}  // namespace emu::dynamodb
