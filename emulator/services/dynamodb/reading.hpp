// What Query and Scan check alike: index and Select, start keys, projections and filters against the keys
// (E2, E3). The checks throw.
#pragma once
#include "emulator/services/dynamodb/key_condition.hpp"
#include "emulator/services/dynamodb/page.hpp"

namespace emu::dynamodb {
struct Reading {
  std::optional<std::string> index, select;
  bool consistent = false;
  bool legacy_projection = false, projection = false;  // AttributesToGet, ProjectionExpression given
};

void check_select(const Reading& reading, std::string_view prefix);
void check_index_read(const Schema& schema, const Reading& reading);  // exists, and may be read so
const Index* schema_index(const Schema& schema, const Reading& reading);
void check_all_attributes(const Index* index, const Reading& reading);
void check_projection(const Schema& schema, const Index* index, const BoundPaths* projection);
void check_filter(const KeyShape& shape, const BoundCondition* filter, std::string_view words);
// Whether an LSI entry lacks something the request wants.
bool needs_table(const Index* index, const Reading& reading, const BoundPaths* projection,
                 const BoundCondition* filter);

void judge_start(const Voice& voice, const GivenItem& start);
enum class StartOf { query, scan };
void check_start(const Schema& schema, const Index* index, const Item& start, StartOf operation);
void check_start_bounds(const KeyShape& shape, const Item& start, const KeyQuery& query);
void start_after(PageRequest& request, const Item& start);
bool within(const storage::Range& whole, const storage::Range& part);
}  // namespace emu::dynamodb
