#include "tests/services/sqs/sqs_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
void send(SqsWorld& w, std::string_view group, int count, std::string_view body = "m") {
  for (int i = 0; i < count; ++i) w.send("q", body, {{"MessageGroupId", group}});
}
}  // namespace

TEST_CASE("a group on a standard queue orders and blocks nothing, and is shown") {
  SqsWorld w;
  w.queue();
  send(w, "g", 2);
  w.receive("q", {{"MaxNumberOfMessages", 1}});
  const auto got = w.receive("q");
  REQUIRE(got.size() == 1);
  CHECK(got.at(0).at("Attributes").at("MessageGroupId") == "g");
}

TEST_CASE("messages of quiet groups go before those of a group that holds what is in flight") {
  SqsWorld w;
  w.queue();
  send(w, "noisy", 29, "n");
  for (int i = 0; i < 3; ++i) w.receive("q");
  send(w, "noisy", 12, "n");
  send(w, "quiet", 2, "quiet");
  w.send("q", "alone");
  CHECK(w.bodies("q", {{"MaxNumberOfMessages", 1}}) == "n");  // 29 in flight: not noisy yet
  CHECK(w.bodies("q") == "quiet quiet alone n n n n n n n");
  CHECK(w.bodies("q") == "n n n n");
  w.advance(30s);  // nothing is in flight any more: the oldest first
  CHECK(w.counts("q") == "44/0/0");
  CHECK(w.bodies("q").starts_with("n n n"));
}

TEST_CASE("a noisy group among many messages in flight is none") {
  SqsWorld w;
  w.queue();
  for (int i = 0; i < 300; ++i) w.send("q", "x");
  for (int i = 0; i < 30; ++i) w.receive("q");
  send(w, "g", 30, "g");
  for (int i = 0; i < 3; ++i) w.receive("q");  // 30 of 330
  send(w, "g", 1, "g");
  w.send("q", "after");
  CHECK(w.bodies("q") == "g after");
}
