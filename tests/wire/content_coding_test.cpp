#include "emulator/wire/content_coding.hpp"

#include <doctest/doctest.h>

using namespace emu::wire;

namespace {
std::string unpacked(Coding coding, std::string_view bytes, std::size_t limit = 1 << 20) {
  std::string out;
  switch (unpack(coding, bytes, limit, out)) {
    case Unpacking::done:
      return out;
    case Unpacking::corrupt:
      return "corrupt";
    case Unpacking::too_long:
      return "too long";
  }
  return {};
}
}  // namespace

TEST_CASE("what is compressed comes back, in both codings") {
  for (const auto coding : {Coding::gzip, Coding::deflate})
    for (const std::size_t length : {0UL, 1UL, 5000UL, 300'000UL})
      CHECK(unpacked(coding, compressed(coding, std::string(length, 'x'))) == std::string(length, 'x'));
}

TEST_CASE("several gzip members are one text; deflate has no such thing") {
  CHECK(unpacked(Coding::gzip, compressed(Coding::gzip, "ab") + compressed(Coding::gzip, "cd")) == "abcd");
  CHECK(unpacked(Coding::deflate, compressed(Coding::deflate, "ab") + compressed(Coding::deflate, "cd")) ==
        "corrupt");
}

TEST_CASE("bytes that are no such coding, or are cut short, are corrupt") {
  const auto whole = compressed(Coding::gzip, "hello");
  CHECK(unpacked(Coding::gzip, "{}") == "corrupt");
  CHECK(unpacked(Coding::gzip, "") == "corrupt");
  CHECK(unpacked(Coding::gzip, whole.substr(0, whole.size() - 1)) == "corrupt");
  CHECK(unpacked(Coding::gzip, whole + "x") == "corrupt");
  CHECK(unpacked(Coding::deflate, whole) == "corrupt");
}

TEST_CASE("a bomb is stopped at the limit, what just fits is not") {
  const auto bomb = compressed(Coding::gzip, std::string(10 << 20, '\0'));
  CHECK(unpacked(Coding::gzip, bomb, (10 << 20) - 1) == "too long");
  CHECK(unpacked(Coding::gzip, bomb, 10 << 20).size() == 10 << 20);
  std::string out;
  CHECK(unpack(Coding::gzip, bomb, 1000, out) == Unpacking::too_long);
  CHECK(out.size() <= 1001);
}

TEST_CASE("a client is answered in the coding it prefers") {
  CHECK(preferred_coding("gzip") == Coding::gzip);
  CHECK(preferred_coding("deflate, gzip") == Coding::deflate);
  CHECK(preferred_coding("gzip;q=0.5, deflate") == Coding::deflate);
  CHECK(preferred_coding("GZIP ; q=0.5 , deflate;q=0.4") == Coding::gzip);
  CHECK(preferred_coding("*") == Coding::gzip);
  CHECK(preferred_coding("identity, br, zstd, x-gzip") == std::nullopt);
  CHECK(preferred_coding("gzip;q=0") == std::nullopt);
  CHECK(preferred_coding("") == std::nullopt);
}
