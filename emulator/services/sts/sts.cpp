#include "emulator/services/sts/sts.hpp"

#include <fmt/format.h>

namespace emu::sts {
namespace {
struct CallerIdentity {
  std::string UserId, Account, Arn;
};
BOOST_DESCRIBE_STRUCT(CallerIdentity, (), (UserId, Account, Arn))

// Callers act as the root of their account, whose user id is the account's own.
Result<CallerIdentity> get_caller_identity(Sts&, Context& context, Empty) {
  const auto& account = context.scope.account;
  return CallerIdentity{account, account, fmt::format("arn:aws:iam::{}:root", account)};
}

constexpr Operation kRows[] = {op<get_caller_identity>("GetCallerIdentity")};
}  // namespace

std::span<const Operation> Sts::operations() const { return kRows; }
}  // namespace emu::sts
