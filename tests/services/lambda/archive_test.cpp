#include "emulator/services/lambda/archive.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <zlib.h>

#include "emulator/base/log.hpp"
#include "tests/services/lambda/zip.hpp"
#include "tests/support/folder.hpp"

namespace fs = std::filesystem;
using namespace emu;
using emu::lambda::unzip;
using emu::test::zip_of;

namespace {
constexpr unsigned kLink = 0120777;
const std::string kCannot =
    "Could not unzip uploaded file. Please check your file, then try to upload again.";

struct Unpacked {
  explicit Unpacked(const std::string& zip, lambda::ArchiveLimits limits = {}) {
    quiet_logs();
    fs::create_directory(folder / "task");
    result.emplace(unzip(zip, folder / "task", limits));
  }
  std::string error() const { return *result ? "" : result->error().message; }
  fs::path operator/(std::string_view name) const { return folder / "task" / name; }
  test::Folder folder;
  std::optional<Result<std::int64_t>> result;
};

unsigned mode(const fs::path& path) {
  struct stat s{};
  return stat(path.c_str(), &s) == 0 ? s.st_mode & 0777 : 0;
}

std::string deflate_zeros(std::size_t size) {
  std::string in(size, '\0'), out(compressBound(size), '\0');
  z_stream z{};
  deflateInit2(&z, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
  z.next_in = reinterpret_cast<Bytef*>(in.data());
  z.avail_in = static_cast<uInt>(in.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}
}  // namespace

TEST_CASE("a zip is unpacked with its directories and its executable bits") {
  Unpacked u(zip_of({{"src/index.js", "exports.handler = 1"},
                     {"bootstrap", "#!/bin/sh", 0100755},
                     {"empty/", "", 040755}}));
  REQUIRE(u.error() == "");
  CHECK(**u.result == 28);
  CHECK(test::contents(u / "src/index.js") == "exports.handler = 1");
  CHECK(mode(u / "src/index.js") == 0644);
  CHECK(mode(u / "bootstrap") == 0755);
  CHECK(fs::is_directory(u / "empty"));
}

TEST_CASE("a file without a mode is readable, as from a zip made on Windows") {
  Unpacked u(zip_of({{"index.js", "x", 0}, {"locked.js", "x", 0100000}}));
  REQUIRE(u.error() == "");
  CHECK((mode(u / "index.js") & 0600) == 0600);
  CHECK((mode(u / "locked.js") & 0600) == 0600);
}

TEST_CASE("names beyond ASCII survive") {
  Unpacked u(zip_of({{"größe/日本.js", "x"}}));
  REQUIRE(u.error() == "");
  CHECK(test::contents(u / "größe/日本.js") == "x");
}

TEST_CASE("an entry that leads outside is refused and nothing is written there") {
  for (const std::string name : {"../out.js", "a/../../out.js", "/tmp/emu-archive-test-out.js", ".."}) {
    CAPTURE(name);
    Unpacked u(zip_of({{name, "x"}}));
    CHECK(u.error() == kCannot);
    CHECK(u.result->error().code == "InvalidParameterValueException");
    CHECK_FALSE(fs::exists(u / "../out.js"));
    CHECK_FALSE(fs::exists("/tmp/emu-archive-test-out.js"));
  }
}

TEST_CASE("a link within the code works, one that leads out is refused") {
  Unpacked good(
      zip_of({{"node_modules/.bin/tool", "../tool/cli.js", kLink}, {"node_modules/tool/cli.js", "x"}}));
  REQUIRE(good.error() == "");
  CHECK(test::contents(good / "node_modules/.bin/tool") == "x");
  CHECK(Unpacked(zip_of({{"l", "../secret", kLink}})).error() == kCannot);
  CHECK(Unpacked(zip_of({{"l", "/etc/passwd", kLink}})).error() == kCannot);
  CHECK(Unpacked(zip_of({{"loop", "loop", kLink}})).error() == kCannot);
  // Each of the two looks harmless by its text.
  CHECK(Unpacked(zip_of({{"d/e/up", "../..", kLink}, {"l", "d/e/up/../x", kLink}, {"d/e/f", ""}})).error() ==
        kCannot);
}

TEST_CASE("a file cannot be written through a link of the same archive") {
  Unpacked u(zip_of({{"l", "..", kLink}, {"l/out.js", "x"}}));
  CHECK(u.error() == kCannot);
  CHECK_FALSE(fs::exists(u / "../out.js"));
}

TEST_CASE("what is no zip, is cut off or has a wrong checksum is refused in AWS's words") {
  const auto zip = zip_of({{"index.js", "exports.handler"}});
  CHECK(Unpacked("not a zip").error() == kCannot);
  CHECK(Unpacked(zip.substr(0, zip.size() - 30)).error() == kCannot);
  auto flipped = zip;
  flipped[flipped.find("exports")] = 'E';
  CHECK(Unpacked(flipped).error() == kCannot);
  CHECK(Unpacked("").error() == "Uploaded file must be a non-empty zip");
  CHECK(Unpacked(zip_of({})).error() == "Uploaded file must be a non-empty zip");
}

TEST_CASE("a zip larger than AWS takes is refused") {
  Unpacked u(zip_of({{"index.js", std::string(1000, 'x')}}), {.zipped_bytes = 1000});
  CHECK(u.error() == "Zipped size must be smaller than 1000 bytes");
  CHECK(u.result->error().code == "RequestEntityTooLargeException");
  CHECK(u.result->error().http_status == 413);
}

TEST_CASE("code that unpacks to more than AWS takes is refused while unpacking") {
  const std::string bomb = deflate_zeros(3'000'000);
  CHECK(bomb.size() < 4000);
  Unpacked u(zip_of({{"zeros", std::string(3'000'000, '\0'), 0100644, bomb}}), {.unzipped_bytes = 1'000'000});
  CHECK(u.error() == "Unzipped size must be smaller than 1000000 bytes");
  CHECK(fs::file_size(u / "zeros") < 1'000'000);
}

TEST_CASE("entries and the directories they imply are counted") {
  std::vector<test::ZipEntry> many;
  for (int i = 0; i < 20; ++i) many.push_back({std::to_string(i), ""});
  CHECK(Unpacked(zip_of(many), {.entries = 10}).error() == kCannot);
  CHECK(Unpacked(zip_of({{"a/b/c/d/e/f/g/h/i/j/k/l", "x"}}), {.entries = 10}).error() == kCannot);
}
