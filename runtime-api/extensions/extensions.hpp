// The Extensions API's states of one environment (spec-lambda B.1): who has registered, for which events, and
// who still works on one. A plain value, as Mailbox is: api.cpp asks it for every request, the sandbox puts
// events in. Used on the environment's one loop, so it has no lock.
#pragma once
#include <deque>
#include <string>
#include <variant>
#include <vector>

#include "runtime-api/mailbox.hpp"

namespace emu::runtime {
inline constexpr std::size_t kMaxExtensions = 10;  // spec-lambda 0

struct Extension {
  enum class State { launched, registered, ready, running, init_error, exit_error };
  std::string name, id;
  bool external = false;  // an executable of its own; the others live in the runtime's process
  State state = State::launched;
  std::vector<std::string> events;           // as it asked for them
  std::string error_type;                    // of init_error and exit_error
  std::deque<std::string> waiting;           // events it has not asked for yet
  int asked = 0;                             // how often, for an event
  bool wants(std::string_view event) const;  // and can be told: not once it has failed
};

class Extensions {
 public:
  using Refusal = Mailbox::Refusal;
  struct Parked {  // no event yet: wait for take(), as long as nobody newer asks
    int asked;
  };
  using Next = std::variant<std::string, Parked, Refusal>;

  // The extension's side. `id` is the header's value.
  // several: invocations at a time, of which extensions are not told (spec-lambda A.7).
  std::variant<Extension, Refusal> enter(std::string_view name, std::string_view body, std::string new_id,
                                         bool several = false);
  Next next(std::optional<std::string_view> id);
  bool newest(std::string_view id, Parked parked);       // false: it gave that request up and sent another
  std::optional<std::string> take(std::string_view id);  // for who is parked
  std::optional<Refusal> failed(std::optional<std::string_view> id, bool at_init,
                                std::string_view error_type);
  // Who speaks; or why it may not.
  std::variant<Extension*, Refusal> known(std::optional<std::string_view> id);

  // The environment's side.
  void expect(const std::vector<std::string>& names);  // external ones that are about to be started
  bool registered() const;                             // each external one
  void close_registration() { closed_ = true; }
  bool settled() const;  // each waits for an event: nobody is still at work
  const Extension* broken() const;
  void invoke(const std::string& event);
  bool shut_down(const std::string& event);  // false: nobody wants to know
  bool any() const { return !all_.empty(); }
  bool any_external() const;
  const std::deque<Extension>& all() const { return all_; }

 private:
  Extension* find(std::string_view id);
  std::deque<Extension> all_;
  bool closed_ = false;
};

std::string invoke_event(const Delivery& delivery);
// reason: "spindown", "timeout", "failure".
std::string shutdown_event(std::string_view reason, Time deadline);
}  // namespace emu::runtime
