#include "emulator/base/certificate.hpp"

#include <doctest/doctest.h>

using namespace emu;

TEST_CASE("a certificate of our own says until when it is good, and no two are alike") {
  const Time from{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
  const std::string_view names[] = {"DNS:localhost", "DNS:*.execute-api.localhost", "IP:127.0.0.1", "IP:::1"};
  const auto one = self_signed({"emu in tests", "serverAuth", names}, from, from + std::chrono::days(825));
  const auto two = self_signed({"emu in tests", "serverAuth", names}, from, from + std::chrono::days(825));
  CHECK(one.certificate.starts_with("-----BEGIN CERTIFICATE-----\n"));
  CHECK(one.key.find("PRIVATE KEY") != std::string::npos);
  const auto facts = facts_of(one.certificate);
  REQUIRE(facts);
  CHECK(facts->until == from + std::chrono::days(825));
  CHECK(facts->fingerprint.size() == 32 * 3 - 1);
  CHECK(facts->fingerprint != facts_of(two.certificate)->fingerprint);
}

TEST_CASE("a key belongs to the certificate that was made with it and to no other") {
  const Time from{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
  const std::string_view names[] = {"DNS:localhost"};
  const auto one = self_signed({"emu in tests", "serverAuth", names}, from, from + std::chrono::days(1));
  const auto two = self_signed({"emu in tests", "serverAuth", names}, from, from + std::chrono::days(1));
  CHECK(belong_together(one));
  CHECK_FALSE(belong_together({one.certificate, two.key}));
  CHECK_FALSE(belong_together({one.certificate, "torn"}));
  CHECK_FALSE(belong_together({"", one.key}));
}

TEST_CASE("what is no certificate has no facts") {
  CHECK_FALSE(facts_of(""));
  CHECK_FALSE(facts_of("-----BEGIN CERTIFICATE-----\nnot one\n-----END CERTIFICATE-----\n"));
}
