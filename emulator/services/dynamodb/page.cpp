#include "emulator/services/dynamodb/page.hpp"

#include <stdexcept>

#include "emulator/services/dynamodb/expression/evaluate.hpp"
#include "emulator/services/dynamodb/item_codec.hpp"
#include "emulator/services/dynamodb/table_keys.hpp"

namespace emu::dynamodb {
namespace {
constexpr std::size_t kPageBytes = 1 << 20;  // of data evaluated, before the filter
}

PageReader::PageReader(DynamoDb& service, PageRequest request)
    : service_(service), request_(std::move(request)) {
  if (request_.projection)
    for (const auto& path : request_.projection->tree()) paths_.push_back(&path);
}

bool PageReader::read(std::size_t most) {
  std::vector<Item> slice;
  storage::Bytes last_row;
  bool full = false, stopped = false;
  auto scanned = static_cast<std::size_t>(page.scanned);
  const auto visit = [&](storage::BytesView row, storage::BytesView bytes) {
    auto item = decode_item(bytes);
    if (!item)
      throw std::runtime_error("a stored item of table " + request_.schema->name + " cannot be read");
    page.bytes += billed_size(*item);
    slice.push_back(std::move(*item));
    full = page.bytes >= kPageBytes || ++scanned == request_.limit;
    stopped = full || slice.size() == most;
    if (stopped) last_row = row;
    return !stopped;
  };
  if (request_.forward) {
    service_.disk.scan(request_.rows, visit);
  } else {
    service_.disk.scan_reverse(request_.rows, visit);
  }
  if (full) {
    page.last_key = key_of(request_.schema->key, slice.back());
    if (request_.index)
      for (const auto& [name, value] : key_of(request_.index->key, slice.back()))
        page.last_key->set(name, value);
  }
  for (auto& item : slice) take(std::move(item));
  if (!stopped || full) return false;
  if (request_.forward) {
    request_.rows.from = last_row + '\0';
  } else {
    request_.rows.to = last_row;
  }
  return true;
}

void PageReader::take(Item item) {
  ++page.scanned;
  if (request_.fetch)
    if (auto whole = service_.read(*request_.schema, item)) {
      page.fetched_units += read_units(billed_size(*whole), true);
      item = std::move(*whole);
    }
  if (request_.filter && !holds(request_.filter->tree(), request_.filter->bindings, item)) return;
  ++page.count;
  if (request_.count_only) return;
  page.items.push_back(request_.projection ? project(paths_, request_.projection->bindings, item)
                                           : std::move(item));
}
}  // namespace emu::dynamodb
