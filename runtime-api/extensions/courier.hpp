// Brings telemetry to the extensions that subscribed to it (spec-lambda B.2): by HTTP POST of a JSON array,
// or as lines over TCP. One coroutine for each subscriber, on the environment's loop; it rests while the
// environment is frozen, as its receivers do.
#pragma once
#include "emulator/base/clock.hpp"
#include "runtime-api/extensions/telemetry.hpp"

namespace emu::runtime {
class Courier {
 public:
  Courier(Clock& clock, asio::any_io_executor loop);
  ~Courier() { stop(); }
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;

  void address(std::string loopback);  // what sandbox.localdomain is in this environment
  void begin(std::shared_ptr<Telemetry::Subscriber> subscriber);
  void look();              // there is something new to bring
  void rest(bool frozen);   // or go on
  void hurry();             // bring everything now: the environment ends
  void stop();              // nobody receives any more
  void restart();           // other receivers will
  bool delivering() const;  // something is on its way, which a frozen receiver would get twice

 private:
  struct State;
  static awaitable<void> serve(std::shared_ptr<State> state,
                               std::shared_ptr<Telemetry::Subscriber> subscriber);
  std::shared_ptr<State> state_;
};
}  // namespace emu::runtime
