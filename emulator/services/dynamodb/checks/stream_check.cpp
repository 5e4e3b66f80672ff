#include "emulator/services/dynamodb/checks/stream_check.hpp"

#include <fmt/format.h>

#include "emulator/base/digest.hpp"
#include "emulator/services/dynamodb/item_codec.hpp"
#include "emulator/services/dynamodb/keys.hpp"
#include "emulator/services/dynamodb/table_keys.hpp"

namespace emu::dynamodb {
namespace {
constexpr std::size_t kSlice = 200, kMostItems = 100'000;
constexpr const char* kEnableAgain =
    "disable the table's stream and enable it again, or write the item again";

storage::Key rows_of(const StoredStream& stored) {
  return storage::Key(storage::Space::stream_records).u64(stored.StorageId);
}
}  // namespace

void StreamCheck::table(SharedSchema schema) {
  if (!schema->record.StreamSpecification || !schema->record.LatestStreamLabel) return;
  StreamName name{schema->scope, schema->name, *schema->record.LatestStreamLabel};
  open_.emplace(std::move(name), std::move(schema));
}

void StreamCheck::stream(const StreamName& name, const StoredStream& stored) {
  const auto where = fmt::format("stream {} of table {} ({}, {})", name.label, name.table, name.scope.account,
                                 name.scope.region);
  const auto table = open_.find(name);
  const Schema* schema = table == open_.end() || stored.Ending ? nullptr : table->second.get();
  known_.insert(rows_of(stored).bytes());
  auto rows = storage::prefix(rows_of(stored));
  rows.from = rows_of(stored).u64(1).bytes();  // row 0 says what was trimmed
  ByRow last;
  storage::each_slice(disk_, rows, kSlice, [&](const std::vector<storage::Row>& slice) {
    report_.count("stream records", slice.size());
    for (const auto& row : slice) record(where, stored, schema, row, last);
  });
  agree(where, last);
}

void StreamCheck::record(const std::string& where, const StoredStream& stored, const Schema* schema,
                         const storage::Row& row, ByRow& last) {
  std::vector<std::string> names;
  for (const auto& key : stored.KeySchema) names.push_back(key.AttributeName);
  const auto read = decode_record(names, row.second);
  if (!read || (schema && !has_keys(*schema, read->keys))) {
    report_.add(
        {fmt::format("{}, row {}", where, hex(row.first)), "the record cannot be read", kEnableAgain});
    return;
  }
  if (!schema) return;
  auto item = item_row(*schema, read->keys).bytes();
  if (last.size() >= kMostItems && !last.contains(item)) return;
  Last& said = last[std::move(item)];
  said.there = read->event != EventName::remove;
  said.digest = said.there && read->new_image ? md5(encode_item(*read->new_image)) : storage::Bytes();
}

void StreamCheck::agree(const std::string& where, const ByRow& last) {
  for (const auto& [row, said] : last) {
    const auto item = disk_.get(row);
    const char* wrong = nullptr;
    if (item && !said.there) wrong = "its last record of this item is a removal, but the item is there";
    if (!item && said.there) wrong = "its last record of this item is no removal, but there is no such item";
    if (item && !said.digest.empty() && md5(*item) != said.digest)
      wrong = "its last record of this item shows another item than there is";
    if (wrong) report_.add({fmt::format("{}, item row {}", where, hex(row)), wrong, kEnableAgain});
  }
}

void StreamCheck::strays() {
  report_.covers(storage::Space::stream_records);
  constexpr std::size_t kHead = 9;  // of a row's key: the space and the stream's id
  auto rest = storage::prefix(storage::Key(storage::Space::stream_records));
  while (const auto row = storage::first_key(disk_, rest)) {
    const auto head = row->substr(0, kHead);
    if (!known_.contains(head)) report_.count("stream records of no stream");
    rest.from = known_.contains(head) ? storage::prefix(head).to : *row + '\0';
  }
}
}  // namespace emu::dynamodb
