#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <future>

#include "emulator/base/file.hpp"
#include "emulator/base/temporary_directory.hpp"
#include "storage/memory_engine.hpp"
#include "storage/rocks_engine.hpp"

using namespace emu::storage;
namespace fs = std::filesystem;

namespace {
Key row(std::string_view name) { return Key(Space::items).text(name); }
Batch put(std::string_view name, Bytes value) {
  Batch b;
  b.put(row(name), std::move(value));
  return b;
}
Bytes joined(const Engine& engine, const Range& range, bool reverse = false) {
  Bytes out;
  auto add = [&](BytesView, BytesView value) {
    out += value;
    return out.size() < 3;
  };
  reverse ? engine.scan_reverse(range, add) : engine.scan(range, add);
  return out;
}

void behaves(Engine& engine) {
  CHECK_FALSE(engine.get(row("a").bytes()));
  for (const auto* name : {"c", "a", "b", "d"}) engine.write(put(name, name));
  CHECK(engine.get(row("a").bytes()) == "a");
  const auto all = prefix(Key(Space::items));
  CHECK(joined(engine, all) == "abc");
  CHECK(joined(engine, all, true) == "dcb");
  CHECK(joined(engine, {row("b").bytes(), row("d").bytes()}) == "bc");
  Batch both;
  both.erase(row("a"));
  both.put(row("b"), "B");
  engine.write(both);
  CHECK(joined(engine, all) == "Bcd");
  engine.erase({row("b").bytes(), row("d").bytes()});
  CHECK(joined(engine, all) == "d");
}

std::string why(const fs::path& directory) {
  try {
    RocksEngine engine(directory);
    return "opened";
  } catch (const CannotOpen& e) {
    return e.what();
  }
}

std::string why_unread(const fs::path& directory) {
  try {
    RocksEngine::open_to_read(directory);
    return "opened";
  } catch (const CannotOpen& e) {
    return e.what();
  }
}

std::map<std::string, std::string> contents(const fs::path& directory) {
  std::map<std::string, std::string> out;
  for (const auto& entry : fs::directory_iterator(directory))
    out[entry.path().filename()] = emu::read_file(entry.path()).value_or("");
  return out;
}
}  // namespace

TEST_CASE("the memory engine keeps an ordered map with atomic batches") {
  MemoryEngine engine;
  behaves(engine);
}

TEST_CASE("the RocksDB engine behaves as the memory engine does") {
  emu::TemporaryDirectory directory;
  RocksEngine engine(directory.path());
  behaves(engine);
}

TEST_CASE("rows put in the order of their keys can be erased from any of them on, and more put behind") {
  emu::TemporaryDirectory directory;
  RocksEngine engine(directory.path());
  const auto message = [](std::uint64_t n) { return Key(Space::messages).u64(7).u64(n); };
  std::uint64_t put = 0, kept = 0;
  for (std::uint64_t round = 1; round <= 50; ++round) {
    Batch batch;
    for (int i = 0; i < 40; ++i) batch.put(message(++put), "m");
    engine.write(batch);
    engine.erase({message(put - 9).bytes(), message(put + 1).bytes()});
    kept += 30;
  }
  std::uint64_t seen = 0;
  engine.scan(prefix(Key(Space::messages)), [&](BytesView, BytesView) { return ++seen > 0; });
  CHECK(seen == kept);
}

TEST_CASE("what was written is there after the directory is opened again") {
  emu::TemporaryDirectory directory;
  {
    RocksEngine(directory.path()).write(put("kept", "v"));
  }
  CHECK(RocksEngine(directory.path()).get(row("kept").bytes()) == "v");
}

TEST_CASE("with durability sync a write is durable once the engine says so, and there after a restart") {
  emu::TemporaryDirectory directory;
  {
    RocksEngine engine(directory.path(), Durability::sync);
    engine.write(put("kept", "v"));
    std::promise<bool> forced;
    engine.when_durable([&](bool done) { forced.set_value(done); });
    CHECK(forced.get_future().get());
    CHECK(engine.durable());
  }
  CHECK(RocksEngine(directory.path()).get(row("kept").bytes()) == "v");
}

TEST_CASE("with durability process the engine asks nobody to wait") {
  emu::TemporaryDirectory directory;
  RocksEngine engine(directory.path());
  engine.write(put("kept", "v"));
  CHECK(engine.durable());
}

TEST_CASE("a directory opened to be read shows what is there and stays as it is to the byte") {
  emu::TemporaryDirectory directory;
  {
    RocksEngine engine(directory.path());
    engine.write(put("kept", "v"));
    engine.erase(prefix(row("other")));
  }
  const auto before = contents(directory.path());
  {
    const auto engine = RocksEngine::open_to_read(directory.path());
    CHECK(engine->get(row("kept").bytes()) == "v");
    CHECK_THROWS(engine->write(put("kept", "w")));
    CHECK_THROWS(engine->erase(prefix(row("kept"))));
    CHECK(why(directory.path()).find("is in use by another emu") != std::string::npos);
  }
  CHECK(contents(directory.path()) == before);
}

TEST_CASE("a directory that is in use, or is none, cannot be opened to be read") {
  emu::TemporaryDirectory directory;
  const RocksEngine engine(directory.path());
  CHECK(why_unread(directory.path()).find("is in use by another emu") != std::string::npos);
  CHECK(why_unread(directory.path() / "none").find("no data directory of emu's at") != std::string::npos);
}

TEST_CASE("slices hold every row once and in order, and what is erased between them is not shown") {
  MemoryEngine engine;
  for (const auto* name : {"a", "b", "c", "d", "e"}) engine.write(put(name, name));
  Bytes all;
  each_slice(engine, prefix(Key(Space::items)), 2, [&](const std::vector<Row>& rows) {
    CHECK(rows.size() <= 2);
    for (const auto& [key, value] : rows) all += value;
    engine.erase(prefix(row("c")));
  });
  CHECK(all == "abde");
}

TEST_CASE("a directory in use, of a newer format, damaged or impossible each says so in one line") {
  emu::TemporaryDirectory directory;
  const auto data = directory.path() / "data";
  {
    RocksEngine engine(data);
    CHECK(why(data).find("is in use by another emu") != std::string::npos);
    Batch newer;
    newer.put(Key(Space::meta).text("format"), "99");
    engine.write(newer);
  }
  CHECK(why(data).find("has format 99, written by a newer emu") != std::string::npos);
  std::ofstream(data / "CURRENT") << "nonsense\n";
  CHECK(why(data).find("is damaged") != std::string::npos);
  std::ofstream(directory.path() / "file") << "x";
  CHECK(why(directory.path() / "file" / "data").find("cannot create data directory") != std::string::npos);
}
