#include "emulator/services/dynamodb/partiql/select.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "emulator/services/dynamodb/expression/check.hpp"
#include "emulator/services/dynamodb/partiql/access.hpp"

namespace emu::dynamodb::partiql {
namespace {
// Ranges of rows, in the order of reading.
struct Plan {
  const Index* index = nullptr;
  std::vector<storage::Range> ranges;
  bool forward = true;
  bool one_item = false;  // read as GetItem reads: the limit does not matter, and nothing follows
  bool fetch = false;
  bool exact = false;  // the ranges hold nothing but what the clause asks for
};

const Index* index_of(const Schema& schema, const Source& source, bool consistent) {
  if (!source.index) return nullptr;
  const auto* index = schema.index(*source.index);
  if (!index) throw AwsError::validation("The table does not have the specified index");
  if (index->global && consistent)
    throw AwsError::validation("Strongly consistent read is not supported on Global Secondary Indexes");
  return index;
}

// The columns that an index does not hold, by their first names.
std::vector<std::string_view> beyond(const Index& index, const Select& select,
                                     const expression::Bindings& bindings) {
  std::vector<std::string_view> out;
  for (const auto& column : select.columns) {
    const auto name = bindings.name(column.path.steps[0]);
    if (!index.has(name) && std::ranges::find(out, name) == out.end()) out.push_back(name);
  }
  return out;
}

// AWS names the attributes in the order of a hash table of sixteen places.
std::size_t place(std::string_view name) {
  std::uint32_t hash = 0;
  for (const char c : name) hash = hash * 31 + static_cast<unsigned char>(c);
  return (hash ^ hash >> 16) & 15;
}

// A read by key filters on what the index holds; a scan of it finds nothing instead. Of several alternatives
// only the first is looked at.
void check_filter(const Index& index, const Access& access, const expression::Bindings& bindings) {
  if (access.branches.empty()) return;
  std::vector<std::string_view> missing;
  for (const auto* filter : access.branches[0].filters)
    expression::each_path(*filter, [&](const expression::Path& path) {
      const auto name = bindings.name(path.steps[0]);
      if (!index.has(name) && std::ranges::find(missing, name) == missing.end())
        missing.insert(std::ranges::upper_bound(missing, place(name), {}, &place), name);
    });
  if (!missing.empty())
    throw invalid_parameters(
        fmt::format("Secondary index {} does not project one or more filter attributes: [{}]", index.name,
                    fmt::join(missing, ", ")));
}

const OrderKey* order_by(const Select& select, const KeyPart& part) {
  const auto it = std::ranges::find(select.order, part.name, &OrderKey::attribute);
  return it == select.order.end() ? nullptr : &*it;
}

// One partition's ranges, ascending and without overlap.
std::vector<storage::Range> united(std::vector<storage::Range> ranges) {
  std::erase_if(ranges, [](const auto& r) { return empty(r); });
  std::ranges::sort(ranges, {}, &storage::Range::from);
  std::vector<storage::Range> out;
  for (auto& r : ranges) {
    if (out.empty() || (!out.back().to.empty() && out.back().to < r.from)) {
      out.push_back(std::move(r));
    } else if (r.to.empty() || (!out.back().to.empty() && out.back().to < r.to)) {
      out.back().to = r.to;
    }
  }
  return out;
}

void check_order(const Select& select, const KeyShape& shape, const Access& access, std::size_t partitions) {
  for (const auto& key : select.order)
    if (!shape.find(key.attribute))
      throw AwsError::validation(
          fmt::format("Attribute {} in ORDER BY clause must be part of the primary key", key.attribute));
  if (select.order.empty()) return;
  if (!access.keyed)
    throw AwsError::validation(
        "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.");
  if (partitions > 1 && !order_by(select, shape.hash[0]))
    throw AwsError::validation(
        "Must have hash key in ORDER BY clause when more than one hash key condition specified in WHERE "
        "clause.");
}

void by_key(Plan& plan, const Select& select, const KeyShape& shape, const Access& access) {
  std::vector<std::pair<const Value*, std::vector<storage::Range>>> partitions;  // as the clause names them
  for (const auto& branch : access.branches) {
    auto at = std::ranges::find_if(partitions, [&](const auto& p) { return *p.first == *branch.hash; });
    if (at == partitions.end()) at = partitions.insert(at, {branch.hash, {}});
    at->second.push_back(branch.rows);
  }
  check_order(select, shape, access, partitions.size());
  if (const auto* order = order_by(select, shape.hash[0]))
    std::ranges::sort(partitions, [&](const auto& a, const auto& b) {
      return emu::dynamodb::order(*a.first, *b.first) ==
             (order->descending ? std::strong_ordering::greater : std::strong_ordering::less);
    });
  // Descending is what an ORDER BY without the range key comes to.
  const auto* order = shape.range.empty() ? nullptr : order_by(select, shape.range[0]);
  plan.forward = order ? !order->descending : select.order.empty();
  plan.exact = std::ranges::all_of(access.branches, &Branch::exact);
  plan.one_item = access.branches.size() == 1 && access.branches[0].one_item;
  for (auto& [hash, ranges] : partitions) {
    auto rows = united(std::move(ranges));
    if (!plan.forward) std::ranges::reverse(rows);
    std::ranges::move(rows, std::back_inserter(plan.ranges));
  }
}

Plan plan_of(const Schema& schema, const Prepared& statement, const Select& select,
             const expression::Bindings& bindings, bool consistent) {
  Plan plan;
  plan.index = index_of(schema, statement->source, consistent);
  if (plan.index) {
    const auto missing = beyond(*plan.index, select, bindings);
    if (plan.index->global && !missing.empty())
      throw invalid_parameters(fmt::format("Global secondary index {} does not project [{}]",
                                           plan.index->name, fmt::join(missing, ", ")));
    plan.fetch = !missing.empty();
  }
  const KeyShape& shape = plan.index ? plan.index->key : schema.key;
  Access read;
  if (select.where) read = access(schema, plan.index, select.where->tree, bindings);
  if (plan.index) check_filter(*plan.index, read, bindings);
  if (read.keyed) {
    by_key(plan, select, shape, read);
  } else {
    check_order(select, shape, read, 0);
    plan.ranges.push_back(slot_rows(schema, plan.index ? plan.index->slot : 0));
  }
  return plan;
}

// Leaves out what pages before have read.
void resume(Plan& plan, const Schema& schema, const Item& start) {
  for (const auto* shape : {&schema.key, plan.index ? &plan.index->key : &schema.key})
    for (const auto* part : shape->parts())
      if (const auto* v = start.find(part->name); !v || v->type() != part->type)
        throw AwsError::validation("Invalid NextToken");
  const auto row = plan.index ? *index_row(schema, *plan.index, start) : item_row(schema, start);
  const storage::Bytes& at = row.bytes();
  const auto holds = [&](const storage::Range& r) { return at >= r.from && (r.to.empty() || at < r.to); };
  const auto found = std::ranges::find_if(plan.ranges, holds);
  if (found == plan.ranges.end()) throw AwsError::validation("NextToken does not match request");
  plan.ranges.erase(plan.ranges.begin(), found);
  (plan.forward ? plan.ranges[0].from : plan.ranges[0].to) = plan.forward ? at + '\0' : at;
}
}  // namespace

Item row_of(const Select& select, const expression::Bindings& bindings, Item item) {
  if (select.everything) return item;
  Item out;
  for (const auto& column : select.columns)
    if (const auto* v = expression::find(item, column.path, bindings)) out.set(column.name, *v);
  return out;
}

std::optional<Item> single_key(const Schema& schema, const Prepared& statement) {
  const auto& select = *statement.as<Select>();
  if (statement->source.index || !select.where) return std::nullopt;
  const auto bindings = statement.bindings(schema.key.hash[0].name);
  auto found = key_of(schema, select.where->tree, bindings, true);
  const bool alone = found.complete && found.contradictory.empty() && !found.other_conditions;
  return alone ? std::optional(std::move(found.key)) : std::nullopt;
}

AwsError not_a_single_read(const Schema& schema, const Prepared& statement, std::string_view operation) {
  const auto& select = *statement.as<Select>();
  if (!statement->source.index && select.where)  // for what is wrong with several reads in one
    access(schema, nullptr, select.where->tree, statement.bindings(schema.key.hash[0].name));
  return AwsError::validation(fmt::format(
      "Select statements within {} must specify the primary key in the where clause.", operation));
}

awaitable<Selected> select(DynamoDb& service, const Table& table, const Prepared& statement,
                           Reading reading) {
  const Schema& schema = *table.schema;
  const auto& tree = *statement.as<Select>();
  const auto bindings = statement.bindings(schema.key.hash[0].name);
  Plan plan = plan_of(schema, statement, tree, bindings, reading.consistent);
  if (reading.start) resume(plan, schema, *reading.start);
  std::optional<BoundCondition> filter;
  if (tree.where && !plan.exact) filter = statement.bound(*tree.where, schema);

  Selected out;
  std::string text = "[";
  std::size_t bytes = 0;
  std::int64_t scanned = 0;
  double fetched = 0;
  for (auto& range : plan.ranges) {
    PageRequest request{.schema = table.schema,
                        .index = plan.index,
                        .rows = std::move(range),
                        .forward = plan.forward,
                        .limit = std::nullopt,
                        .filter = filter ? &*filter : nullptr,
                        .fetch = plan.fetch,
                        .as_text = tree.everything,
                        .most_bytes = kPageBytes - bytes};
    if (reading.limit && !plan.one_item) request.limit = static_cast<std::size_t>(*reading.limit - scanned);
    auto page = co_await read_page(service, std::move(request));
    bytes += page.bytes;
    scanned += page.scanned;
    fetched += page.fetched_units;
    text += page.text;
    for (auto& item : page.items) {
      write_json(text, row_of(tree, bindings, std::move(item)));
      text += ',';
    }
    if (page.last_key && !plan.one_item) out.last_key = std::move(page.last_key);
    if (page.last_key || bytes >= kPageBytes) break;
  }
  if (text.ends_with(',')) text.pop_back();
  out.items.json = std::move(text) + ']';
  const auto units = read_units(bytes, reading.consistent);
  fetched *= reading.consistent ? 1.0 : 0.5;
  out.cost = plan.index ? Cost{fetched, {{plan.index, units}}} : Cost{units, {}};
  co_return out;
}
}  // namespace emu::dynamodb::partiql
