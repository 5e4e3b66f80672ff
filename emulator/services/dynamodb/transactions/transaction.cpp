#include "emulator/services/dynamodb/transactions/transaction.hpp"

#include <algorithm>

#include "emulator/services/dynamodb/keys.hpp"
#include "emulator/services/dynamodb/transactions/cancellation.hpp"

namespace emu::dynamodb {
namespace {
std::optional<Table> find(const DynamoDb& service, const Scope& scope, std::string_view name) {
  auto found = service.data_table(scope, name);
  return found ? std::optional(std::move(*found)) : std::nullopt;
}

// The rows of the items, each once; those without a proper key have none (and are refused next).
template <class Parts, class Subject>
std::vector<storage::Key> rows_of(const Parts& parts, Subject subject) {
  std::vector<storage::Key> rows;
  rows.reserve(parts.size());
  for (const auto& part : parts)
    if (has_keys(*part.table->schema, subject(part)))
      rows.push_back(item_row(*part.table->schema, subject(part)));
  std::vector<storage::BytesView> sorted;
  for (const auto& row : rows) sorted.push_back(row.bytes());
  std::ranges::sort(sorted);
  if (std::ranges::adjacent_find(sorted) != sorted.end())
    throw AwsError::validation("Transaction request cannot include multiple operations on one item");
  return rows;
}

template <class Parts>
std::vector<RowOf> locked(const Parts& parts, const std::vector<storage::Key>& rows) {
  std::vector<RowOf> out;
  for (std::size_t i = 0; i < parts.size(); ++i) out.push_back({parts[i].table->core.get(), rows[i].bytes()});
  return out;
}

// Units and item collections by table, in order of first mention.
class Account {
 public:
  void add_cost(const SharedSchema& schema, const Cost& cost) {
    auto it = std::ranges::find(tables_, schema, &Line::schema);
    if (it == tables_.end()) it = tables_.insert(it, {schema, {}});
    it->cost.table += kTransactionFactor * cost.table;
    it->cost.indexes.insert(it->cost.indexes.end(), cost.indexes.begin(), cost.indexes.end());
  }
  std::optional<std::vector<ConsumedCapacity>> report(Units units, const ReturnMode& mode) const {
    if (!wanted(mode)) return std::nullopt;
    std::vector<ConsumedCapacity> out;
    for (const auto& line : tables_)
      out.push_back(*consumed_by_transaction(*line.schema, line.cost, units, mode));
    return out;
  }

 private:
  struct Line {
    SharedSchema schema;
    Cost cost;
  };
  std::vector<Line> tables_;
};

void add_metrics(TransactionReport& report, const std::vector<PreparedAction>& actions,
                 const ReturnMode& mode) {
  for (const auto& [action, table, failure] : actions) {
    if (action.kind == Action::Kind::check) continue;
    auto metrics = collection_metrics(*table->schema, *action.subject, mode);
    if (!metrics) continue;
    if (!report.ItemCollectionMetrics) report.ItemCollectionMetrics.emplace();
    (*report.ItemCollectionMetrics)[table->schema->name].push_back(std::move(*metrics));
  }
}

Cost read_cost(const Item* item) { return {read_units(item ? billed_size(*item) : 0, true), {}}; }

// A transaction that has happened already: AWS reports what it takes to read its items again.
TransactionReport repetition(const DynamoDb& service, const std::vector<PreparedAction>& actions,
                             const std::vector<storage::Key>& rows, const WriteOptions& options) {
  Account account;
  if (wanted(options.capacity))
    for (std::size_t i = 0; i < actions.size(); ++i) {
      const auto& schema = actions[i].table->schema;
      const auto item = service.read_row(*schema, rows[i].bytes());
      account.add_cost(schema, read_cost(item ? &*item : nullptr));
    }
  TransactionReport report{account.report(Units::read, options.capacity)};
  add_metrics(report, actions, options.metrics);
  return report;
}

// Every action judged and staged, in order. A failed condition does not keep the others from being judged; a
// mistake does (F).
Result<Account> stage_all(const DynamoDb& service, const std::vector<PreparedAction>& actions,
                          const std::vector<storage::Key>& rows, const WriteOptions& options,
                          storage::Batch& batch) {
  Account account;
  Cancellation cancellation(actions.size());
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const auto& [action, table, failure] = actions[i];
    auto decide = [&](const Schema& schema, const Item* old, Item& made) {
      return outcome(action, schema, old, made);
    };
    auto staged =
        stage_change(service, *table->core, batch, rows[i], action.change(wanted(options.capacity)), decide);
    if (staged) {
      account.add_cost(staged->schema, staged->cost);
    } else if (staged.error().code == condition_failed().code) {
      cancellation.set(i, failure.code, failure.message);
      auto& extra = staged.error().extra;
      if (extra.contains("Item")) cancellation.show_item(i, std::move(extra["Item"]));
    } else if (staged.error().code == "ValidationException") {
      return cancelled_by(i, actions.size(), staged.error());
    } else {
      return std::move(staged.error());
    }
  }
  if (cancellation.any()) return cancellation.error();
  return account;
}
}  // namespace

PreparedAction locate(const DynamoDb& service, const Scope& scope, std::string_view table, Action action) {
  PreparedAction out{std::move(action), find(service, scope, table), {}};
  if (out.table) refuse(empty_fault(out.action, *out.table->schema));
  return out;
}

PreparedRead locate(const DynamoDb& service, const Scope& scope, std::string_view table, PreparedRead read) {
  read.table = find(service, scope, table);
  if (read.table) refuse(empty_fault(*read.table->schema, *read.key));
  return read;
}

Result<TransactionReport> run_writes(DynamoDb& service, const Scope& scope,
                                     std::vector<PreparedAction> actions, const WriteOptions& options) {
  if (!std::ranges::all_of(actions, [](const auto& a) { return a.table.has_value(); }))
    return no_such_resource();
  const auto rows =
      rows_of(actions, [](const PreparedAction& a) -> const Item& { return *a.action.subject; });
  for (std::size_t i = 0; i < actions.size(); ++i)
    if (const auto wrong = fault(actions[i].action, *actions[i].table->schema))
      return cancelled_by(i, actions.size(), *wrong);

  std::optional<TokenBook> book;
  auto to_lock = locked(actions, rows);
  if (options.idempotency) {
    book.emplace(service, scope, *options.idempotency);
    to_lock.push_back({nullptr, book->lock_name()});
  }
  const RowLocks hold(service.stripes, to_lock);
  if (book) {
    const auto done = book->done();
    if (!done) return done.error();
    if (*done) return repetition(service, actions, rows, options);
  }
  storage::Batch batch;
  const auto account = stage_all(service, actions, rows, options, batch);
  if (!account) return account.error();
  if (book) book->note(batch);
  commit(service, batch, hold.cores());
  TransactionReport report{account->report(Units::write, options.capacity)};
  add_metrics(report, actions, options.metrics);
  return report;
}

Result<ReadReport> run_reads(DynamoDb& service, const std::vector<PreparedRead>& reads,
                             const ReturnMode& capacity) {
  if (!std::ranges::all_of(reads, [](const auto& r) { return r.table.has_value(); }))
    return no_such_resource();
  const auto rows = rows_of(reads, [](const PreparedRead& r) -> const Item& { return *r.key; });
  for (std::size_t i = 0; i < reads.size(); ++i)
    if (const auto wrong = lookup_fault(*reads[i].table->schema, *reads[i].key))
      return cancelled_by(i, reads.size(), *wrong);

  ReadReport out;
  {
    const RowLocks hold(service.stripes, locked(reads, rows), RowLocks::For::reading);
    for (std::size_t i = 0; i < reads.size(); ++i) {
      const auto& core = *reads[i].table->core;
      if (!core.schema) return no_such_resource();
      out.items.push_back(service.read_row(*core.schema, rows[i].bytes()));
    }
  }
  std::size_t bytes = 0;
  Account account;
  for (std::size_t i = 0; i < reads.size(); ++i) {
    auto& item = out.items[i];
    account.add_cost(reads[i].table->schema, read_cost(item ? &*item : nullptr));
    if (!item) continue;
    bytes += billed_size(*item);
    if (!reads[i].projection) continue;
    std::vector<const expression::Path*> paths;
    for (const auto& path : reads[i].projection->tree()) paths.push_back(&path);
    item = project(paths, reads[i].projection->bindings, *item);
    if (item->empty()) item.reset();  // unlike GetItem, which shows an empty item
  }
  if (bytes > kMaxTransactionBytes) return too_large_transaction();
  out.capacity = account.report(Units::read, capacity);
  return out;
}

AwsError too_large_transaction() {
  return AwsError::validation(
      fmt::format("Transaction payload size cannot exceed {} bytes", kMaxTransactionBytes));
}
}  // namespace emu::dynamodb
