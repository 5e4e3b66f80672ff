// The limits of Lambda's scheduler (spec-lambda F.1): the account's concurrency in one region, what functions
// have reserved of it, what is provisioned, requests per second, new environments per second. Plain values
// told the time; the invoker acts on the answers. Shared with simulated experiments.
//
// What counts as in use: on-demand invocations in flight, and for each version the greater of what it has
// provisioned and what runs in that, so that nothing is exceeded while provisioned concurrency is given up.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "runtime-api/scheduler/bucket.hpp"

namespace emu::runtime {
// The Reason of the 429 (spec-lambda D.1).
inline constexpr std::string_view kAccountFull = "ConcurrentInvocationLimitExceeded";
inline constexpr std::string_view kReservedFull = "ReservedFunctionConcurrentInvocationLimitExceeded";
inline constexpr std::string_view kAccountRate = "FunctionInvocationRateLimitExceeded";
inline constexpr std::string_view kReservedRate = "ReservedFunctionInvocationRateLimitExceeded";

class Concurrency {
 public:
  using Throttles = std::map<std::string_view, std::int64_t>;  // by Reason
  explicit Concurrency(int account_limit = 1000) : limit_(account_limit) {}

  // Empty on success; else the throttle's Reason. `function` is the unqualified ARN. In AWS's order of
  // checks: concurrency, requests per second, and where a new environment is needed, start().
  std::string_view enter(std::string_view function, Time now);
  void leave(std::string_view function);
  std::string_view start(std::string_view function, Time now);
  // The same for an invocation that a provisioned environment of the version takes.
  std::string_view enter_provisioned(std::string_view function, std::string_view version, Time now);
  void leave_provisioned(std::string_view function, std::string_view version);

  void reserve(std::string_view function, int concurrent);
  void unreserve(std::string_view function);
  void provision(std::string_view function, std::string_view version, int environments);  // 0: none
  void forget(std::string_view function);                                                 // it is deleted

  int limit() const { return limit_; }
  int in_use(std::string_view function) const;
  int unreserved(std::string_view function) const;  // of the account and region of this function

  void count_throttle(std::string_view function, std::string_view reason);
  std::map<std::string, Throttles> throttles() const;  // by function

 private:
  // A thousand new environments per ten seconds for each function (spec-lambda F.1).
  static constexpr double kStarts = 1000, kStartsPerSecond = 100;
  static constexpr int kRequestsPerSecond = 10;  // for each unit of concurrency

  struct Provisioned {
    int granted = 0, busy = 0;
  };
  struct Share {
    int on_demand = 0;
    int reserved = -1;  // none
    std::map<std::string, Provisioned, std::less<>> versions;
    Bucket starts{kStarts, kStartsPerSecond};
    Bucket requests{0, 0};  // of a reserved function
    Throttles throttled;
    int in_use() const;
  };
  struct Account {
    explicit Account(int limit) : requests(kRequestsPerSecond * limit, kRequestsPerSecond * limit) {}
    int reserved = 0;  // in all
    int shared = 0;    // in use by functions without a reservation
    Bucket requests;
    std::map<std::string, Share, std::less<>> shares;
  };
  Account& account(std::string_view function);
  const Account* find_account(std::string_view function) const;
  Share& share(Account& account, std::string_view function);
  std::string_view count_request(Account& account, Share& share, Time now);
  // Changes what is in use by a function, and the account's sum with it.
  template <class F>
  void change(std::string_view function, F edit);

  int limit_;
  std::map<std::string, Account, std::less<>> accounts_;  // and regions
};
}  // namespace emu::runtime
