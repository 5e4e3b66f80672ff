// What `emu verify` finds in streams: records that cannot be read, and items that their stream contradicts.
#include "emulator/services/dynamodb/item_codec.hpp"
#include "emulator/services/dynamodb/table_keys.hpp"
#include "tests/services/dynamodb/dynamodb_world.hpp"

namespace emu::test {
namespace {
struct StreamVerifyWorld : DynamoWorld {
  StreamVerifyWorld() {
    table();
    call("UpdateTable",
         {{"TableName", "Tab"},
          {"StreamSpecification", {{"StreamEnabled", true}, {"StreamViewType", "NEW_IMAGE"}}}});
    put({{"pk", S("a")}, {"n", N("1")}});
    put({{"pk", S("a")}, {"n", N("2")}});
    put({{"pk", S("b")}});
    call("DeleteItem", {{"TableName", "Tab"}, {"Key", {{"pk", S("b")}}}});
  }
  storage::Key row(std::string_view key) const {
    dynamodb::Item item;
    item.set("pk", {std::string(key)});
    return dynamodb::item_row(*db.tables.find({}, "Tab")->schema, item);
  }
  void change(const storage::Bytes& key, std::optional<storage::Bytes> value) {
    disk.write(storage::Batch{{{key, std::move(value)}}});
  }
  storage::Bytes first_record() const {
    return *storage::first_key(disk, storage::prefix(storage::Key(storage::Space::stream_records)));
  }
  Report report() {
    Report out;
    db.verify(out);
    return out;
  }
  std::string defect() {
    const auto found = report();
    REQUIRE(found.found() == 1);
    return found.defects().at(0).what;
  }
};

TEST_CASE("streams that agree with their tables are sound") {
  StreamVerifyWorld world;
  const auto report = world.report();
  CHECK(report.sound());
  CHECK(report.document()["counts"]["streams"] == 1);
  CHECK(report.document()["counts"]["stream records"] == 4);
  CHECK(report.covered(storage::Space::streams));
  CHECK(report.covered(storage::Space::stream_records));
}

TEST_CASE("an item without the change that its stream tells of is found") {
  StreamVerifyWorld world;
  world.change(world.row("a").bytes(), std::nullopt);
  CHECK(world.defect() == "its last record of this item is no removal, but there is no such item");
}

TEST_CASE("an item that its stream knows as removed is found, and one that it knows as another") {
  StreamVerifyWorld world;
  world.put({{"pk", S("b")}});
  const auto item = *world.disk.get(world.row("b").bytes());
  world.call("DeleteItem", {{"TableName", "Tab"}, {"Key", {{"pk", S("b")}}}});
  REQUIRE(world.report().sound());
  world.change(world.row("b").bytes(), item);
  CHECK(world.defect() == "its last record of this item is a removal, but the item is there");
  world.change(world.row("b").bytes(), std::nullopt);
  dynamodb::Item other;
  other.set("pk", {std::string("a")});
  world.change(world.row("a").bytes(), dynamodb::encode_item(other));
  CHECK(world.defect() == "its last record of this item shows another item than there is");
}

TEST_CASE("a record that cannot be read is found, one of no stream is counted") {
  StreamVerifyWorld world;
  const auto record = world.first_record();
  world.change(record, "\x01\x7fnonsense");
  CHECK(world.defect() == "the record cannot be read");
  world.change(record, std::nullopt);
  world.change(storage::Key(storage::Space::stream_records).u64(1).u64(1).bytes(), "x");
  const auto report = world.report();
  CHECK(report.sound());
  CHECK(report.document()["counts"]["stream records of no stream"] == 1);
}
}  // namespace
}  // namespace emu::test
