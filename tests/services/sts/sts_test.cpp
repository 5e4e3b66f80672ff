#include "emulator/services/sts/sts.hpp"

#include "tests/support/world.hpp"

namespace emu {
using namespace test;

TEST_CASE("the caller is the root of the account it is in") {
  World w;
  sts::Sts sts;
  w.context.scope.account = "123456789012";
  CHECK(w.call(sts, "GetCallerIdentity") == Json{{"UserId", "123456789012"},
                                                 {"Account", "123456789012"},
                                                 {"Arn", "arn:aws:iam::123456789012:root"}});
}
}  // namespace emu
