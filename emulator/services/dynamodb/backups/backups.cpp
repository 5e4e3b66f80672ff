// CreateBackup, DescribeBackup, ListBackups, DeleteBackup (C12).
#include "emulator/services/dynamodb/backups/backups.hpp"

#include <algorithm>
#include <cmath>
#include <ranges>

#include "emulator/services/dynamodb/backups/copy.hpp"
#include "emulator/services/dynamodb/describe.hpp"
#include "emulator/services/dynamodb/rows.hpp"
#include "emulator/services/dynamodb/table_rules.hpp"

namespace emu::dynamodb {
namespace {
constexpr std::size_t kShortestArn = 37;
constexpr std::size_t kMaxListed = 100;                // ListBackups' Limit
constexpr double kSystemBackupSeconds = 35.0 * 86400;  // after which AWS drops a SYSTEM backup
constexpr std::string_view kBackupTypes[] = {"SYSTEM", "AWS_BACKUP", "USER", "ALL"};

struct CreateBackupInput {
  std::optional<std::string> TableName, BackupName;
};
BOOST_DESCRIBE_STRUCT(CreateBackupInput, (), (TableName, BackupName))
struct CreateBackupOutput {
  Json BackupDetails;
};
BOOST_DESCRIBE_STRUCT(CreateBackupOutput, (), (BackupDetails))
struct BackupDescriptionOutput {
  Json BackupDescription;
};
BOOST_DESCRIBE_STRUCT(BackupDescriptionOutput, (), (BackupDescription))
struct ListBackupsInput {
  std::optional<std::string> TableName;
  std::optional<int> Limit;
  std::optional<double> TimeRangeLowerBound, TimeRangeUpperBound;
  std::optional<std::string> ExclusiveStartBackupArn, BackupType;
};
BOOST_DESCRIBE_STRUCT(ListBackupsInput, (),
                      (TableName, Limit, TimeRangeLowerBound, TimeRangeUpperBound, ExclusiveStartBackupArn,
                       BackupType))
struct ListBackupsOutput {
  std::vector<Json> BackupSummaries;
  std::optional<std::string> LastEvaluatedBackupArn;
};
BOOST_DESCRIBE_STRUCT(ListBackupsOutput, (), (BackupSummaries, LastEvaluatedBackupArn))

double in_milliseconds(Time t) { return static_cast<double>(epoch_ms(t)) / 1000; }

Json details(const Scope& scope, const BackupKey& name, const BackupRecord& backup, std::string_view status) {
  Json out{{"BackupArn", name.arn(scope)},
           {"BackupName", backup.BackupName},
           {"BackupStatus", status},
           {"BackupType", backup.BackupType},
           {"BackupCreationDateTime", backup.CreationDateTime},
           {"BackupSizeBytes", backup.SizeBytes}};
  if (backup.ExpiryDateTime) out["BackupExpiryDateTime"] = *backup.ExpiryDateTime;
  return out;
}

Json source_table(const Scope& scope, const BackupKey& name, const BackupRecord& backup) {
  const auto& source = backup.Source;
  Json out{{"TableName", name.table},
           {"TableId", source.TableId},
           {"TableArn", table_arn(scope, name.table)},
           {"TableSizeBytes", backup.SizeBytes},
           {"KeySchema", wire::encode(source.KeySchema)},
           {"TableCreationDateTime", source.CreationDateTime},
           {"ProvisionedThroughput", wire::encode(source.ProvisionedThroughput)},
           {"ItemCount", backup.ItemCount},
           {"BillingMode", source.BillingMode.value_or("PROVISIONED")}};
  if (source.OnDemandThroughput) out["OnDemandThroughput"] = wire::encode(*source.OnDemandThroughput);
  return out;
}

Json source_features(const Scope& scope, const BackupKey& name, const BackupRecord& backup) {
  const auto& source = backup.Source;
  Json out = Json::object();
  for (const auto& index : source.Indexes) {
    Json shown{{"IndexName", index.IndexName},
               {"KeySchema", wire::encode(index.KeySchema)},
               {"Projection", wire::encode(index.Projection)}};
    if (index.Global)
      shown["ProvisionedThroughput"] =
          wire::encode(index.ProvisionedThroughput.value_or(ProvisionedThroughput{}));
    out[index.Global ? "GlobalSecondaryIndexes" : "LocalSecondaryIndexes"].push_back(std::move(shown));
  }
  if (source.StreamSpecification) out["StreamDescription"] = wire::encode(*source.StreamSpecification);
  if (source.TimeToLiveAttribute)
    out["TimeToLiveDescription"] = {{"TimeToLiveStatus", "ENABLED"},
                                    {"AttributeName", *source.TimeToLiveAttribute}};
  const auto described = describe(*make_schema(scope, name.table, source), Moment::described, {});
  if (described.contains("SSEDescription")) out["SSEDescription"] = described["SSEDescription"];
  return out;
}

BackupDescriptionOutput description(const Scope& scope, const BackupKey& name, const BackupRecord& backup,
                                    std::string_view status) {
  return {{{"BackupDetails", details(scope, name, backup, status)},
           {"SourceTableDetails", source_table(scope, name, backup)},
           {"SourceTableFeatureDetails", source_features(scope, name, backup)}}};
}

BackupKey new_name(DynamoDb& service, std::string_view table, std::string_view suffix) {
  return {std::string(table), fmt::format("{:014}-{}", epoch_ms(service.clock.now()), suffix)};
}

Result<CreateBackupOutput> make_backup(DynamoDb& service, const Table& table,
                                       const std::string& backup_name) {
  const Schema& schema = *table.schema;
  const auto extents = count(service, table);
  const auto extent = extents.contains(0) ? extents.at(0) : Extent{};
  const auto name = new_name(service, schema.name, service.ids.text(8, Ids::kHex));
  BackupRecord backup{backup_name, "USER", in_milliseconds(service.clock.now())};
  backup.SizeBytes = extent.bytes;
  backup.ItemCount = extent.items;
  backup.Source = schema.record;
  Copying copying(service, table);
  const auto items = copying.items_at(copying.since());
  if (!items) return no_table_to_back_up(schema.name);
  backup.StorageId = *items;
  service.backups.put(schema.scope, name.name(), backup);
  return CreateBackupOutput{details(schema.scope, name, backup, "CREATING")};
}

awaitable<Result<CreateBackupOutput>> create_backup(DynamoDb& service, Context& context,
                                                    CreateBackupInput in) {
  Constraints constraints;
  constraints.table_name(in.TableName, Layer::older);
  constrain_new_name(constraints, in.BackupName, "backupName");
  constraints.finish();
  auto table = table_to_back_up(service, context, in.TableName);
  if (!table) co_return std::move(table.error());
  auto work = [&service, held = std::move(*table), name = std::move(*in.BackupName)] {
    return make_backup(service, held, name);
  };
  co_return co_await service.loops.blocking(std::move(work));
}

Result<BackupDescriptionOutput> describe_backup(DynamoDb& service, Context& context, BackupArnInput in) {
  Constraints constraints;
  constrain_backup_arn(constraints, in.BackupArn);
  constraints.finish();
  const auto name = BackupKey::parse(*in.BackupArn);
  const auto backup = find_backup(service, context.scope, name);
  if (!backup) return backup.error();
  return description(context.scope, name, *backup, "AVAILABLE");
}

Result<BackupDescriptionOutput> delete_backup(DynamoDb& service, Context& context, BackupArnInput in) {
  Constraints constraints;
  constrain_backup_arn(constraints, in.BackupArn);
  constraints.finish();
  const auto name = BackupKey::parse(*in.BackupArn);
  const auto arn = name.arn(context.scope);
  return service.restoring.with([&](const std::set<std::string>& busy) -> Result<BackupDescriptionOutput> {
    const auto backup = find_backup(service, context.scope, name);
    if (!backup) return backup.error();
    if (busy.contains(arn))
      return AwsError{"BackupInUseException", fmt::format("Backup is being used to restore table: {}", arn)};
    if (backup->BackupType == "SYSTEM")
      return AwsError::validation(fmt::format(
          "Invalid Request: User is not allowed to delete the system backup with arn {}. It will "
          "automatically "
          "expire on {}",
          arn, iso8601(Time(std::chrono::seconds(std::llround(backup->ExpiryDateTime.value_or(0)))))));
    service.backups.erase(context.scope, name.name());
    erase_items(service, backup->StorageId);
    return description(context.scope, name, *backup, "DELETED");
  });
}

void check(const ListBackupsInput& in) {
  Constraints constraints;
  if (in.TableName) constraints.table_name(in.TableName, Layer::older);
  constraints.at_least(in.Limit, "limit", 1);
  constraints.at_most(in.Limit, "limit", kMaxListed);
  constraints.enumerated(in.BackupType, "backupType", kBackupTypes);
  if (in.ExclusiveStartBackupArn) constrain_backup_arn(constraints, in.ExclusiveStartBackupArn);
  constraints.finish();
  if (in.TimeRangeLowerBound && in.TimeRangeUpperBound && *in.TimeRangeLowerBound > *in.TimeRangeUpperBound)
    throw invalid_parameters("Time range lower bound must be less than or equal to upper bound");
}

struct Listed {
  BackupKey name;
  BackupRecord backup;
  std::pair<std::string_view, std::string_view> place() const { return {name.id, name.table}; }
};

bool asked_for(const ListBackupsInput& in, const Listed& listed) {
  const auto type = in.BackupType.value_or("USER");
  const double made = listed.backup.CreationDateTime;
  return (type == "ALL" || type == listed.backup.BackupType) &&
         (!in.TableName || bare_name(*in.TableName) == listed.name.table) &&
         (!in.TimeRangeLowerBound || made >= *in.TimeRangeLowerBound) &&
         (!in.TimeRangeUpperBound || made < *in.TimeRangeUpperBound);
}

// By the time they were made, which their ids begin with. The start need not exist (any more).
Result<ListBackupsOutput> list_backups(DynamoDb& service, Context& context, ListBackupsInput in) {
  check(in);
  const auto start = in.ExclusiveStartBackupArn ? std::optional(BackupKey::parse(*in.ExclusiveStartBackupArn))
                                                : std::nullopt;
  std::vector<Listed> found;
  service.backups.each([&](const Scope& scope, const std::string& name, BackupRecord backup) {
    Listed listed{BackupKey::of_record(name), std::move(backup)};
    if (scope == context.scope && asked_for(in, listed) &&
        (!start || listed.place() > std::pair<std::string_view, std::string_view>(start->id, start->table)))
      found.push_back(std::move(listed));
  });
  std::ranges::sort(found, {}, &Listed::place);
  ListBackupsOutput out;
  const auto limit = static_cast<std::size_t>(in.Limit.value_or(kMaxListed));
  for (const auto& [name, backup] : found | std::views::take(limit)) {
    auto summary = details(context.scope, name, backup, "AVAILABLE");
    summary.update({{"TableName", name.table},
                    {"TableId", backup.Source.TableId},
                    {"TableArn", table_arn(context.scope, name.table)}});
    out.BackupSummaries.push_back(std::move(summary));
  }
  if (found.size() > limit) out.LastEvaluatedBackupArn = found[limit - 1].name.arn(context.scope);
  return out;
}

constexpr Operation kBackups[] = {
    op<create_backup>("CreateBackup"),
    op<describe_backup>("DescribeBackup"),
    op<list_backups>("ListBackups"),
    op<delete_backup>("DeleteBackup"),
};
}  // namespace

AwsError no_table_to_back_up(std::string_view name_or_arn) {
  return {"TableNotFoundException", fmt::format("Table not found: {}", name_or_arn)};
}

Result<Table> table_to_back_up(DynamoDb& service, Context& context, const std::optional<std::string>& name) {
  check_required_name(name);
  auto table = service.tables.find(context.scope, *name);
  if (!table) return no_table_to_back_up(*name);
  return std::move(*table);
}

void constrain_backup_arn(Constraints& constraints, const std::optional<std::string>& arn) {
  if (!arn) return constraints.present(false, "backupArn");
  if (arn->size() < kShortestArn)
    constraints.add(
        fmt::format("Value '{}' at 'backupArn' failed to satisfy constraint: Member must have "
                    "length greater than or equal to {}",
                    *arn, kShortestArn));
}

Result<BackupRecord> find_backup(DynamoDb& service, const Scope& scope, const BackupKey& name) {
  auto backup = service.backups.get(scope, name.name());
  if (!backup)
    return AwsError{"BackupNotFoundException", fmt::format("Backup not found: {}", name.arn(scope))};
  return std::move(*backup);
}

void keep_deleted_table(DynamoDb& service, storage::Batch& batch, const Schema& schema,
                        const Extent& extent) {
  const Time now = service.clock.now();
  BackupRecord backup{schema.name + "$DeletedTableBackup", "SYSTEM", in_milliseconds(now)};
  backup.ExpiryDateTime = backup.CreationDateTime + kSystemBackupSeconds;
  backup.SizeBytes = extent.bytes;
  backup.ItemCount = extent.items;
  backup.Source = schema.record;
  backup.StorageId = schema.record.StorageId;
  service.backups.put(batch, schema.scope, new_name(service, schema.name, "00000000").name(), backup);
}

void expire_backups(DynamoDb& service) {
  const double now = epoch_seconds(service.clock.now());
  std::vector<std::pair<Scope, std::string>> expired;
  service.backups.each([&](const Scope& scope, const std::string& name, const BackupRecord& backup) {
    if (backup.ExpiryDateTime && *backup.ExpiryDateTime <= now) expired.emplace_back(scope, name);
  });
  for (const auto& [scope, name] : expired)
    service.restoring.with([&](const std::set<std::string>& busy) {
      const auto backup = service.backups.get(scope, name);
      if (!backup || busy.contains(BackupKey::of_record(name).arn(scope))) return;
      service.backups.erase(scope, name);
      erase_items(service, backup->StorageId);
    });
}

std::span<const Operation> backup_operations() { return kBackups; }
}  // namespace emu::dynamodb
