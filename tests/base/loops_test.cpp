#include "emulator/base/loops.hpp"

#include <doctest/doctest.h>

#include "emulator/base/error.hpp"

using namespace emu;

namespace {
awaitable<void> refused() {
  throw AwsError::validation("no");
  co_return;
}
awaitable<void> failed() {
  throw std::runtime_error("broken");
  co_return;
}
awaitable<void> stop(Loops& loops, bool& reached) {
  reached = true;
  loops.stop();
  co_return;
}
}  // namespace

TEST_CASE("background work that fails ends no loop, whatever it throws") {
  Loops loops(1, 0);
  bool reached = false;
  loops.spawn(refused());
  loops.spawn(failed());
  loops.spawn(stop(loops, reached));
  loops.run();
  CHECK(reached);
}
