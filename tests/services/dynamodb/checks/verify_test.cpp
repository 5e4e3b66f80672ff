#include "emulator/services/dynamodb/item_codec.hpp"
#include "emulator/services/dynamodb/table_keys.hpp"
#include "tests/services/dynamodb/dynamodb_world.hpp"

using namespace emu;
using namespace emu::dynamodb;
using test::N;
using test::S;

namespace {
// A table with a global index by_day (pk `day`, INCLUDE `note`) and a few items.
struct VerifyWorld : test::DynamoWorld {
  VerifyWorld() {
    table();
    call("UpdateTable", Json::parse(R"({
      "TableName": "Tab",
      "AttributeDefinitions": [{"AttributeName": "day", "AttributeType": "S"}],
      "GlobalSecondaryIndexUpdates": [{"Create": {"IndexName": "by_day",
        "KeySchema": [{"AttributeName": "day", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["note"]}}}]})"));
    put({{"pk", S("a")}, {"day", S("mon")}, {"note", S("x")}, {"more", N("1")}});
    put({{"pk", S("b")}, {"day", S("tue")}});
    put({{"pk", S("c")}});
  }

  SharedSchema schema() const { return db.tables.find({}, "Tab")->schema; }
  const Index& by_day() const { return schema()->indexes.at(0); }
  storage::Key row(std::string_view key) const {
    Item item;
    item.set("pk", {std::string(key)});
    return item_row(*schema(), item);
  }
  storage::Key entry(std::string_view key) const {
    return *index_row(*schema(), by_day(), *decode_item(*disk.get(row(key).bytes())));
  }
  void erase(const storage::Key& key) {
    storage::Batch batch;
    batch.erase(key);
    disk.write(batch);
  }
  void write(const storage::Key& key, storage::Bytes value) {
    storage::Batch batch;
    batch.put(key, std::move(value));
    disk.write(batch);
  }
  Report report() {
    Report out;
    db.verify(out);
    return out;
  }
  // The only defect there is.
  std::string defect() {
    const auto found = report();
    REQUIRE(found.found() == 1);
    return found.lines().at(0);
  }
};
constexpr const char* kTable = "table Tab (000000000000, us-east-1), ";
}  // namespace

TEST_CASE("a table that writes made is sound, and the summary counts its rows") {
  VerifyWorld world;
  CHECK(world.report().sound());
  CHECK(world.report().lines() ==
        std::vector<std::string>{"no defects (index entries: 2, items: 3, tables: 1)"});
}

TEST_CASE("an item without its index entry is found") {
  VerifyWorld world;
  world.erase(world.entry("a"));
  CHECK(world.defect() ==
        std::string(kTable) +
            R"(item {"pk":{"S":"a"}}: index by_day has no entry of it; delete the index and )"
            "create it again (UpdateTable), which fills it from the items");
}

TEST_CASE("an index entry without its item is found") {
  VerifyWorld world;
  world.erase(world.row("b"));
  CHECK(world.defect().starts_with(
      std::string(kTable) + R"(item {"pk":{"S":"b"}}: index by_day has an entry of it, but there is no)"));
}

TEST_CASE("an index entry under keys that its item no longer has is found") {
  VerifyWorld world;
  const auto old = world.entry("a");
  const auto bytes = *world.disk.get(old.bytes());
  world.put({{"pk", S("a")}, {"day", S("sun")}});
  world.write(old, bytes);
  CHECK(world.defect().find("has an entry of it under keys that it does not have") != std::string::npos);
}

TEST_CASE("an index entry that shows more, less or something else than the projection is found") {
  VerifyWorld world;
  for (const auto* shown : {"more", "note"}) {
    Item wrong = *decode_item(*world.disk.get(world.row("a").bytes()));
    wrong.erase(shown);
    const auto good = *world.disk.get(world.entry("a").bytes());
    world.write(world.entry("a"), encode_item(wrong));
    if (std::string_view(shown) == "more") {
      CHECK(world.report().sound());
    } else {
      CHECK(world.defect().find("its entry in index by_day shows other attributes than it has") !=
            std::string::npos);
    }
    world.write(world.entry("a"), good);
  }
}

TEST_CASE("rows that cannot be read, or lie under another key, are found") {
  VerifyWorld world;
  const auto good = *world.disk.get(world.row("c").bytes());
  world.write(world.row("c"), "nonsense");
  CHECK(world.defect().find("the item cannot be read") != std::string::npos);
  world.write(world.row("c"), encode_item({}));
  CHECK(world.defect().find("the item lacks its key attributes") != std::string::npos);
  world.erase(world.row("c"));
  world.write(world.row("d"), good);
  CHECK(world.defect().find(R"(item {"pk":{"S":"c"}}: it lies under another item's key)") !=
        std::string::npos);
}

TEST_CASE("a table's record that cannot be read is found") {
  VerifyWorld world;
  world.write(storage::Key(storage::Space::tables).text("000000000000").text("us-east-1").text("Bad"), "{");
  CHECK(world.defect().starts_with("table Bad (000000000000, us-east-1): its record cannot be read ("));
}

TEST_CASE("items that AWS's backfill leaves out of a new index are no defect") {
  test::DynamoWorld world;
  world.table();
  world.put({{"pk", S("a")}, {"day", S("")}});
  world.put({{"pk", S("b")}, {"day", S(std::string(1500, 'x'))}});
  world.call("UpdateTable", Json::parse(R"({
      "TableName": "Tab",
      "AttributeDefinitions": [{"AttributeName": "day", "AttributeType": "S"}],
      "GlobalSecondaryIndexUpdates": [{"Create": {"IndexName": "by_day",
        "KeySchema": [{"AttributeName": "day", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"}}}]})"));
  Report report;
  world.db.verify(report);
  CHECK(report.sound());
}

TEST_CASE("more entries and items than one slice holds are all looked at") {
  VerifyWorld world;
  for (int i = 0; i < 450; ++i) world.put({{"pk", S("n" + std::to_string(i))}, {"day", S("wed")}});
  CHECK(world.report().lines().back() == "no defects (index entries: 452, items: 453, tables: 1)");
  for (const auto* key : {"n7", "n449", "a"}) world.erase(world.row(key));
  CHECK(world.report().found() == 3);
}
