#include "emulator/services/dynamodb/reading.hpp"

#include <algorithm>

#include "emulator/services/dynamodb/keys.hpp"

namespace emu::dynamodb {
namespace {
constexpr std::string_view kInvalidStart = "The provided starting key is invalid";
}

void check_select(const Reading& reading, std::string_view prefix) {
  const auto refuse = [&](std::string_view text) {
    throw AwsError::validation(fmt::format("{}{}", prefix, text));
  };
  if (!reading.select) return;
  const bool named = reading.projection || reading.legacy_projection;
  const auto word = reading.projection ? "ProjectionExpression" : "AttributesToGet";
  if (*reading.select == "ALL_PROJECTED_ATTRIBUTES" && !reading.index)
    refuse("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
  if (*reading.select == "SPECIFIC_ATTRIBUTES") {
    if (!named)
      refuse(
          "Must specify the AttributesToGet or ProjectionExpression when choosing to get "
          "SPECIFIC_ATTRIBUTES");
  } else if (named) {
    const auto what = *reading.select == "COUNT" ? std::string_view("only the Count") : *reading.select;
    refuse(fmt::format("Cannot specify the {} when choosing to get {}", word, what));
  }
}

const Index* schema_index(const Schema& schema, const Reading& reading) {
  return reading.index ? schema.index(*reading.index) : nullptr;
}

void check_index_read(const Schema& schema, const Reading& reading) {
  if (!reading.index) return;
  const auto* index = schema.index(*reading.index);
  if (!index)
    throw AwsError::validation(
        fmt::format("The table does not have the specified index: {}", *reading.index));
  if (index->global && reading.consistent)
    throw AwsError::validation("Consistent reads are not supported on global secondary indexes");
}

void check_all_attributes(const Index* index, const Reading& reading) {
  if (index && index->global && !index->projects_all && reading.select == "ALL_ATTRIBUTES")
    throw invalid_parameters(
        fmt::format("Select type ALL_ATTRIBUTES is not supported for global secondary index {} because its "
                    "projection type is not ALL",
                    index->name));
}

void check_projection(const Schema& schema, const Index* index, const BoundPaths* projection) {
  if (!projection) return;
  for (const auto& path : projection->tree()) {
    const auto name = projection->bindings.name(path.steps[0]);
    if (path.steps.size() > 1 && (schema.key.find(name) || (index && index->key.find(name))))
      throw AwsError::validation(
          fmt::format("Key attributes must be scalars; list random access '[]' and map lookup '.' "
                      "are not allowed: {}: {}",
                      schema.key.find(name) ? "Key" : "IndexKey", name));
    if (index && index->global && !index->has(name))
      throw invalid_parameters(
          fmt::format("Global secondary index {} does not project [{}]", index->name, name));
  }
}

void check_filter(const KeyShape& shape, const BoundCondition* filter, std::string_view words) {
  if (!filter) return;
  each_path(filter->tree(), [&](const expression::Path& path) {
    const auto name = filter->bindings.name(path.steps[0]);
    if (shape.find(name))
      throw AwsError::validation(fmt::format(
          "{} can only contain non-primary key attributes: Primary key attribute: {}", words, name));
  });
}

bool needs_table(const Index* index, const Reading& reading, const BoundPaths* projection,
                 const BoundCondition* filter) {
  if (!index || index->global || index->projects_all) return false;
  if (reading.select == "ALL_ATTRIBUTES") return true;
  bool lacking = false;
  if (projection)
    for (const auto& path : projection->tree())
      lacking |= !index->has(projection->bindings.name(path.steps[0]));
  if (filter)
    each_path(filter->tree(), [&](const expression::Path& path) {
      lacking |= !index->has(filter->bindings.name(path.steps[0]));
    });
  return lacking;
}

void judge_start(const Voice& voice, const GivenItem& start) {
  if (!start.mistake) return;
  const auto text = voice.text(*start.mistake);
  if (start.mistake->member_level) throw AwsError::validation(text);
  throw AwsError::validation(fmt::format("{}: {}", kInvalidStart, text));
}

void check_start(const Schema& schema, const Index* index, const Item& start, StartOf operation) {
  const auto mismatch = [] {
    return AwsError::validation(
        fmt::format("{}: The provided key element does not match the schema", kInvalidStart));
  };
  const auto own = schema.key.parts();
  std::vector<const KeyPart*> all(own.begin(), own.end());
  if (index)
    for (const auto* part : index->key.parts())
      if (!schema.key.find(part->name)) all.push_back(part);
  const bool complete = start.size() == all.size() &&
                        std::ranges::all_of(all, [&](const auto* p) { return start.find(p->name); });
  if (!complete) {
    if (operation == StartOf::scan && !index) throw mismatch();
    throw AwsError::validation(std::string(kInvalidStart));
  }
  if (index)
    for (const auto* part : index->key.parts())
      if (start.find(part->name)->type() != part->type) throw key_mismatch();
  for (const auto* part : own)
    if (start.find(part->name)->type() != part->type) throw mismatch();
}

void check_start_bounds(const KeyShape& shape, const Item& start, const KeyQuery& query) {
  bool same_partition = true;
  for (std::size_t i = 0; i < shape.hash.size(); ++i)
    same_partition &= *start.find(shape.hash[i].name) == *query.hash[i];
  for (const auto& test : query.range)
    if (!test.holds(*start.find(test.name)))
      throw AwsError::validation("The provided starting key does not match the range key predicate");
  if (same_partition) return;
  if (!query.range.empty())
    throw AwsError::validation("The query can return at most one row and cannot be restarted");
  throw AwsError::validation(
      "The provided starting key is outside query boundaries based on provided conditions");
}

void start_after(PageRequest& request, const Item& start) {
  const auto& schema = *request.schema;
  const auto row = request.index ? index_row(schema, *request.index, start) : item_row(schema, start);
  if (request.forward) {
    request.rows.from = row->bytes() + '\0';
  } else {
    request.rows.to = row->bytes();
  }
}

bool within(const storage::Range& whole, const storage::Range& part) {
  return part.from > whole.from && (whole.to.empty() || part.from < whole.to);
}
}  // namespace emu::dynamodb
