// One page of a Query or Scan, read in slices so that a short page costs no change of thread and a long one
// does not hold a loop (E1). Reads a table or an index, filters, projects, counts.
#pragma once
#include "emulator/services/dynamodb/capacity.hpp"
#include "emulator/services/dynamodb/dynamodb.hpp"
#include "emulator/services/dynamodb/request_expressions.hpp"

namespace emu::dynamodb {
inline constexpr std::size_t kPageBytes = 1 << 20;  // of data evaluated, before the filter

struct PageRequest {
  SharedSchema schema;
  const Index* index = nullptr;  // null: the table itself
  storage::Range rows;
  bool forward = true;
  std::optional<std::size_t> limit;  // items evaluated
  const BoundCondition* filter = nullptr;
  const BoundPaths* projection = nullptr;
  bool count_only = false;
  bool fetch = false;    // an LSI's entries are completed from the table
  bool as_text = false;  // the items become JSON text, without an Item between where nothing needs one
  std::size_t most_bytes = kPageBytes;
};
struct Page {
  std::vector<Item> items;  // unless as_text
  std::string text;         // as_text: the items, with a comma after each
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
  Item decoded(storage::BytesView bytes) const;
  void take(Item item);
  void show(Item item);
  std::size_t show_stored(storage::BytesView bytes);
  void set_last_key(const Item& last);
  bool shown_as_stored() const;
  DynamoDb& service_;
  PageRequest request_;
  std::vector<const expression::Path*> paths_;
};
// The whole page. One that ends within its first slice never leaves its loop.
awaitable<Page> read_page(DynamoDb& service, PageRequest request);
}  // namespace emu::dynamodb
