// The environments of one function version: which serves the next invocation, which have been kept long
// enough, how many are provisioned (spec-lambda F.1, F.2). Plain values told the time; the invoker acts on
// their answers. Shared with simulated experiments.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "runtime-api/scheduler/bucket.hpp"

namespace emu::runtime {
using SandboxId = int;
struct Warm {
  SandboxId id;
};
struct Cold {
  SandboxId id;
};
using Placement = std::variant<Warm, Cold>;

struct Environment {
  enum class State { initialising, busy, idle } state = State::busy;
  std::string tenant;  // an environment serves one only (spec-lambda A.8)
  bool provisioned = false;
  Time born{}, since{};  // since: in this state
  double life = 0;       // where between Keep's least and longest it is to end
  std::int64_t invocations = 0;
  int in_use = 0;  // of its slots
};

// How long environments are kept. AWS documents neither; the defaults are what was measured (spec-lambda
// I.3).
struct Keep {
  Duration idle = std::chrono::minutes(10);
  Duration least_life = std::chrono::hours(2), longest_life = std::chrono::hours(14);
};

class Pool {
 public:
  // slots: how many invocations an environment takes at a time (spec-lambda A.7).
  explicit Pool(std::uint64_t seed = 0, int slots = 1) : seed_(seed), slots_(slots) {}

  // Most recently used first, so that the surplus ages out. An environment that still starts takes as many
  // as it has slots.
  Placement place(Time now, std::string_view tenant = {});
  bool has_free(std::string_view tenant = {}) const;
  void release(SandboxId id, Time now);  // an invocation, or its initialisation ahead of one, is over
  void lost(SandboxId id);
  // On-demand environments idle or alive for too long; they leave the pool. kNever: all that are idle.
  std::vector<SandboxId> expire(Time now, const Keep& keep = {});

  // Provisioned environments are used before others, and only age ends them.
  bool has_provisioned() const { return !provisioned_free_.empty(); }
  SandboxId place_provisioned(Time now);  // there must be one
  void provision(int wanted);
  // Those to be started now: what is missing, as fast as AWS allocates.
  std::vector<SandboxId> to_start(Time now);
  Time next_start(Time now) { return allocation_.next(now); }
  std::vector<SandboxId> surplus();  // provisioned and idle, but not wanted any more; they leave the pool
  int wanted() const { return wanted_; }
  int allocated() const;  // provisioned and initialised
  int missing() const;

  const std::map<SandboxId, Environment>& all() const { return all_; }

 private:
  static constexpr double kAllocatedAtOnce = 1000, kAllocatedPerSecond = 100;  // 6,000 a minute, F.1
  void add(SandboxId id, Environment environment, Time now);
  SandboxId use(std::vector<SandboxId>& free, std::vector<SandboxId>::iterator at, Time now);

  std::uint64_t seed_;
  int slots_;
  SandboxId last_ = 0;
  std::map<SandboxId, Environment> all_;
  std::vector<SandboxId> free_, provisioned_free_;  // have a free slot; the one used last at the end
  int wanted_ = 0;
  Bucket allocation_{kAllocatedAtOnce, kAllocatedPerSecond};
};
}  // namespace emu::runtime
