#include "emulator/services/lambda/code.hpp"

#include "emulator/base/digest.hpp"
#include "emulator/base/log.hpp"
#include "tests/services/lambda/zip.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/world.hpp"

namespace fs = std::filesystem;
using namespace emu;
using emu::lambda::CodeLocation;
using emu::lambda::CodeStore;
using emu::test::Folder;
using emu::test::World;
using emu::test::zip_of;

namespace {
struct Stored {
  Stored() { quiet_logs(); }
  CodeStore open() { return CodeStore(world.loops, folder / "code", {}); }
  World world;
  Folder folder;
  const std::string zip = zip_of({{"index.js", "exports.handler = 1"}});
};

template <class T>
T good(Result<T> result) {
  if (!result) FAIL(result.error().message);
  return std::move(*result);
}

fs::path prepared(World& world, CodeStore& store, const CodeLocation& code, const std::string& runtime) {
  return good(world.run(store.prepare(code, runtime, "index.handler")));
}
}  // namespace

TEST_CASE("a stored zip is unpacked, and known by AWS's CodeSha256 and CodeSize") {
  Stored s;
  auto store = s.open();
  const auto code = good(store.store_zip(s.zip));
  CHECK(code.sha256_base64 == base64_encode(sha256(s.zip)));
  CHECK(code.size_bytes == static_cast<std::int64_t>(s.zip.size()));
  CHECK_FALSE(code.hot);
  CHECK(test::contents(code.task_root / "index.js") == "exports.handler = 1");
  CHECK(store.read_zip(code.sha256_base64) == s.zip);
  CHECK(store.generation(code) == 0);
}

TEST_CASE("the same zip is stored once") {
  Stored s;
  auto store = s.open();
  const auto code = good(store.store_zip(s.zip));
  const auto before = fs::last_write_time(code.task_root / "index.js");
  CHECK(good(store.store_zip(s.zip)).task_root == code.task_root);
  CHECK(fs::last_write_time(code.task_root / "index.js") == before);
}

TEST_CASE("stored code is found after a restart, by its digest alone") {
  Stored s;
  const auto code = good(s.open().store_zip(s.zip));
  auto again = s.open();
  const auto found = good(again.find(code.sha256_base64));
  CHECK(found.task_root == code.task_root);
  CHECK(found.size_bytes == code.size_bytes);
  CHECK_FALSE(again.find(base64_encode(sha256("other"))));
  CHECK_FALSE(again.find("../../etc"));
  CHECK_FALSE(again.read_zip("../../etc").has_value());
}

TEST_CASE("code unpacked before the machine went down is unpacked again from the zip") {
  Stored s;
  const auto code = good(s.open().store_zip(s.zip));
  s.folder.write("code/" + hex(sha256(s.zip)) + "/boot", "another boot");
  std::ofstream(code.task_root / "index.js") << "";  // what a power failure may leave
  auto again = s.open();
  CHECK(good(again.find(code.sha256_base64)).task_root == code.task_root);
  CHECK(test::contents(code.task_root / "index.js") == "exports.handler = 1");
}

TEST_CASE("a refused zip leaves nothing behind, and so does a kill in the middle") {
  Stored s;
  {
    auto store = s.open();
    CHECK_FALSE(store.store_zip("not a zip"));
    for (const auto& entry : fs::directory_iterator(s.folder / "code")) FAIL(entry.path().string());
  }
  s.folder.write("code/draft-abcdef/task/index.js", "half");
  auto store = s.open();
  CHECK_FALSE(fs::exists(s.folder / "code/draft-abcdef"));
}

TEST_CASE("forgotten code is erased, and can be stored again") {
  Stored s;
  auto store = s.open();
  const auto code = good(store.store_zip(s.zip));
  store.forget(code);
  CHECK_FALSE(fs::exists(code.task_root));
  CHECK_FALSE(store.find(code.sha256_base64));
  CHECK(fs::exists(good(store.store_zip(s.zip)).task_root / "index.js"));
}

TEST_CASE("a hot directory is used in place and its changes are a new generation") {
  Stored s;
  auto store = s.open();
  s.folder.write("project/index.js", "1");
  const auto code = good(store.hot_directory(s.folder / "project"));
  CHECK(code.hot);
  CHECK(code.task_root == s.folder / "project");
  CHECK(code.size_bytes == 1);
  CHECK(base64_decode(code.sha256_base64).value_or("").size() == 32);
  const auto before = store.generation(code);
  CHECK(store.generation(code) == before);
  s.folder.write("project/index.js", "2");
  CHECK(store.generation(code) != before);
  CHECK(prepared(s.world, store, code, "nodejs20.x") == code.task_root);
  CHECK(prepared(s.world, store, code, "python3.12") == code.task_root);
}

TEST_CASE("a hot directory that does not exist is refused") {
  Stored s;
  auto store = s.open();
  const auto result = store.hot_directory(s.folder / "nothing");
  REQUIRE_FALSE(result);
  CHECK(result.error().message ==
        "The code directory " + (s.folder / "nothing").string() + " does not exist");
}

TEST_CASE("forgetting a hot directory leaves it alone") {
  Stored s;
  auto store = s.open();
  s.folder.write("project/index.js", "1");
  store.forget(good(store.hot_directory(s.folder / "project")));
  CHECK(test::contents(s.folder / "project/index.js") == "1");
}
