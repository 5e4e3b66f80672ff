// Token buckets by name: of a stage's methods, of API keys, of an account (spec-gateway 14). A bucket keeps
// its level while its limits stay. Told the time; one short lock, so any loop may ask. One for all APIs:
// an account's bucket is everybody's.
#pragma once
#include <optional>
#include <string>
#include <unordered_map>

#include "emulator/api/context.hpp"
#include "emulator/base/guarded.hpp"
#include "runtime-api/scheduler/bucket.hpp"

namespace emu::gateway {
// A rate of requests per second and how many at once; a negative one limits nothing, 0 lets nothing through.
struct Limit {
  double rate = -1;
  double burst = -1;
  bool operator==(const Limit&) const = default;
};
inline constexpr Limit kAccountLimit{10'000, 5'000};  // AWS's default quota, per account and region

class Throttles {
 public:
  Limit account = kAccountLimit;  // set before the first request

  static std::string account_bucket(const Scope& scope) {
    return "account " + scope.account + " " + scope.region;
  }
  // Takes one token of the bucket of this name; false: there is none.
  bool take(const std::string& name, const Limit& limit, Time now) {
    if (limit.rate < 0 && limit.burst < 0) return true;
    return buckets_.with([&](auto& all) {
      auto& kept = all[name];
      if (!kept || kept->limit != limit) kept.emplace(limit);
      return kept->bucket.take(now);
    });
  }

 private:
  struct Kept {
    explicit Kept(const Limit& l)
        : limit(l), bucket(l.burst < 0 ? l.rate : l.burst, l.rate < 0 ? l.burst : l.rate) {}
    Limit limit;
    runtime::Bucket bucket;
  };
  Guarded<std::unordered_map<std::string, std::optional<Kept>>> buckets_;
};
}  // namespace emu::gateway
