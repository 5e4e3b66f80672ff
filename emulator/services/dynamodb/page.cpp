#include "emulator/services/dynamodb/page.hpp"

#include <stdexcept>

#include "emulator/services/dynamodb/expression/evaluate.hpp"
#include "emulator/services/dynamodb/item_codec.hpp"
#include "emulator/services/dynamodb/item_text.hpp"
#include "emulator/services/dynamodb/table_keys.hpp"

namespace emu::dynamodb {
namespace {
constexpr std::size_t kInlineRows = 64, kSliceRows = 1000;
}

PageReader::PageReader(DynamoDb& service, PageRequest request)
    : service_(service), request_(std::move(request)) {
  if (request_.projection)
    for (const auto& path : request_.projection->tree()) paths_.push_back(&path);
}

Item PageReader::decoded(storage::BytesView bytes) const {
  auto item = decode_item(bytes);
  if (!item) throw unreadable(*request_.schema);
  return std::move(*item);
}

bool PageReader::shown_as_stored() const {
  return request_.as_text && !request_.fetch && !request_.filter && !request_.projection;
}

bool PageReader::read(std::size_t most) {
  const bool direct = shown_as_stored();
  std::vector<Item> slice;
  std::size_t visited = 0;
  storage::Bytes last_row;
  bool full = false, stopped = false;
  const auto scanned = static_cast<std::size_t>(page.scanned);
  std::optional<Item> last;
  const auto visit = [&](storage::BytesView row, storage::BytesView bytes) {
    if (direct) {
      page.bytes += show_stored(bytes);
    } else {
      slice.push_back(decoded(bytes));
      page.bytes += billed_size(slice.back());
    }
    full = page.bytes >= request_.most_bytes || scanned + ++visited == request_.limit;
    stopped = full || visited == most;
    if (stopped) last_row = row;
    if (full) last = direct ? decoded(bytes) : slice.back();
    return !stopped;
  };
  if (request_.forward) {
    service_.disk.scan(request_.rows, visit);
  } else {
    service_.disk.scan_reverse(request_.rows, visit);
  }
  if (full) set_last_key(*last);
  for (auto& item : slice) take(std::move(item));
  if (!stopped || full) return false;
  if (request_.forward) {
    request_.rows.from = last_row + '\0';
  } else {
    request_.rows.to = last_row;
  }
  return true;
}

void PageReader::set_last_key(const Item& last) {
  page.last_key = key_of(request_.schema->key, last);
  if (!request_.index) return;
  for (const auto& [name, value] : key_of(request_.index->key, last)) page.last_key->set(name, value);
}

// Straight from the row to the reply; its billed size.
std::size_t PageReader::show_stored(storage::BytesView bytes) {
  const auto before = page.text.size();
  const auto size = write_stored(page.text, bytes);
  if (!size) throw unreadable(*request_.schema);
  ++page.scanned;
  ++page.count;
  if (request_.count_only) {
    page.text.resize(before);
  } else {
    page.text += ',';
  }
  return *size;
}

void PageReader::show(Item item) {
  if (!request_.as_text) {
    page.items.push_back(std::move(item));
    return;
  }
  write_json(page.text, item);
  page.text += ',';
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
  show(request_.projection ? project(paths_, request_.projection->bindings, item) : std::move(item));
}

awaitable<Page> read_page(DynamoDb& service, PageRequest request) {
  PageReader reader(service, std::move(request));
  if (reader.read(kInlineRows)) {
    auto rest = [&reader] {
      while (reader.read(kSliceRows)) {
      }
      return true;
    };
    co_await service.loops.blocking(std::move(rest));
  }
  co_return std::move(reader.page);
}
}  // namespace emu::dynamodb
