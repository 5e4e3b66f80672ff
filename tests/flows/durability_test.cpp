// A reply and the disk: what was acknowledged is durable, as the engine understands it.
#include "emulator/app.hpp"
#include "emulator/base/temporary_directory.hpp"
#include "runtime-api/model_launcher.hpp"
#include "tests/support/world.hpp"

using namespace emu;
using namespace std::chrono_literals;

namespace {
// What is written to it is durable when the test says so.
class SlowDisk final : public storage::Engine {
 public:
  std::optional<storage::Bytes> get(storage::BytesView key) const override { return rows_.get(key); }
  void scan(const storage::Range& range, const storage::Visit& visit) const override {
    rows_.scan(range, visit);
  }
  void scan_reverse(const storage::Range& range, const storage::Visit& visit) const override {
    rows_.scan_reverse(range, visit);
  }
  void write(const storage::Batch& batch) override {
    rows_.write(batch);
    durable_ = false;
  }
  void erase(const storage::Range& range) override {
    rows_.erase(range);
    durable_ = false;
  }
  bool durable() const override { return durable_; }
  void when_durable(std::function<void(bool)> then) override { waiting_.push_back(std::move(then)); }

  void end_sync(bool well) {
    durable_ = well;
    for (auto& then : std::exchange(waiting_, {})) then(well);
  }

 private:
  storage::MemoryEngine rows_;
  bool durable_ = true;
  std::vector<std::function<void(bool)>> waiting_;
};

struct SlowWorld : test::World {
  SlowDisk slow;
  TemporaryDirectory directory;
  runtime::ModelLauncher launcher{clock};
  lambda::CodeStore code{loops, directory.path() / "code", {}};
  App app{{clock, loops, ids, slow, launcher, code}, {}};
  std::vector<std::string> ended;  // "200", or what was thrown

  SlowWorld() { app.start(); }
  void begin(std::string operation, Json input) {
    http::Request request{"POST", "/", {}, input.dump(), "127.0.0.1", "HTTP/1.1"};
    request.headers.add("X-Amz-Target", "DynamoDB_20120810." + operation);
    request.headers.add("Content-Type", "application/x-amz-json-1.0");
    start(answer(std::move(request)));
  }
  awaitable<void> answer(http::Request request) {
    std::string end;
    try {
      const auto response = co_await app.handle(std::move(request));
      end = std::to_string(response.status);
    } catch (const std::exception& e) {
      end = e.what();
    }
    ended.push_back(end);
  }
  void end_sync(bool well) {
    slow.end_sync(well);
    advance(0s);
  }
};
const Json kTable = Json::parse(R"({"TableName": "Tab", "BillingMode": "PAY_PER_REQUEST",
  "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
  "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}]})");
const Json kKey = Json::parse(R"({"pk": {"S": "a"}})");
using Ended = std::vector<std::string>;
}  // namespace

TEST_CASE("a write is acknowledged once it is durable, and other requests are served meanwhile") {
  SlowWorld world;
  world.begin("ListTables", Json::object());
  CHECK(world.ended == Ended{"200"});
  world.begin("CreateTable", kTable);
  CHECK(world.ended.size() == 1);
  world.begin("PutItem", {{"TableName", "Tab"}, {"Item", kKey}});
  CHECK(world.ended.size() == 1);
  world.end_sync(true);
  CHECK(world.ended == Ended{"200", "200", "200"});
}

TEST_CASE("a read does not tell of a write that a power cut could take back") {
  SlowWorld world;
  world.begin("CreateTable", kTable);
  world.end_sync(true);
  world.begin("PutItem", {{"TableName", "Tab"}, {"Item", kKey}});
  world.begin("GetItem", {{"TableName", "Tab"}, {"Key", kKey}});
  CHECK(world.ended.size() == 1);
  world.end_sync(true);
  CHECK(world.ended.size() == 3);
  world.begin("GetItem", {{"TableName", "Tab"}, {"Key", kKey}});
  CHECK(world.ended.size() == 4);
}

TEST_CASE("a write that cannot be forced to the medium is not acknowledged") {
  SlowWorld world;
  world.begin("CreateTable", kTable);
  world.end_sync(false);
  CHECK(world.ended == Ended{"storage: what was written could not be forced to the medium"});
}

TEST_CASE("rows that no service answers for are found in a data directory") {
  SlowWorld world;
  Report report;
  world.app.verify(report);
  CHECK(report.sound());
  storage::Batch batch;
  batch.put(storage::Key(static_cast<storage::Space>(200)).text("x"), "y");
  world.slow.write(batch);
  world.app.verify(report);
  CHECK(report.lines().at(0) ==
        "key space 200: it has rows that this emu does not know; use the emu that wrote them");
}
