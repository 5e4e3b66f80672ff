// The invocations of an environment that takes several at once (Lambda Managed Instances, spec-lambda A.7):
// which request for the next one gets which, and whose answer is whose: by request id, not by a state. A
// plain value beside Mailbox, which keeps the phases of the runtime itself: api_server.cpp asks it for every
// request, process_shared.cpp puts invocations in and takes answers out. Used on the environment's one loop.
#pragma once
#include <deque>
#include <map>

#include "runtime-api/mailbox.hpp"

namespace emu::runtime {
// Of an invocation's response: platform.runtimeDone tells them.
struct ResponseTimes {
  Time begun, ended;
  std::size_t bytes = 0;
};

class Switchboard {
 public:
  using Refusal = Mailbox::Refusal;
  explicit Switchboard(int slots) : slots_(slots) {}

  // The runtime's side. Who asks for the next invocation waits until take() has one for him.
  std::optional<Refusal> park();
  std::shared_ptr<const Delivery> take();
  void leave();  // who is parked has hung up
  std::optional<Refusal> may_answer(std::string_view id) const;
  std::optional<Refusal> begin_stream(std::string_view id);
  std::optional<Refusal> answer(std::string_view id, Outcome outcome);
  std::shared_ptr<const Delivery> delivered(std::string_view id) const;  // null: it is over
  bool streaming(std::string_view id) const;
  void times(std::string_view id, std::shared_ptr<const ResponseTimes> times);

  // The invoker's side.
  bool idle() const { return parked_ > queue_.size(); }  // somebody waits for work
  void deliver(Delivery delivery);
  bool answered(std::string_view id) const;
  struct Answer {
    Outcome outcome;
    std::shared_ptr<const ResponseTimes> times;
  };
  Answer hang_up(std::string_view id);  // takes the answer; the invocation is over
  void time_out(std::string_view id);   // its answer comes too late from now on
  void restart() { *this = Switchboard(slots_); }

 private:
  struct Line {
    std::shared_ptr<const Delivery> delivery;
    bool streaming = false;
    std::optional<Outcome> outcome = std::nullopt;
    std::shared_ptr<const ResponseTimes> times = nullptr;
  };
  Line* find(std::string_view id);
  const Line* find(std::string_view id) const;

  int slots_;
  std::size_t parked_ = 0;
  std::deque<std::shared_ptr<const Delivery>> queue_;  // for who is parked
  std::map<std::string, Line, std::less<>> lines_;
  std::deque<std::string> late_;
};
}  // namespace emu::runtime
