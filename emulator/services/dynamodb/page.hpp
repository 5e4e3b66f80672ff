// One page of a Query or Scan, read in slices so that a short page costs no change of thread and a long one
// does not hold a loop (E1). Reads a table or an index, filters, projects, counts.
#pragma once
#include "emulator/services/dynamodb/capacity.hpp"
#include "emulator/services/dynamodb/dynamodb.hpp"
#include "emulator/services/dynamodb/request_expressions.hpp"

namespace emu::dynamodb {
struct PageRequest {
  SharedSchema schema;
  const Index* index = nullptr;  // null: the table itself
  storage::Range rows;
  bool forward = true;
  std::optional<std::size_t> limit;  // items evaluated
  const BoundCondition* filter = nullptr;
  const BoundPaths* projection = nullptr;
  bool count_only = false;
  bool fetch = false;  // an LSI's entries are completed from the table
};
struct Page {
  std::vector<Item> items;
  std::int64_t count = 0, scanned = 0;
  std::size_t bytes = 0;         // evaluated, as stored
  double fetched_units = 0;      // of completing LSI entries, strongly read
  std::optional<Item> last_key;  // there may be more
};

class PageReader {
 public:
  PageReader(DynamoDb& service, PageRequest request);
  // Reads up to so many rows more; false when the page is complete.
  bool read(std::size_t most);
  Page page;

 private:
  void take(Item item);
  DynamoDb& service_;
  PageRequest request_;
  std::vector<const expression::Path*> paths_;
};
}  // namespace emu::dynamodb
