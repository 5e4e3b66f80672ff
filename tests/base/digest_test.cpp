#include "emulator/base/digest.hpp"

#include <doctest/doctest.h>

using namespace emu;

TEST_CASE("digests of known texts, and of another right after") {
  CHECK(hex(md5("abc")) == "900150983cd24fb0d6963f7d28e17f72");
  CHECK(hex(md5("")) == "d41d8cd98f00b204e9800998ecf8427e");
  CHECK(hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(crc32("{}") == 2745614147U);
}

TEST_CASE("base64 is strict: whole groups, no white space") {
  CHECK(base64_encode("a") == "YQ==");
  CHECK(base64_decode("YQ==") == "a");
  CHECK(base64_decode("") == "");
  CHECK_FALSE(base64_decode("YQ"));
  CHECK_FALSE(base64_decode("YQ= "));
  CHECK_FALSE(base64_decode("Y\nQ="));
  CHECK_FALSE(base64_decode("Y*=="));
}
