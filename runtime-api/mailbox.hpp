// The Runtime API's state machine of one environment (spec-lambda A.3): what the runtime may say, when, and
// what it is told otherwise. A plain value: api_server.cpp asks it for every request, process_sandbox.cpp
// puts invocations in and takes answers out. Used on the environment's one loop, so it has no lock.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "runtime-api/function.hpp"

namespace emu::runtime {
// An invocation on its way to a runtime.
struct Delivery {
  Invocation invocation;
  Time deadline;
};

class Mailbox {
 public:
  enum class State {
    started,
    init_error,
    restoring,
    restore_error,
    ready,
    running,
    streaming,
    response_sent
  };
  struct Refusal {
    int status;
    std::string type, message;
  };
  struct Parked {};  // nothing to do yet: wait until delivered() is set
  using Next = std::variant<std::shared_ptr<const Delivery>, Parked, Refusal>;
  explicit Mailbox(bool snap_start = false) : snap_start_(snap_start) {}

  // The runtime's side.
  Next next();
  // May this request's body count as the answer to invocation `id`? The id is checked before the state.
  std::optional<Refusal> may_answer(std::string_view id, bool error) const;
  std::optional<Refusal> answer(std::string_view id, bool error, Outcome outcome);
  // The response to `id` begins to arrive; answer() is its end.
  std::optional<Refusal> begin_stream(std::string_view id);
  std::optional<Refusal> init_failed(Outcome outcome);
  // SnapStart's hooks (spec-lambda A.6): what follows the snapshot is the restoration, up to next().
  std::optional<Refusal> restore_next();
  std::optional<Refusal> restore_failed(Outcome outcome);

  // The invoker's side.
  void deliver(Delivery delivery);  // when ready
  const std::shared_ptr<const Delivery>& delivered() const { return current_; }
  const std::optional<Outcome>& answered() const { return outcome_; }
  Outcome take_answer();  // of an invocation or of a failed initialisation
  State state() const { return state_; }
  bool failed() const { return state_ == State::init_error || state_ == State::restore_error; }
  void restart() { *this = Mailbox(snap_start_); }  // a new process

 private:
  Refusal refuse(std::string_view target) const;
  bool snap_start_;
  State state_ = State::started;
  std::shared_ptr<const Delivery> current_;  // running or answered, until the runtime asks for the next one
  std::optional<Outcome> outcome_;
};
}  // namespace emu::runtime
