#include "emulator/services/lambda/watch.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <utility>

#include "emulator/base/log.hpp"
#include "tests/support/folder.hpp"

namespace fs = std::filesystem;
using emu::lambda::Watch;
using emu::test::Folder;

namespace {
struct Watched {
  Watched() {
    folder.write("src/handler.js", "1");
    folder.write("node_modules/dep/index.js", "1");
    watch.add(folder.path());
    before = watch.generation(folder.path());
  }
  bool changed() {
    const auto now = watch.generation(folder.path());
    return std::exchange(before, now) != now;
  }
  Folder folder;
  Watch watch;
  std::uint64_t before = 0;
};
}  // namespace

TEST_CASE("a generation stays while nothing changes") {
  Watched w;
  CHECK(w.before > 0);
  CHECK_FALSE(w.changed());
}

TEST_CASE("every way of saving a file is seen at once") {
  Watched w;
  w.folder.write("src/handler.js", "2");  // truncated and written
  CHECK(w.changed());
  w.folder.write("src/other.tmp", "3");  // written beside and renamed over
  fs::rename(w.folder / "src/other.tmp", w.folder / "src/handler.js");
  CHECK(w.changed());
  std::ofstream(w.folder / "src/handler.js", std::ios::app) << "4";
  CHECK(w.changed());
  fs::permissions(w.folder / "src/handler.js", fs::perms::owner_all);
  CHECK(w.changed());
  fs::remove(w.folder / "src/handler.js");
  CHECK(w.changed());
  CHECK_FALSE(w.changed());
}

TEST_CASE("files in directories made later are seen, also several levels down") {
  Watched w;
  w.folder.write("lib/deep/deeper/a.js", "1");
  CHECK(w.changed());
  w.folder.write("lib/deep/deeper/a.js", "2");
  CHECK(w.changed());
  fs::rename(w.folder / "lib", w.folder / "lib2");
  CHECK(w.changed());
  w.folder.write("lib2/deep/deeper/a.js", "3");
  CHECK(w.changed());
}

TEST_CASE("a directory moved in with its content is seen from then on") {
  Watched w;
  Folder elsewhere;
  elsewhere.write("made/x/a.js", "1");
  fs::rename(elsewhere / "made", w.folder / "made");
  CHECK(w.changed());
  w.folder.write("made/x/a.js", "2");
  CHECK(w.changed());
}

TEST_CASE("a directory moved away is not seen any more") {
  Watched w;
  Folder elsewhere;
  w.folder.write("lib/a.js", "1");
  fs::rename(w.folder / "lib", elsewhere / "lib");
  CHECK(w.changed());
  elsewhere.write("lib/a.js", "2");
  CHECK_FALSE(w.changed());
}

TEST_CASE("installed packages, tools' folders and editors' scratch files do not count") {
  Watched w;
  w.folder.write("node_modules/dep/index.js", "2");
  w.folder.write(".git/index", "2");
  w.folder.write(".emu/data", "2");
  w.folder.write("src/__pycache__/handler.pyc", "2");
  w.folder.write("src/.handler.js.swp", "2");
  w.folder.write("src/handler.js~", "2");
  CHECK_FALSE(w.changed());
}

TEST_CASE("a root that is deleted and made again is watched again") {
  Watched w;
  fs::remove_all(w.folder.path());
  CHECK(w.changed());
  w.folder.write("src/handler.js", "2");
  CHECK(w.changed());
  w.folder.write("src/handler.js", "3");
  CHECK(w.changed());
}

TEST_CASE("a burst larger than the kernel's queue is still a change, and what follows is seen") {
  Watched w;
  w.folder.write("src/other.js", "1");
  for (int i = 0; i < 20'000; ++i)  // alternating, because the kernel joins equal events; it keeps 16,384
    fs::permissions(w.folder / (i % 2 ? "src/handler.js" : "src/other.js"), fs::perms::owner_all);
  CHECK(w.changed());
  w.folder.write("new/c.js", "1");
  CHECK(w.changed());
  w.folder.write("new/c.js", "2");
  CHECK(w.changed());
}

TEST_CASE("a directory outside belongs to the root it was added for") {
  Watched w;
  Folder shared;
  shared.write("util.ts", "1");
  w.watch.add_outside(w.folder.path(), shared.path());
  CHECK_FALSE(w.changed());
  shared.write("util.ts", "2");
  CHECK(w.changed());
}

TEST_CASE("two functions share a root until both are gone") {
  Watched w;
  w.watch.add(w.folder.path());
  w.watch.remove(w.folder.path());
  w.folder.write("src/handler.js", "2");
  CHECK(w.changed());
  w.watch.remove(w.folder.path());
  CHECK(w.watch.generation(w.folder.path()) == 0);
}

TEST_CASE("a change is seen by each root that holds the file and by no other") {
  Folder folder;
  folder.write("a/x.js", "1");
  folder.write("ab/x.js", "1");
  Watch watch;
  for (const auto* root : {"", "a", "ab"}) watch.add((folder / root).lexically_normal());
  const auto all = watch.generation(folder.path() / ""), a = watch.generation(folder / "a"),
             ab = watch.generation(folder / "ab");
  folder.write("ab/x.js", "2");
  CHECK(watch.generation(folder.path() / "") > all);
  CHECK(watch.generation(folder / "a") == a);
  CHECK(watch.generation(folder / "ab") > ab);
}

TEST_CASE("the state of a tree is its source files' names, sizes and times") {
  Folder folder;
  folder.write("src/a.py", "12345");
  folder.write("node_modules/x.js", "12345");
  const auto before = emu::lambda::tree_state(folder.path());
  CHECK(before.size_bytes == 5);
  folder.write("node_modules/y.js", "12345");
  CHECK(emu::lambda::tree_state(folder.path()).sha256 == before.sha256);
  folder.write("src/b.py", "1");
  CHECK(emu::lambda::tree_state(folder.path()).sha256 != before.sha256);
}

TEST_CASE("where the system has no watches left, changes are found by looking") {
  emu::quiet_logs();
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  rlimit none = limit;
  none.rlim_cur = 0;
  setrlimit(RLIMIT_NOFILE, &none);
  Watch watch;
  setrlimit(RLIMIT_NOFILE, &limit);
  Folder folder, shared;
  folder.write("src/a.js", "1");
  shared.write("b.js", "1");
  watch.add(folder.path());
  watch.add_outside(folder.path(), shared.path());
  auto before = watch.generation(folder.path());
  CHECK(watch.generation(folder.path()) == before);
  folder.write("src/a.js", "22");
  CHECK(watch.generation(folder.path()) != before);
  before = watch.generation(folder.path());
  shared.write("b.js", "22");
  CHECK(watch.generation(folder.path()) != before);
  before = watch.generation(folder.path());
  CHECK(watch.generation(folder.path()) == before);
}
