#include "emulator/services/dynamodb/dynamodb.hpp"

#include <algorithm>
#include <stdexcept>

#include "emulator/base/arn.hpp"
#include "emulator/services/dynamodb/checks/owners.hpp"
#include "emulator/services/dynamodb/item_codec.hpp"
#include "emulator/services/dynamodb/rows.hpp"
#include "emulator/services/dynamodb/table_keys.hpp"
#include "emulator/services/dynamodb/upkeep.hpp"

namespace emu::dynamodb {
std::string_view bare_name(std::string_view name_or_arn) {
  if (!name_or_arn.starts_with("arn:")) return name_or_arn;
  const auto at = name_or_arn.find(":table/");
  if (at == name_or_arn.npos) return name_or_arn;
  const auto name = name_or_arn.substr(at + 7);
  return name.substr(0, name.find('/'));
}

AwsError no_such_table(std::string_view name_or_arn) {
  return AwsError::not_found(
      fmt::format("Requested resource not found: Table: {} not found", bare_name(name_or_arn)));
}

std::runtime_error unreadable(const Schema& schema) {
  return std::runtime_error("a stored item of table " + schema.name + " cannot be read");
}

std::size_t Tables::Hash::operator()(const NameView& n) const {
  const std::hash<std::string_view> hash;
  return (hash(n.account) * 31 + hash(n.region)) * 31 + hash(n.name);
}

std::optional<Table> Tables::find(const Scope& scope, std::string_view name) const {
  Scope own;
  const Scope* in = &scope;
  if (name.starts_with("arn:"))
    if (const auto arn = Arn::parse(name)) {
      own = {arn->account, arn->region};
      in = &own;
      name = bare_name(name);
    }
  const std::shared_lock hold(mutex_);
  const auto it = by_name_.find(NameView{in->account, in->region, name});
  return it == by_name_.end() ? std::nullopt : std::optional(it->second);
}

std::vector<std::string> Tables::names(const Scope& scope) const {
  std::vector<std::string> out;
  {
    const std::shared_lock hold(mutex_);
    for (const auto& [name, table] : by_name_)
      if (name.account == scope.account && name.region == scope.region) out.push_back(name.name);
  }
  std::ranges::sort(out);
  return out;
}

std::vector<Table> Tables::all() const {
  std::vector<Table> out;
  const std::shared_lock hold(mutex_);
  for (const auto& [name, table] : by_name_) out.push_back(table);
  return out;
}

bool Tables::add(const SharedSchema& schema, const SharedStream& stream) {
  auto core = std::make_shared<Core>(schema, stream);
  const std::lock_guard hold(mutex_);
  return by_name_
      .try_emplace({schema->scope.account, schema->scope.region, schema->name}, Table{schema, core})
      .second;
}

void Tables::replace(const SharedSchema& schema) {
  const std::lock_guard hold(mutex_);
  const auto it = by_name_.find(NameView{schema->scope.account, schema->scope.region, schema->name});
  if (it != by_name_.end()) it->second.schema = schema;
}

void Tables::remove(const Schema& schema) {
  const std::lock_guard hold(mutex_);
  const auto it = by_name_.find(NameView{schema.scope.account, schema.scope.region, schema.name});
  if (it != by_name_.end()) by_name_.erase(it);
}

DynamoDb::DynamoDb(storage::Engine& disk_, Clock& clock_, Loops& loops_, Ids& ids_, Settings settings_)
    : disk(disk_),
      clock(clock_),
      loops(loops_),
      ids(ids_),
      settings(settings_),
      streams(disk_, clock_, ids_),
      records(disk_, storage::Space::tables),
      backups(disk_, storage::Space::backups),
      transfers(disk_, storage::Space::transfers) {}

std::span<const Operation> DynamoDb::operations() const {
  static const auto rows =
      joined({table_operations(), table_update_operations(), item_operations(), query_operations(),
              batch_operations(), account_operations(), tag_operations(), time_to_live_operations(),
              continuous_backup_operations(), backup_operations(), restore_operations(), export_operations(),
              import_operations(), kinesis_operations(), policy_operations(), insights_operations(),
              replica_operations()});
  return rows;
}

std::span<const ResourceType> DynamoDb::resource_types() const { return table_resource_types(); }

std::string type_of(const AwsError& e) {
  static constexpr std::string_view kCoral[] = {
      "SerializationException",       "UnknownOperationException",
      "AccessDeniedException",        "MissingAuthenticationTokenException",
      "IncompleteSignatureException", "InvalidSignatureException",
      "UnrecognizedClientException",  "ExpiredTokenException",
      "ThrottlingException"};
  if (e.code == "ValidationException") return "com.amazon.coral.validate#" + e.code;
  if (std::ranges::find(kCoral, e.code) != std::end(kCoral)) return "com.amazon.coral.service#" + e.code;
  return "com.amazonaws.dynamodb.v20120810#" + e.code;
}

std::string DynamoDb::error_type(const AwsError& e) const { return type_of(e); }

void DynamoDb::load() {
  streams.load();
  Owners owners;
  std::vector<SharedSchema> schemas;  // what is made of them writes, which a scan must not meet
  records.each([&](const Scope& scope, std::string name, TableRecord record) {
    schemas.push_back(make_schema(scope, std::move(name), std::move(record)));
    owners.add(*schemas.back());
  });
  backups.each([&](const Scope&, const std::string&, const BackupRecord& backup) { owners.add(backup); });
  for (const auto& schema : schemas) {
    SharedStream stream;
    if (schema->record.StreamSpecification)
      stream = streams.find({schema->scope, schema->name, *schema->record.LatestStreamLabel});
    storage::Batch batch;
    StreamTurn turn(streams, stream, schema.get(), batch);  // a table of an emu that kept no streams
    if (!batch.changes.empty()) disk.write(batch);
    turn.apply();
    tables.add(schema, turn.open());
  }
  for (const auto& range : owners.leftovers(disk)) disk.erase(range);
}

awaitable<void> DynamoDb::run() { return keep_up(*this); }

Result<Table> DynamoDb::data_table(const Scope& scope, std::string_view table_name) const {
  auto found = tables.find(scope, table_name);
  if (!found) return no_such_resource();
  return std::move(*found);
}

Result<Table> DynamoDb::table(const Scope& scope, std::string_view table_name) const {
  auto found = tables.find(scope, table_name);
  if (!found) return no_such_table(table_name);
  return std::move(*found);
}

std::optional<Item> DynamoDb::read(const Schema& schema, const Item& key) const {
  return read_row(schema, item_row(schema, key).bytes());
}

std::optional<Item> DynamoDb::read_row(const Schema& schema, storage::BytesView row) const {
  const auto bytes = disk.get(row);
  if (!bytes) return std::nullopt;
  auto item = decode_item(*bytes);
  if (!item) throw unreadable(schema);
  return item;
}

bool DynamoDb::create(const SharedSchema& schema) {
  const std::lock_guard hold(creating_);
  if (tables.find(schema->scope, schema->name)) return false;
  storage::Batch batch;
  StreamTurn turn(streams, nullptr, schema.get(), batch);
  save(batch, *schema);
  disk.write(batch);
  turn.apply();
  return tables.add(schema, turn.open());
}

void DynamoDb::save(storage::Batch& batch, const Schema& schema) const {
  records.put(batch, schema.scope, schema.name, schema.record);
}

std::uint64_t DynamoDb::change_time() const {
  const auto now = static_cast<std::uint64_t>(clock.now().time_since_epoch().count());
  auto last = last_change_time_.load();
  auto next = std::max(now, last + 1);
  while (!last_change_time_.compare_exchange_weak(last, next)) next = std::max(now, last + 1);
  return next;
}

void DynamoDb::replace_schema(Core& core, const SharedSchema& schema) {
  storage::Batch batch;
  StreamTurn turn(streams, core.stream, schema.get(), batch);
  save(batch, *schema);
  disk.write(batch);
  turn.apply();
  core.stream = turn.open();
  core.schema = schema;
  tables.replace(schema);
}
}  // namespace emu::dynamodb
