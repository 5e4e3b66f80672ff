#include "runtime-api/switchboard.hpp"

#include <doctest/doctest.h>

namespace emu::runtime {
namespace {
Delivery of(std::string id) {
  Delivery out;
  out.invocation.request_id = std::move(id);
  return out;
}
int status(const std::optional<Mailbox::Refusal>& r) { return r ? r->status : 202; }
// Two workers have an invocation each: "a" and "b".
Switchboard busy() {
  Switchboard board(2);
  for (const auto* id : {"a", "b"}) {
    REQUIRE(!board.park());
    board.deliver(of(id));
    REQUIRE(board.take()->invocation.request_id == id);
  }
  return board;
}
}  // namespace

TEST_CASE("each of several requests for the next invocation gets another one") {
  Switchboard board(3);
  CHECK(!board.idle());
  for (int i = 0; i < 3; ++i) CHECK(!board.park());
  board.deliver(of("a"));
  board.deliver(of("b"));
  CHECK(board.idle());
  CHECK(board.take()->invocation.request_id == "a");
  CHECK(board.take()->invocation.request_id == "b");
  CHECK(board.take() == nullptr);
  CHECK(board.idle());
}

TEST_CASE("more idle runtimes than slots are too many") {
  Switchboard board(1);
  CHECK(!board.park());
  const auto refused = board.park();
  CHECK(refused->status == 500);
  CHECK(refused->type == "Runtime.TooManyIdleRuntimes");
  board.deliver(of("a"));
  board.take();
  CHECK(!board.park());
}

TEST_CASE("answers are told apart by request id, in any order") {
  auto board = busy();
  CHECK(!board.answer("b", {.payload = "2"}));
  CHECK(!board.answered("a"));
  CHECK(!board.answer("a", {.payload = "1"}));
  CHECK(board.hang_up("a").outcome.payload == "1");
  CHECK(board.hang_up("b").outcome.payload == "2");
}

TEST_CASE("a second answer and an unknown id are invalid request ids") {
  auto board = busy();
  CHECK(!board.answer("a", {.payload = "1"}));
  CHECK(board.answer("a", {.payload = "2"})->type == "InvalidRequestID");
  CHECK(board.hang_up("a").outcome.payload == "1");
  CHECK(status(board.answer("a", {})) == 400);
  CHECK(status(board.answer("other", {})) == 400);
}

TEST_CASE("an answer after the time-out comes too late, and the others go on") {
  auto board = busy();
  board.time_out("a");
  const auto refused = board.answer("a", {});
  CHECK(refused->status == 410);
  CHECK(refused->type == "InvokeTimeout");
  CHECK(refused->message == "Invoke timeout");
  CHECK(!board.answer("b", {}));
}

TEST_CASE("one response streams while another is whole, and a stream's end is its answer") {
  auto board = busy();
  CHECK(!board.begin_stream("a"));
  CHECK(board.streaming("a"));
  CHECK(status(board.may_answer("a")) == 400);
  CHECK(!board.answer("b", {}));
  CHECK(!board.answer("a", {.streamed = true}));
  CHECK(board.hang_up("a").outcome.streamed);
}

TEST_CASE("who hangs up while it waits takes nobody's place") {
  Switchboard board(1);
  CHECK(!board.park());
  board.leave();
  CHECK(!board.idle());
  CHECK(!board.park());
  board.deliver(of("a"));
  CHECK(board.take()->invocation.request_id == "a");
}

TEST_CASE("an invocation that timed out before anybody took it is not given to who asks next") {
  Switchboard board(2);
  CHECK(!board.park());
  board.deliver(of("a"));
  board.time_out("a");
  CHECK(board.take() == nullptr);
  CHECK(board.idle());
}
}  // namespace emu::runtime
