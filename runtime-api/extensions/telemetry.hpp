// The telemetry of one environment on its way to the extensions that subscribed to it (spec-lambda B.2):
// what each shall have, and when. A plain value told the time; delivery.cpp sends what it hands out.
#pragma once
#include <deque>
#include <memory>

#include "runtime-api/extensions/subscription.hpp"

namespace emu::runtime {
class Telemetry {
 public:
  enum class Kind { platform, function, extension };
  struct Item {
    Kind kind;
    std::string type;  // "platform.start", "function"
    std::string json;  // the event
  };
  struct Subscriber {
    Subscription asked;
    std::deque<std::string> waiting;
    std::size_t bytes = 0;
    Time since{};  // of the oldest that waits
    std::size_t dropped = 0, dropped_bytes = 0;
  };

  // Whether anybody will, or may yet, want events of this kind: otherwise none need be made.
  bool wanted(Kind kind) const;
  void add(Time now, Item item);
  // Refused after the initialisation, and where the other of the two APIs is in use already. What happened
  // before is replayed; a second subscription of an extension replaces its first.
  std::optional<Mailbox::Refusal> subscribe(Time now, Subscription asked);
  void close() {  // the initialisation is over
    closed_ = true;
    history_.clear();
  }
  bool closed() const { return closed_; }

  const std::deque<std::shared_ptr<Subscriber>>& subscribers() const { return subscribers_; }
  // When the subscriber's batch shall go; kNever: nothing waits.
  static Time due(const Subscriber& subscriber);
  // Everything that waits for it, up to its limits. With a word about what had to be dropped.
  static std::vector<std::string> take(Subscriber& subscriber, Time now);
  static void put_back(Subscriber& subscriber, std::vector<std::string> batch);

 private:
  void give(Subscriber& subscriber, Time now, const Item& item);
  std::deque<std::shared_ptr<Subscriber>> subscribers_;
  std::deque<Item> history_;  // until close()
  std::size_t history_bytes_ = 0;
  bool closed_ = false;
};
}  // namespace emu::runtime
