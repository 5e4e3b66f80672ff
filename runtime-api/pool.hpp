// Which environment serves the next invocation: warm, cold, or none. Plain values told the time; the invoker
// acts on their answers. Shared with simulated experiments.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "emulator/base/clock.hpp"

namespace emu::runtime {
// The account's concurrency in one region: a total, carve-outs by function, what is in flight
// (spec-lambda F.1). Functions without a reservation share what is left.
class Concurrency {
 public:
  explicit Concurrency(int account_limit = 1000) : limit_(account_limit) {}
  // Empty on success; else the throttle's Reason. `function` is the unqualified ARN.
  std::string_view enter(const std::string& function);
  void leave(const std::string& function);
  void reserve(const std::string& function, int concurrent);
  void unreserve(const std::string& function);
  int limit() const { return limit_; }
  int unreserved() const { return limit_ - reserved_total_; }

 private:
  struct Share {
    int in_flight = 0;
    int reserved = -1;  // none
  };
  int limit_;
  int reserved_total_ = 0;
  int unreserved_in_flight_ = 0;
  std::map<std::string, Share, std::less<>> shares_;
};

using SandboxId = int;
struct Warm {
  SandboxId id;
};
struct Cold {
  SandboxId id;
};
using Placement = std::variant<Warm, Cold>;

// The environments of one function version.
class Pool {
 public:
  Placement place();  // most recently used first, so that the surplus ages out (spec-lambda F.2)
  void release(SandboxId id, Time now);
  void lost(SandboxId id);
  std::vector<SandboxId> expire(Time now, Duration idle);

 private:
  struct Idle {
    SandboxId id;
    Time since;
  };
  SandboxId last_ = 0;
  std::vector<Idle> idle_;
};
}  // namespace emu::runtime
