#include "runtime-api/mailbox.hpp"

#include <fmt/format.h>

#include <utility>

namespace emu::runtime {
namespace {
std::string_view name(Mailbox::State state) {
  switch (state) {
    case Mailbox::State::started:
      return "Started";
    case Mailbox::State::init_error:
      return "InitError";
    case Mailbox::State::restoring:
      return "Restoring";
    case Mailbox::State::restore_error:
      return "RuntimeRestoreError";
    case Mailbox::State::ready:
      return "Ready";
    case Mailbox::State::running:
      return "Running";
    case Mailbox::State::streaming:
      return "InvocationResponse";
    case Mailbox::State::response_sent:
      return "RuntimeResponseSentState";
  }
  std::unreachable();
}
}  // namespace

Mailbox::Refusal Mailbox::refuse(std::string_view target) const {
  return {
      403, "InvalidStateTransition",
      fmt::format("State transition from {} to {} failed for runtime. Error: State transition is not allowed",
                  name(state_), target)};
}

Mailbox::Next Mailbox::next() {
  if (failed() || state_ == State::streaming) return refuse("Ready");
  if (state_ == State::running) return current_;  // asked again: the same event again
  if (state_ == State::response_sent) current_.reset();
  state_ = State::ready;
  return Parked{};
}

std::optional<Mailbox::Refusal> Mailbox::may_answer(std::string_view id, bool error) const {
  if (!current_ || id != current_->invocation.request_id)
    return Refusal{400, "InvalidRequestID", "Invalid request ID"};
  if (state_ != State::running) return refuse(error ? "InvocationErrorResponse" : "InvocationResponse");
  return std::nullopt;
}

std::optional<Mailbox::Refusal> Mailbox::answer(std::string_view id, bool error, Outcome outcome) {
  const bool ends_stream = state_ == State::streaming && id == current_->invocation.request_id;
  if (!ends_stream)
    if (auto refused = may_answer(id, error)) return refused;
  state_ = State::response_sent;
  outcome_ = std::move(outcome);
  return std::nullopt;
}

std::optional<Mailbox::Refusal> Mailbox::begin_stream(std::string_view id) {
  if (auto refused = may_answer(id, false)) return refused;
  state_ = State::streaming;
  return std::nullopt;
}

std::optional<Mailbox::Refusal> Mailbox::restore_next() {
  if (state_ != State::started || !snap_start_) return refuse("RestoreReady");
  state_ = State::restoring;
  return std::nullopt;
}

std::optional<Mailbox::Refusal> Mailbox::restore_failed(Outcome outcome) {
  if (state_ != State::restoring) return refuse("RuntimeRestoreError");
  state_ = State::restore_error;
  outcome_ = std::move(outcome);
  return std::nullopt;
}

// While it restores, a runtime may say so by either path (spec-lambda A.6).
std::optional<Mailbox::Refusal> Mailbox::init_failed(Outcome outcome) {
  if (state_ == State::restoring) return restore_failed(std::move(outcome));
  if (state_ != State::started) return refuse("InitError");
  state_ = State::init_error;
  outcome_ = std::move(outcome);
  return std::nullopt;
}

void Mailbox::deliver(Delivery delivery) {
  current_ = std::make_shared<const Delivery>(std::move(delivery));
  outcome_.reset();
  state_ = State::running;
}

Outcome Mailbox::take_answer() { return std::exchange(outcome_, std::nullopt).value(); }
}  // namespace emu::runtime
