// The DynamoDB service: owns the tables and lists the operations, which live beside each other by kind
// (tables, items, queries, batches, settings). Items change under the locks of row_locks.hpp, schemas under
// their table's gate; reads take the schema as they found it and hold nothing.
#pragma once
#include <array>
#include <atomic>
#include <set>
#include <shared_mutex>
#include <unordered_map>

#include "emulator/api/records.hpp"
#include "emulator/api/service.hpp"
#include "emulator/base/guarded.hpp"
#include "emulator/base/ids.hpp"
#include "emulator/base/loops.hpp"
#include "emulator/services/dynamodb/backups/backup.hpp"
#include "emulator/services/dynamodb/expression/cache.hpp"
#include "emulator/services/dynamodb/schema.hpp"
#include "emulator/services/dynamodb/streams/streams.hpp"
#include "emulator/services/dynamodb/transfers/record.hpp"

namespace emu::dynamodb {
// What a table and each index hold, as DescribeTable shows it.
struct Extent {
  std::int64_t items = 0, bytes = 0;
};

struct Counted {
  std::optional<std::uint64_t> changes;  // of the Core when it was counted
  Time when;
  std::map<unsigned, Extent> extents;  // by slot
};

// What the requests on one table share.
struct Core {
  explicit Core(SharedSchema s, SharedStream open) : schema(std::move(s)), stream(std::move(open)) {}
  // Runs f with every writer of the table kept out: for what reads or changes the schema and acts upon it.
  template <class F>
  auto alone(F&& f) {
    const std::lock_guard hold(gate);
    return std::forward<F>(f)(*this);
  }

  std::shared_mutex gate;                  // shared: changes of items
  SharedSchema schema;                     // behind the gate; null once the table is deleted
  SharedStream stream;                     // behind the gate; null unless one is enabled
  std::atomic<std::uint64_t> changes = 0;  // writes so far
  int copies = 0;                          // behind the gate: being made of its items (backups/copy.hpp)
  Guarded<Counted> counted;
  std::mutex order;  // a writer's from staging to commit, where the order of commits shows: a stream's
};

struct Table {
  SharedSchema schema;
  std::shared_ptr<Core> core;
};

// Mutexes that rows share by their hash: of those rows only one request at a time makes its change.
struct alignas(64) Stripe {
  std::mutex mutex;
};
using Stripes = std::array<Stripe, 256>;

// The tables of every scope, by name.
class Tables {
 public:
  // `name` may be a table's ARN, which brings its own scope.
  std::optional<Table> find(const Scope& scope, std::string_view name) const;
  std::vector<std::string> names(const Scope& scope) const;               // ascending
  std::vector<Table> all() const;                                         // of every scope, in no order
  bool add(const SharedSchema& schema, const SharedStream& stream = {});  // false: the name is taken
  void replace(const SharedSchema& schema);
  void remove(const Schema& schema);

 private:
  struct NameView {
    std::string_view account, region, name;
    bool operator==(const NameView&) const = default;
  };
  struct Name {
    std::string account, region, name;
    NameView view() const { return {account, region, name}; }
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(const NameView& n) const;
    std::size_t operator()(const Name& n) const { return (*this)(n.view()); }
  };
  struct Equal {
    using is_transparent = void;
    static NameView view(const NameView& n) { return n; }
    static NameView view(const Name& n) { return n.view(); }
    bool operator()(const auto& a, const auto& b) const { return view(a) == view(b); }
  };
  mutable std::shared_mutex mutex_;
  std::unordered_map<Name, Table, Hash, Equal> by_name_;
};

struct Settings {
  Duration sweep_interval = std::chrono::seconds(5);  // between looks for expired items; AWS: within days
};

class DynamoDb final : public Service {
 public:
  DynamoDb(storage::Engine& disk, Clock& clock, Loops& loops, Ids& ids, Settings settings = {});
  std::string_view name() const override { return "dynamodb"; }
  Protocol protocol() const override { return Protocol::json10; }
  std::string_view target_prefix() const override { return "DynamoDB_20120810"; }
  bool checksums() const override { return true; }
  std::span<const Operation> operations() const override;
  std::span<const ResourceType> resource_types() const override;
  std::string error_type(const AwsError& e) const override;
  void load() override;
  void verify(Report& report) override;
  awaitable<void> run() override;  // upkeep.hpp

  // The table for a data operation, or ResourceNotFoundException as those word it.
  Result<Table> data_table(const Scope& scope, std::string_view name) const;
  // The same for table operations, whose text names the table.
  Result<Table> table(const Scope& scope, std::string_view name) const;
  // The stored item with this key, if any; or in this row of the schema's table.
  std::optional<Item> read(const Schema& schema, const Item& key) const;
  std::optional<Item> read_row(const Schema& schema, storage::BytesView row) const;
  void save(storage::Batch& batch, const Schema& schema) const;
  // Writes the row of a new table, then lets requests see it. False: the name is taken.
  bool create(const SharedSchema& schema);
  // In microseconds since the epoch, as the Clock has it, but never twice: the order of changes.
  std::uint64_t change_time() const;
  // Makes this the schema of the table, on disk too; the caller is alone in its core.
  void replace_schema(Core& core, const SharedSchema& schema);

  storage::Engine& disk;
  Clock& clock;
  Loops& loops;
  Ids& ids;
  const Settings settings;
  Tables tables;
  Streams streams;
  Stripes stripes;
  Records<TableRecord> records;
  Records<BackupRecord> backups;
  Records<TransferRecord> transfers;  // exports and imports
  expression::Cache<expression::Condition> conditions{&expression::parse_condition};
  expression::Cache<expression::Update> updates{&expression::parse_update};
  expression::Cache<expression::Paths> projections{&expression::parse_projection};
  Guarded<std::set<std::string>> restoring;  // ARNs of the backups that a table is being made from

 private:
  std::mutex creating_;  // held from "there is no such table" until there is one
  mutable std::atomic<std::uint64_t> last_change_time_ = 0;
};

// To throw: a row of this table is damaged.
std::runtime_error unreadable(const Schema& schema);
// The __type of an error, of both APIs of this service (A3).
std::string type_of(const AwsError& e);
AwsError no_such_table(std::string_view name_or_arn);  // as table operations word it
// The name in a table name or table ARN.
std::string_view bare_name(std::string_view name_or_arn);
}  // namespace emu::dynamodb
