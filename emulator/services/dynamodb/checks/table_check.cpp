#include "emulator/services/dynamodb/checks/table_check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "emulator/base/digest.hpp"
#include "emulator/services/dynamodb/backups/before_images.hpp"
#include "emulator/services/dynamodb/item_codec.hpp"
#include "emulator/services/dynamodb/keys.hpp"
#include "emulator/services/dynamodb/table_keys.hpp"
#include "emulator/services/dynamodb/ttl/expiry.hpp"
#include "emulator/services/dynamodb/value_json.hpp"

namespace emu::dynamodb {
namespace {
using storage::Bytes;
using storage::Row;

constexpr std::size_t kSlice = 200;
constexpr const char* kWriteAgain = "write the item again (PutItem), or restore the directory from a copy";

constexpr const char* kSwitchAgain = "switch time to live off and on again (UpdateTimeToLive)";

std::string make_again(const Index& index) {
  return index.global ? "delete the index and create it again (UpdateTable), which fills it from the items"
                      : "copy the items to a new table";
}
}  // namespace

TableCheck::TableCheck(const storage::Engine& disk, const Schema& schema, Report& to)
    : disk_(disk),
      schema_(schema),
      report_(to),
      table_(fmt::format("table {} ({}, {})", schema.name, schema.scope.account, schema.scope.region)) {}

void TableCheck::report(const Item& item, std::string what, std::string cure) {
  const auto key =
      encode_json(key_of(schema_.key, item)).dump(-1, ' ', false, Json::error_handler_t::replace);
  report_.add({fmt::format("{}, item {}", table_, key), std::move(what), std::move(cure)});
}

void TableCheck::report(const Bytes& row, std::string what) {
  report_.add({fmt::format("{}, row {}", table_, hex(row)), std::move(what), kWriteAgain});
}

void TableCheck::run() {
  storage::each_slice(disk_, slot_rows(schema_, 0), kSlice, [&](const std::vector<Row>& rows) {
    report_.count("items", rows.size());
    for (const auto& row : rows) item(row);
  });
  for (const auto& index : schema_.indexes) entries(index);
  expiries();
  before_images();
}

void TableCheck::item(const Row& row) {
  const auto item = decode_item(row.second);
  if (!item) return report(row.first, "the item cannot be read");
  if (!has_keys(schema_, *item)) return report(row.first, "the item lacks its key attributes");
  if (item_row(schema_, *item).bytes() != row.first)
    return report(*item, "it lies under another item's key", kWriteAgain);
  for (const auto& index : schema_.indexes) entry_of(index, *item);
  expiry_of(row.first, *item);
}

void TableCheck::expiry_of(const Bytes& row, const Item& item) {
  if (!schema_.record.TimeToLiveAttribute) return;
  storage::Batch expiry;
  stage_expiry(expiry, schema_, storage::Key(storage::Space::items).raw(storage::BytesView(row).substr(1)),
               nullptr, &item);
  if (expiry.changes.empty()) return;
  if (disk_.get(expiry.changes[0].key))
    ++good_expiries_;
  else
    report(item, "it will not expire: its expiry row is missing", kSwitchAgain);
}

void TableCheck::expiries() {
  std::size_t found = 0;
  disk_.scan(expiry_rows(schema_), [&](storage::BytesView, storage::BytesView) { return ++found > 0; });
  if (found > 0) report_.count("expiry rows", found);
  if (found > good_expiries_)
    report_.add({table_, fmt::format("{} expiry rows are of no item", found - good_expiries_), kSwitchAgain});
}

void TableCheck::before_images() {
  storage::each_slice(disk_, dynamodb::before_images(schema_.record.StorageId), kSlice,
                      [&](const std::vector<Row>& rows) {
                        report_.count("before-images", rows.size());
                        for (const auto& [row, image] : rows)
                          if (!image.empty() && !decode_item(image))
                            report(row, "the before-image cannot be read");
                      });
}

void TableCheck::entry_of(const Index& index, const Item& item) {
  const auto key = index_row(schema_, index, item);
  if (!key) return;
  const auto entry = disk_.get(key->bytes());
  if (!entry) {
    // What was there before the index is left out if a write would be refused now, as AWS leaves it out.
    if (indexable(index, item))
      report(item, fmt::format("index {} has no entry of it", index.name), make_again(index));
    return;
  }
  ++good_[index.slot];
  const auto wanted = projected(index, item);
  if (*entry == encode_item(wanted)) return;
  if (const auto found = decode_item(*entry); !found || *found != wanted)
    report(item, fmt::format("its entry in index {} shows other attributes than it has", index.name),
           make_again(index));
}

// As many entries as the items have: then those are all.
void TableCheck::entries(const Index& index) {
  std::size_t found = 0;
  disk_.scan(slot_rows(schema_, index.slot),
             [&](storage::BytesView, storage::BytesView) { return ++found > 0; });
  report_.count("index entries", found);
  if (found != good_[index.slot]) stray_entries(index);
}

void TableCheck::stray_entries(const Index& index) {
  storage::each_slice(disk_, slot_rows(schema_, index.slot), kSlice, [&](const std::vector<Row>& rows) {
    for (const auto& [row, bytes] : rows) {
      const auto entry = decode_item(bytes);
      if (!entry || !has_keys(schema_, *entry)) {
        report_.add({fmt::format("{}, index {}, row {}", table_, index.name, hex(row)),
                     "the entry cannot be read", make_again(index)});
        continue;
      }
      const auto stored = disk_.get(item_row(schema_, *entry).bytes());
      const auto item = stored ? decode_item(*stored) : std::nullopt;
      if (stored && !item) continue;  // reported already
      const auto key = item && has_keys(schema_, *item) ? index_row(schema_, index, *item) : std::nullopt;
      if (!item)
        report(*entry, fmt::format("index {} has an entry of it, but there is no such item", index.name),
               make_again(index));
      else if (!key || key->bytes() != row)
        report(*entry,
               fmt::format("index {} has an entry of it under keys that it does not have", index.name),
               make_again(index));
    }
  });
}
}  // namespace emu::dynamodb
