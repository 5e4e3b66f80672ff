// How services reach each other: by ARN, through small interfaces, never by including each other. Rules,
// subscriptions, dead-letter queues and destinations push to a Target. emulator/app.cpp fills a Ports at
// start-up.
#pragma once
#include <map>

#include "emulator/base/arn.hpp"
#include "emulator/base/clock.hpp"
#include "emulator/base/error.hpp"

namespace emu {
class Target {
 public:
  virtual ~Target() = default;
  // Hands the event over; an error says it was not taken. `arn` names the resource within the service.
  virtual awaitable<Result<Done>> deliver(std::string arn, Json event) = 0;
};

class Ports {
 public:
  void serve(std::string service, Target& target) { targets_.emplace(std::move(service), &target); }
  Target* target(std::string_view arn) const {  // null: no such service here
    const auto parsed = Arn::parse(arn);
    const auto it = parsed ? targets_.find(parsed->service) : targets_.end();
    return it == targets_.end() ? nullptr : it->second;
  }

 private:
  std::map<std::string, Target*, std::less<>> targets_;
};
}  // namespace emu
