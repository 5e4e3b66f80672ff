#include "runtime-api/mailbox.hpp"

#include <doctest/doctest.h>

namespace emu::runtime {
namespace {
using State = Mailbox::State;

// A mailbox brought to a state by what leads there.
Mailbox in(State state) {
  Mailbox m(state == State::restoring || state == State::restore_error);
  if (state == State::init_error) {
    REQUIRE(!m.init_failed({}));
  } else if (state == State::restoring || state == State::restore_error) {
    REQUIRE(!m.restore_next());
    if (state == State::restore_error) REQUIRE(!m.restore_failed({}));
  } else if (state != State::started) {
    m.next();
  }
  if (state == State::running || state == State::streaming || state == State::response_sent)
    m.deliver({{.request_id = "id"}, {}});
  if (state == State::streaming) REQUIRE(!m.begin_stream("id"));
  if (state == State::response_sent) {
    REQUIRE(!m.answer("id", false, {}));
    m.take_answer();
  }
  REQUIRE(m.state() == state);
  return m;
}
int status(const std::optional<Mailbox::Refusal>& r) { return r ? r->status : 202; }
int next(State state) {
  auto m = in(state);
  const auto n = m.next();
  const auto* refused = std::get_if<Mailbox::Refusal>(&n);
  return refused ? refused->status : 200;
}
int answer(State state, bool error, std::string_view id = "id") {
  auto m = in(state);
  return status(m.answer(id, error, {}));
}
int init_error(State state) {
  auto m = in(state);
  return status(m.init_failed({}));
}
}  // namespace

TEST_CASE("every cell of the Runtime API's state table is as AWS has it") {  // spec-lambda A.3
  struct Row {
    State state;
    int next, response, error, init_error;
  };
  const Row rows[] = {
      {State::started, 200, 400, 400, 202},       {State::init_error, 403, 400, 400, 403},
      {State::ready, 200, 400, 400, 403},         {State::running, 200, 202, 202, 403},
      {State::response_sent, 200, 403, 403, 403}, {State::restoring, 200, 400, 400, 202},
      {State::restore_error, 403, 400, 400, 403},
  };
  for (const auto& row : rows) {
    CAPTURE(static_cast<int>(row.state));
    CHECK(next(row.state) == row.next);
    CHECK(answer(row.state, false) == row.response);
    CHECK(answer(row.state, true) == row.error);
    CHECK(init_error(row.state) == row.init_error);
  }
}

TEST_CASE("a wrong request id is refused before the state is looked at") {
  for (const auto state :
       {State::started, State::init_error, State::ready, State::running, State::response_sent}) {
    CHECK(answer(state, false, "other") == 400);
    CHECK(answer(state, true, "") == 400);
  }
}

TEST_CASE("a second next without an answer gets the same event again") {
  auto m = in(State::running);
  const auto first = std::get<std::shared_ptr<const Delivery>>(m.next());
  CHECK(std::get<std::shared_ptr<const Delivery>>(m.next()) == first);
  CHECK(first->invocation.request_id == "id");
}

TEST_CASE("an answer to an earlier invocation is an invalid request id") {
  auto m = in(State::response_sent);
  m.next();
  m.deliver({{.request_id = "second"}, {}});
  CHECK(m.answer("id", false, {})->type == "InvalidRequestID");
  CHECK(!m.answer("second", false, {}));
}

TEST_CASE("an illegal transition is told in AWS's words") {
  auto m = in(State::response_sent);
  const auto refused = m.answer("id", false, {});
  CHECK(refused->type == "InvalidStateTransition");
  CHECK(refused->message ==
        "State transition from RuntimeResponseSentState to InvocationResponse failed for runtime. "
        "Error: State transition is not allowed");
}

TEST_CASE("the first of two answers stands") {
  auto m = in(State::running);
  CHECK(!m.answer("id", false, {.payload = "1"}));
  CHECK(m.answer("id", true, {.payload = "2"})->status == 403);
  CHECK(m.take_answer().payload == "1");
}
TEST_CASE("while a response streams nothing else is an answer, and its end is") {
  auto m = in(State::streaming);
  CHECK(status(m.begin_stream("id")) == 403);
  CHECK(status(m.may_answer("id", true)) == 403);
  CHECK(
      std::get<Mailbox::Refusal>(m.next()).message ==
      "State transition from InvocationResponse to Ready failed for runtime. Error: State transition is not "
      "allowed");
  CHECK(status(m.answer("id", false, {})) == 202);
  CHECK(m.state() == State::response_sent);
}

TEST_CASE("only an environment with SnapStart is restored, and an init error then is the restoration's") {
  Mailbox plain;
  CHECK(status(plain.restore_next()) == 403);
  CHECK(status(plain.restore_failed({})) == 403);
  Mailbox m(true);
  CHECK(status(m.restore_next()) == 202);
  CHECK(status(m.restore_next()) == 403);
  CHECK(status(m.init_failed({.error_type = "Runtime.X"})) == 202);
  CHECK(m.state() == State::restore_error);
  CHECK(m.take_answer().error_type == "Runtime.X");
  m.restart();
  CHECK(status(m.restore_next()) == 202);  // still SnapStart's
}
}  // namespace emu::runtime
